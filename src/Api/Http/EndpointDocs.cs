namespace MediaPlatform.Api.Http;

/// <summary>What an endpoint says of itself beyond its signature. The document is made from these and from the XML docs of its handler.</summary>
internal static class EndpointDocs
{
    /// <summary>Answers with <typeparamref name="T"/> in the envelope.</summary>
    /// <param name="versioned">It carries an ETag; a GET may then answer 304.</param>
    public static RouteHandlerBuilder Returns<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK, bool versioned = false)
        where T : notnull =>
        endpoint.WithMetadata(new AnswerMetadata(status, typeof(Envelope<T>)) { Versioned = versioned });

    /// <summary>Answers without the envelope: a redirect, or content of its own type.</summary>
    public static RouteHandlerBuilder ReturnsPlain(this RouteHandlerBuilder endpoint, int status, string description, string? contentType = null) =>
        endpoint.WithMetadata(new AnswerMetadata(status, null) { Description = description, ContentType = contentType });

    /// <summary>Answers with a page of <typeparamref name="T"/>; filters and sorts by what is named.</summary>
    public static RouteHandlerBuilder Lists<T>(this RouteHandlerBuilder endpoint, IReadOnlyList<string> fields, IReadOnlyList<string> sorts)
        where T : notnull =>
        endpoint.WithMetadata(new AnswerMetadata(StatusCodes.Status200OK, typeof(PageEnvelope<T>)), new ListMetadata(typeof(T), fields, sorts));

    /// <summary>Codes that the endpoint answers with, beside those that every endpoint has.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, int status, params string[] codes) =>
        endpoint.WithMetadata(new ProblemsMetadata(status, codes));

    /// <summary>A request body that works, as an anonymous object in C# spelling.</summary>
    public static RouteHandlerBuilder Example(this RouteHandlerBuilder endpoint, object body) =>
        endpoint.WithMetadata(new ExampleMetadata(body));

    /// <summary>Takes a multipart form of one <c>file</c> and these text fields.</summary>
    public static RouteHandlerBuilder TakesForm(this RouteHandlerBuilder endpoint, IReadOnlyList<string> fields) =>
        endpoint.WithMetadata(new FormMetadata(fields));
}

internal sealed record FormMetadata(IReadOnlyList<string> Fields);

internal sealed record AnswerMetadata(int Status, Type? Body)
{
    public bool Versioned { get; init; }
    public string? Description { get; init; }
    public string? ContentType { get; init; }
}

internal sealed record ProblemsMetadata(int Status, IReadOnlyList<string> Codes);

internal sealed record ExampleMetadata(object Body);

/// <summary>How every successful answer looks.</summary>
/// <param name="Data">The resource.</param>
/// <param name="Metadata">About this answer.</param>
/// <param name="Errors">Empty in a successful answer.</param>
internal sealed record Envelope<T>(T Data, Metadata Metadata, IReadOnlyList<ProblemError> Errors)
    where T : notnull;

/// <summary>How every list is answered.</summary>
/// <param name="Data">The items of this page.</param>
/// <param name="Metadata">About this answer and its page.</param>
/// <param name="Errors">Empty in a successful answer.</param>
internal sealed record PageEnvelope<T>(IReadOnlyList<T> Data, PageMetadata Metadata, IReadOnlyList<ProblemError> Errors)
    where T : notnull;

/// <summary>About an answer.</summary>
/// <param name="SchemaVersion">The version of the platform's own schema; that of the client is GET /schema's, and each record's.</param>
/// <param name="Timestamp">When it was made.</param>
/// <param name="RequestId">As in X-Request-Id, and in the log.</param>
/// <param name="Warnings">What is worth knowing and stopped nothing; left out when there is nothing.</param>
internal sealed record Metadata(string SchemaVersion, DateTimeOffset Timestamp, string RequestId, IReadOnlyList<Warning>? Warnings);

/// <summary>About an answer and its page.</summary>
/// <param name="SchemaVersion">The version of the platform's own schema; that of the client is GET /schema's, and each record's.</param>
/// <param name="Timestamp">When it was made.</param>
/// <param name="RequestId">As in X-Request-Id, and in the log.</param>
/// <param name="Page">Where in the list this page stands.</param>
/// <param name="Warnings">What is worth knowing and stopped nothing; left out when there is nothing.</param>
internal sealed record PageMetadata(string SchemaVersion, DateTimeOffset Timestamp, string RequestId, PageInfo Page, IReadOnlyList<Warning>? Warnings);
