using MediaPlatform.Api.Access;
using MediaPlatform.Api.Exports;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Exports;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Http;

/// <summary>The endpoints that every list has, declared in one call.</summary>
internal static class ListEndpoints
{
    /// <summary>What only pages take.</summary>
    public static readonly IReadOnlyList<string> PagesAlone = ["limit", "cursor", "count"];

    /// <summary><c>GET /</c>, <c>POST /query</c> and <c>GET /export</c> of a list whose items are answered as they are read.</summary>
    /// <param name="list">Its name, its fields and its summary.</param>
    /// <param name="ask">The query that reads a page.</param>
    public static void MapList<TDetails>(this RouteGroupBuilder group, ListResource list, Func<ListRequest, IQuery<Page<TDetails>>> ask)
        where TDetails : notnull => group.MapList(list, ask, static (details, _) => details);

    /// <summary><c>GET /</c>, <c>POST /query</c> and, where it is exported, <c>GET /export</c> of a list.</summary>
    /// <param name="list">Its name, its fields and its summary.</param>
    /// <param name="ask">The query that reads a page.</param>
    /// <param name="body">An item as it is answered; what it needs, such as links, it takes from the services of the request.</param>
    public static void MapList<TDetails, TBody>(
        this RouteGroupBuilder group, ListResource list, Func<ListRequest, IQuery<Page<TDetails>>> ask, Func<TDetails, IServiceProvider, TBody> body)
        where TBody : notnull
    {
        var fields = list.Fields;
        var get = Describe(group.MapGet("/", (ListQuery query, HttpContext context, IMediator mediator, CancellationToken cancellationToken) => Answer(query.Request, context, mediator, cancellationToken)), "List", $"List {list.Plural}")
            .Lists<TBody>(fields);
        if (list.ShownToGuests) get.OrGuests();
        Describe(group.MapPost("/query", (ListBody query, HttpContext context, IMediator mediator, CancellationToken cancellationToken) => Answer(query.Request, context, mediator, cancellationToken)), "Query", $"Query {list.Plural}")
            .Lists<TBody>(fields).Example(list.Example);
        if (fields.ExportedAs is { } name)
        {
            Describe(group.MapGet("/export", (ListQuery query, HttpContext context, IMediator mediator, CancellationToken cancellationToken, string format = "csv") => Export(name, query.Request, query.Fields, format, context, mediator, cancellationToken)), "Export", $"Export {list.Plural}")
                .WithMetadata(new ListMetadata(typeof(object), fields.Fields, fields.Sorts) { Described = fields.Described, IsWhole = true })
                .ReturnsPlain(StatusCodes.Status200OK, "The rows, as `format` says: csv (RFC 4180, UTF-8) or json (an array).", "text/csv")
                .Problems(400, "INVALID_PARAMETER").Problems(422, "EXPORT_TOO_LARGE");
        }

        RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string verb, string summary) =>
            endpoint.WithName($"{list.Name}_{verb}").WithTags(list.Name).WithSummary(summary).WithDescription(DescriptionOf(verb, list));

        async Task<IResult> Answer(ListRequest request, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
        {
            var page = await mediator.Send(ask(request), cancellationToken);
            return page.Match(
                found => Respond.Page(new Page<TBody>([.. found.Items.Select(item => body(item, context.RequestServices))], found.Limit, found.NextCursor, found.Total, found.TotalIsCapped)),
                Problem.From);
        }
    }

    private static string DescriptionOf(string verb, ListResource list) => verb switch
    {
        "Query" => $"As the list, with conditions in a tree of `and`, `or` and `not`. {list.Remarks}".Trim(),
        "Export" => "All rows that fit, as a file of CSV or JSON (`format`), streamed. In CSV, lists and objects are JSON in a cell, and a text that a spreadsheet would take for a formula "
            + "(it begins with = + - @ or a tab) gets an apostrophe before it. More than 100,000 rows are left to `POST /exports`.",
        _ => list.Remarks,
    };

    /// <summary>All rows of a list as a file; what cannot be is said before the first byte.</summary>
    public static async Task<IResult> Export(
        string list, ListRequest request, IReadOnlyList<string> fields, string format, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        if (Names.Parse<ExportFormat>(format) is not { } read) return Problem.From([new MalformedError("INVALID_PARAMETER", "format must be one of csv, json.", "format")]);
        foreach (var name in PagesAlone)
        {
            if (context.Request.Query.ContainsKey(name)) return Problem.From([new MalformedError("INVALID_PARAMETER", $"{name} is for pages; an export has all rows.", name)]);
        }

        return (await mediator.Send(new PrepareExport(list, request, fields), cancellationToken))
            .Match(prepared => new ExportResult(list, prepared.List, request, read, fields), Problem.From);
    }

    /// <summary>Answers with a page of <typeparamref name="T"/>, by the fields of a list.</summary>
    public static RouteHandlerBuilder Lists<T>(this RouteHandlerBuilder endpoint, ListFields fields)
        where T : notnull => endpoint.WithMetadata(new AnswerMetadata(StatusCodes.Status200OK, typeof(PageEnvelope<T>)), new ListMetadata(typeof(T), fields.Fields, fields.Sorts) { Described = fields.Described, Listed = fields.Listed });
}

/// <summary>A list as its endpoints and its documentation name it.</summary>
/// <param name="Name">Of one, such as <c>Job</c>: the tag, and what operation ids begin with.</param>
/// <param name="Plural">In a sentence, such as <c>jobs</c>.</param>
/// <param name="Fields">By what it is filtered and sorted.</param>
/// <param name="Remarks">What else is to be known.</param>
internal sealed record ListResource(string Name, string Plural, ListFields Fields, string Remarks = "")
{
    /// <summary>Guests see those that are their own.</summary>
    public bool ShownToGuests { get; init; }

    /// <summary>A body for <c>/query</c> that works on any list with an id and a sort.</summary>
    public object Example => new
    {
        Where = new
        {
            And = new object[]
            {
                new { Field = Fields.Sorts[0], Op = "null", Value = false },
                new { Not = new { Field = "id", Op = "in", Value = ExampleIds } },
            },
        },
        Sort = new[] { "-" + Fields.Sorts[0] },
        Limit = 20,
    };

    private static readonly string[] ExampleIds = ["0190c3a2-7d1e-7000-8000-000000000001"];
}

/// <summary>What a list endpoint lists, and by which fields it filters and sorts.</summary>
/// <param name="Item">The wire record of one item.</param>
/// <param name="Fields">Filterable fields, by name.</param>
/// <param name="Sorts">Fields that <c>sort</c> takes.</param>
internal sealed record ListMetadata(Type Item, IReadOnlyList<string> Fields, IReadOnlyList<string> Sorts)
{
    /// <summary>All rows at once, which have fields of their own and no pages.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How each field is filtered and sorted.</summary>
    public IReadOnlyDictionary<string, ListedField> Listed { get; init; } = new Dictionary<string, ListedField>(StringComparer.Ordinal);

    /// <summary>What each field takes, in words; a field that is not there takes what its type lets it.</summary>
    public IReadOnlyDictionary<string, string> Described { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
