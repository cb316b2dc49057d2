using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Api.Http;

/// <summary>The successful answers, each in the envelope <c>{ data, metadata, errors }</c>.</summary>
internal static class Respond
{
    /// <summary>200.</summary>
    public static IResult Ok<T>(T data) => new EnvelopeResult<T>(data);

    /// <inheritdoc cref="Ok{T}(T)"/>
    public static IResult Ok<T>(T data, IReadOnlyList<Warning> warnings) => new EnvelopeResult<T>(data) { Warnings = warnings };

    /// <summary>200 with a strong ETag, or 304 when the caller has these very bytes.</summary>
    /// <param name="data">The resource as it is sent.</param>
    /// <param name="version">Its row version, which <c>If-Match</c> compares.</param>
    public static IResult Item<T>(T data, long version) => new EnvelopeResult<T>(data) { Version = version };

    /// <inheritdoc cref="Item{T}(T, long)"/>
    public static IResult Item<T>(T data, long version, IReadOnlyList<Warning> warnings) => new EnvelopeResult<T>(data) { Version = version, Warnings = warnings };

    /// <summary>201 with <c>Location</c> and ETag.</summary>
    /// <param name="location">The path of what was created.</param>
    public static IResult Created<T>(string location, T data, long version) =>
        new EnvelopeResult<T>(data) { Status = StatusCodes.Status201Created, Location = location, Version = version };

    /// <inheritdoc cref="Created{T}(string, T, long)"/>
    public static IResult Created<T>(string location, T data, long version, IReadOnlyList<Warning> warnings) =>
        new EnvelopeResult<T>(data) { Status = StatusCodes.Status201Created, Location = location, Version = version, Warnings = warnings };

    /// <summary>201 with a secret in it, which nobody keeps.</summary>
    /// <inheritdoc cref="Created{T}(string, T, long)"/>
    public static IResult CreatedSecret<T>(string location, T data, long version) =>
        new EnvelopeResult<T>(data) { Status = StatusCodes.Status201Created, Location = location, Version = version, IsSecret = true };

    /// <summary>200 with a secret in it, which nobody keeps.</summary>
    /// <inheritdoc cref="Item{T}(T, long)"/>
    public static IResult Secret<T>(T data, long version) => new EnvelopeResult<T>(data) { Version = version, IsSecret = true };

    /// <summary>202: taken, and worked on. <paramref name="location"/> is where to look.</summary>
    public static IResult Accepted<T>(string location, T data) =>
        new EnvelopeResult<T>(data) { Status = StatusCodes.Status202Accepted, Location = location };

    /// <summary>200 with a list and <c>metadata.page</c>.</summary>
    public static IResult Page<T>(Page<T> page) =>
        new EnvelopeResult<IReadOnlyList<T>>(page.Items) { PageInfo = new(page.Limit, page.NextCursor, page.Total, page.TotalIsCapped) };

    /// <summary>The same with <c>metadata.facets</c>: what is counted of all pages.</summary>
    public static IResult Page<T>(Page<T> page, object facets) =>
        new EnvelopeResult<IReadOnlyList<T>>(page.Items) { PageInfo = new(page.Limit, page.NextCursor, page.Total, page.TotalIsCapped), Facets = facets };
}

/// <summary>Something worth knowing that stopped nothing.</summary>
/// <param name="Code">Stable, SCREAMING_SNAKE.</param>
/// <param name="Message">One English sentence.</param>
/// <param name="Field">The field it is about, in wire spelling.</param>
/// <param name="RelatedIds">What it is about.</param>
internal sealed record Warning(string Code, string Message, string? Field = null, IReadOnlyList<Guid>? RelatedIds = null)
{
    public static IReadOnlyList<Warning> Of(IReadOnlyList<Finding> findings) => [.. findings.Select(found => new Warning(found.Code, found.Message, found.Field, found.RelatedIds))];
}

/// <summary><c>metadata.page</c>.</summary>
internal sealed record PageInfo(int Limit, string? NextCursor, int? Total, bool TotalIsCapped);
