using System.Reflection;
using System.Text.Json;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Query;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>A list asked for in a JSON body: what a query string says, and trees.</summary>
internal sealed class ListBody : IBound, IBindableFromHttpContext<ListBody>, IEndpointParameterMetadataProvider
{
    private readonly ListRequest request;

    private ListBody(ListRequest request, IReadOnlyList<Error> errors) => (this.request, Errors) = (request, errors);

    public IReadOnlyList<Error> Errors { get; }

    /// <summary>What is asked for. Handlers of the API group only run when it could be read.</summary>
    public ListRequest Request => Errors.Count == 0 ? request : throw new InvalidOperationException("The query was refused; the endpoint stands outside the group of MapApi.");

    public static async ValueTask<ListBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (document, refused) = await JsonBody.Read(context);
        if (document is null) return new(ListRequest.Everything, [refused!]);
        using (document)
        {
            var errors = new List<Error>();
            var body = BodyReader.Read<Asked>(document.RootElement, errors);
            if (body is null) return new(ListRequest.Everything, errors.Count > 0 ? errors : [new InvalidError("VALIDATION_ERROR", "The body must be an object, not null.")]);

            var read = ListBodyReader.Read(body, errors);
            if (body.Fields is { Count: > 0 } fields)
            {
                var selection = FieldSelection.Parse(fields, context.GetEndpoint()?.Metadata.GetMetadata<ListMetadata>()?.Item, errors, "fields");
                if (errors.Count == 0) selection.UseFor(context);
            }

            return new(read, errors);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        JsonBody.Describe(builder, typeof(ListQueryBody));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status400BadRequest, [.. ListQueryParser.Malformed, .. ListFields.Malformed]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status403Forbidden, [ListFields.Forbidden]));
    }

    /// <summary><see cref="ListQueryBody"/> before the tree is read.</summary>
    internal sealed record Asked(
        JsonElement? Where = null, string? Q = null, IReadOnlyList<string>? Sort = null, int? Limit = null, string? Cursor = null, string? Count = null,
        IReadOnlyList<string>? Fields = null, bool? IncludeDeleted = null);
}

/// <summary>A list, asked for with a tree of conditions. All members may be left out.</summary>
/// <param name="Where">What the items must be like.</param>
/// <param name="Q">Full text: words, "phrases", or, -not.</param>
/// <param name="Sort">Fields, each with a leading - to descend.</param>
/// <param name="Limit">Items in a page, 1 to 200; 50 when left out.</param>
/// <param name="Cursor">metadata.page.next_cursor of the page before; the rest of the body as it was there.</param>
/// <param name="Count">How the total is counted: capped at 10,000 unless exact or none.</param>
/// <param name="Fields">Only these fields of each item, nested ones by path.</param>
/// <param name="IncludeDeleted">Also what is in the trash; for admins.</param>
internal sealed record ListQueryBody(
    FilterNode? Where = null, string? Q = null, IReadOnlyList<string>? Sort = null, int? Limit = null, string? Cursor = null, CountMode? Count = null,
    IReadOnlyList<string>? Fields = null, bool? IncludeDeleted = null);

/// <summary>Exactly one of and, or, not, or a condition: a field, an operator and a value. At most 5 deep and 50 conditions.</summary>
/// <param name="And">All must hold.</param>
/// <param name="Or">One must hold.</param>
/// <param name="Not">It must not hold.</param>
/// <param name="Field">A field of the list, or a path below one that holds JSON.</param>
/// <param name="Op">eq when left out.</param>
/// <param name="Value">A text, a number, true or false, or a list of them for in, nin, between, any, all and none; null asks with eq for what has no value.</param>
internal sealed record FilterNode(
    IReadOnlyList<FilterNode>? And = null, IReadOnlyList<FilterNode>? Or = null, FilterNode? Not = null, string? Field = null, Operator? Op = null, JsonElement? Value = null);
