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

/// <summary>The JSON of a list query to a <see cref="ListRequest"/>, with every fault at its path.</summary>
internal static class ListBodyReader
{
    private const string Shape = "must be an object with exactly one of and, or, not, or with field, op and value";
    private static readonly string[] Members = ["and", "or", "not", "field", "op", "value"];

    public static ListRequest Read(ListBody.Asked body, List<Error> errors)
    {
        var limit = body.Limit ?? ListRequest.DefaultLimit;
        if (limit is < 1 or > ListRequest.MaxLimit) Refuse("INVALID_PARAMETER", "limit", $"must be a whole number from 1 to {ListRequest.MaxLimit}", errors);
        var count = Names.Parse<CountMode>(body.Count ?? "capped");
        if (count is null) Refuse("INVALID_PARAMETER", "count", $"must be one of {string.Join(", ", Names.All<CountMode>())}", errors);
        return new ListRequest([], NotEmpty(body.Q), ListQueryParser.ReadSort(body.Sort ?? [], errors), limit, NotEmpty(body.Cursor), count ?? CountMode.Capped, body.IncludeDeleted ?? false)
        {
            Where = body.Where is { } where ? Node(where, "where", errors) : null,
        };
    }

    /// <summary>A tree; null, with errors, when it cannot be read.</summary>
    public static Filter? Node(JsonElement node, string path, List<Error> errors)
    {
        if (node.ValueKind is not JsonValueKind.Object) return Bad(path, Shape, errors);
        foreach (var member in node.EnumerateObject())
        {
            if (!Members.Contains(member.Name))
                errors.Add(new MalformedError("UNKNOWN_FIELD", $"There is no field \"{path}.{member.Name}\".{NearestName.Hint(member.Name, Members)}", $"{path}.{member.Name}"));
        }

        var (and, or, not, field) = (Get(node, "and"), Get(node, "or"), Get(node, "not"), Get(node, "field"));
        if (new[] { and, or, not, field }.Count(given => given is not null) != 1 || (field is null && (Get(node, "op") ?? Get(node, "value")) is not null)) return Bad(path, Shape, errors);

        if (and is { } all) return Parts(all, path + ".and", errors) is { } parts ? new Filter.And(parts) : null;
        if (or is { } any) return Parts(any, path + ".or", errors) is { } parts ? new Filter.Or(parts) : null;
        if (not is { } inner) return Node(inner, path + ".not", errors) is { } part ? new Filter.Not(part) : null;
        return Condition(field!.Value, Get(node, "op"), Get(node, "value"), path, errors);
    }

    private static List<Filter>? Parts(JsonElement list, string path, List<Error> errors)
    {
        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            Bad(path, "must be a list of at least one condition", errors);
            return null;
        }

        var parts = new List<Filter>();
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (Node(item, $"{path}[{index++}]", errors) is { } part) parts.Add(part);
        }

        return parts.Count == index ? parts : null;
    }

    private static Condition? Condition(JsonElement field, JsonElement? op, JsonElement? value, string path, List<Error> errors)
    {
        if (field.ValueKind is not JsonValueKind.String) return Bad(path + ".field", "must be the name of a field", errors);
        var name = field.GetString()!;
        if (op is { ValueKind: not JsonValueKind.String }) return Bad(path + ".op", "must be the name of an operator", errors);
        if (ListQueryParser.ReadOperator(op?.GetString() ?? "eq", path + ".op", errors) is not { } read) return null;
        if (value is not { } given) return Bad(path + ".value", "must be given", errors);

        if (given.ValueKind is JsonValueKind.Null && read is Operator.Eq or Operator.Ne) return new(name, Operator.Null, [read is Operator.Eq ? "true" : "false"]);
        var isList = given.ValueKind is JsonValueKind.Array;
        if (isList && !ListQueryParser.TakesList(read)) return Bad(path + ".value", $"must be one value: {Names.Of(read)} takes no list", errors);

        var (values, kinds) = (new List<string>(), new List<ValueKind>());
        foreach (var item in isList ? given.EnumerateArray().ToArray() : [given])
        {
            var (text, kind) = item.ValueKind switch
            {
                JsonValueKind.String => (item.GetString(), ValueKind.Text),
                JsonValueKind.Number => (item.GetRawText(), ValueKind.Number),
                JsonValueKind.True => ("true", ValueKind.Boolean),
                JsonValueKind.False => ("false", ValueKind.Boolean),
                _ => (null, ValueKind.Any),
            };
            if (text is null) return Bad(path + ".value", "must be a text, a number, true or false, or a list of them; what has no value is asked for with the operator null", errors);
            values.Add(text);
            kinds.Add(kind);
        }

        return new(name, read, values) { Kinds = kinds };
    }

    private static JsonElement? Get(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value : null;

    private static string? NotEmpty(string? text) => text is "" ? null : text;

    private static Condition? Bad(string path, string why, List<Error> errors)
    {
        Refuse("MALFORMED_FILTER", path, why, errors);
        return null;
    }

    private static void Refuse(string code, string name, string why, List<Error> errors) => errors.Add(new MalformedError(code, $"{name} {why}.", name));
}
