using System.Reflection;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Query;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>The query string of a list: the query language's syntax. Names that are neither reserved nor the endpoint's own are fields.</summary>
internal sealed class ListQuery : IBound, IBindableFromHttpContext<ListQuery>, IEndpointParameterMetadataProvider
{
    private readonly ListRequest request;

    private ListQuery(ListRequest request, IReadOnlyList<string> fields, IReadOnlyList<Error> errors) => (this.request, Fields, Errors) = (request, fields, errors);

    /// <summary>The paths of <c>_fields</c>; empty for all.</summary>
    public IReadOnlyList<string> Fields { get; }

    public IReadOnlyList<Error> Errors { get; }

    /// <summary>What is asked for. Handlers of the API group only run when it could be read.</summary>
    public ListRequest Request => Errors.Count == 0 ? request : throw new InvalidOperationException("The query was refused; the endpoint stands outside the group of MapApi.");

    public static ValueTask<ListQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        var parsed = ListQueryParser.Parse(context.Request.Query, metadata?.GetMetadata<QueryNames>()?.Names ?? []);
        if (parsed.Fields.Count > 0)
        {
            var list = metadata?.GetMetadata<ListMetadata>();
            var selection = FieldSelection.Parse(parsed.Fields, list is { IsWhole: false } ? list.Item : null, parsed.Errors);
            if (parsed.Errors.Count == 0) selection.UseFor(context);
        }

        return ValueTask.FromResult<ListQuery?>(new(parsed.Request, parsed.Fields, parsed.Errors));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status400BadRequest, [.. ListQueryParser.Malformed, .. ListFields.Malformed]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status403Forbidden, [ListFields.Forbidden]));
    }
}

/// <summary>What a list endpoint lists, and by which fields it filters and sorts.</summary>
/// <param name="Item">The wire record of one item.</param>
/// <param name="Fields">Filterable fields, by name.</param>
/// <param name="Sorts">Fields that <c>sort</c> takes.</param>
internal sealed record ListMetadata(Type Item, IReadOnlyList<string> Fields, IReadOnlyList<string> Sorts)
{
    /// <summary>All rows at once, which have fields of their own and no pages.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What each field takes, in words; a field that is not there takes what its type lets it.</summary>
    public IReadOnlyDictionary<string, string> Described { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
