using System.Globalization;
using System.Reflection;
using System.Text;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Query;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

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

/// <summary><c>field=value</c>, <c>field[op]=a,b</c> and the reserved names, to a <see cref="ListRequest"/>. A backslash keeps a comma or a backslash.</summary>
internal sealed class ListQueryParser
{
    /// <summary>The names that are never fields.</summary>
    public static readonly IReadOnlyList<string> Reserved = ["q", "sort", "limit", "cursor", "count", "include_deleted", "_fields"];

    /// <summary>The codes of what cannot be read; the fields themselves are the compiler's to know.</summary>
    public static readonly IReadOnlyList<string> Malformed = ["INVALID_PARAMETER", "INVALID_TEXT", "MALFORMED_FILTER", "UNKNOWN_OPERATOR"];

    private readonly List<Condition> conditions = [];
    private IReadOnlyList<SortBy> sort = [];
    private string? text;
    private string? cursor;
    private int limit = ListRequest.DefaultLimit;
    private CountMode count = CountMode.Capped;
    private bool includeDeleted;

    private ListQueryParser()
    {
    }

    public List<string> Fields { get; } = [];

    public List<Error> Errors { get; } = [];

    public ListRequest Request => new(conditions, text, sort, limit, cursor, count, includeDeleted);

    /// <param name="query">The query string.</param>
    /// <param name="others">Parameters of the endpoint itself, left alone.</param>
    public static ListQueryParser Parse(IQueryCollection query, IReadOnlyList<string> others)
    {
        var parser = new ListQueryParser();
        foreach (var (name, values) in query)
        {
            if (others.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (values.Any(v => v is not null && !Wire.IsStorable(v))) parser.Refuse("INVALID_TEXT", name, "contains the character U+0000, which is never stored");
            else if (Reserved.Contains(name)) parser.TakeReserved(name, values);
            else foreach (var value in values) parser.TakeCondition(name, value ?? "");
        }

        return parser;
    }

    private void TakeReserved(string name, StringValues values)
    {
        if (values.Count > 1)
        {
            Refuse("INVALID_PARAMETER", name, "is given more than once");
            return;
        }

        var value = values.ToString();
        switch (name)
        {
            case "q": text = value.Length > 0 ? value : null; break;
            case "cursor": cursor = value.Length > 0 ? value : null; break;
            case "sort": sort = ReadSort(value.Split(',', StringSplitOptions.TrimEntries), Errors); break;
            case "_fields": Fields.AddRange(FieldSelection.Split(value)); break;
            case "limit" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= ListRequest.MaxLimit: limit = n; break;
            case "limit": Refuse("INVALID_PARAMETER", name, $"must be a whole number from 1 to {ListRequest.MaxLimit}"); break;
            case "count" when Names.Parse<CountMode>(value) is { } mode: count = mode; break;
            case "count": Refuse("INVALID_PARAMETER", name, $"must be one of {string.Join(", ", Names.All<CountMode>())}"); break;
            case "include_deleted" when value is "true" or "false": includeDeleted = value is "true"; break;
            case "include_deleted": Refuse("INVALID_PARAMETER", name, "must be true or false"); break;
        }
    }

    /// <summary>The keys of a sort, each a name with a leading - to descend.</summary>
    public static IReadOnlyList<SortBy> ReadSort(IReadOnlyList<string> parts, List<Error> errors)
    {
        var keys = new List<SortBy>();
        foreach (var part in parts)
        {
            var field = part.TrimStart('-');
            if (field.Length == 0 || part.Length - field.Length > 1) errors.Add(new MalformedError("INVALID_PARAMETER", "sort must be field names separated by commas, each with a leading - to descend.", "sort"));
            else if (keys.Exists(key => key.Field == field)) errors.Add(new MalformedError("INVALID_PARAMETER", $"sort names {field} twice.", "sort"));
            else keys.Add(new(field, part[0] == '-'));
        }

        return keys;
    }

    /// <summary>An operator by its name; null, and an error that names the nearest, when there is none.</summary>
    public static Operator? ReadOperator(string name, string field, List<Error> errors)
    {
        if (Names.Parse<Operator>(name) is { } op) return op;
        var shown = name.Length <= 100 ? name : name[..100] + "…";
        errors.Add(new MalformedError("UNKNOWN_OPERATOR", $"There is no operator \"{shown}\"; there are {string.Join(", ", Names.All<Operator>())}.{NearestName.Hint(name, Names.All<Operator>())}", field));
        return null;
    }

    /// <summary>Whether an operator takes several values.</summary>
    public static bool TakesList(Operator op) => op is Operator.In or Operator.Nin or Operator.Between or Operator.Any or Operator.All or Operator.None;

    private void TakeCondition(string name, string value)
    {
        var bracket = name.IndexOf('[');
        var field = bracket < 0 ? name : name[..bracket];
        if (field.Length == 0 || (bracket >= 0 && (name[^1] != ']' || name.IndexOf('[', bracket + 1) >= 0)))
        {
            Refuse("MALFORMED_FILTER", name, "cannot be read: a filter is field=value or field[operator]=value");
            return;
        }

        var named = bracket < 0 ? "eq" : name[(bracket + 1)..^1];
        if (ReadOperator(named, field, Errors) is not { } op) return;
        conditions.Add(new(field, op, TakesList(op) ? Split(value) : [value]));
    }

    private static List<string> Split(string value)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is ',' or '\\') part.Append(value[++i]);
            else if (value[i] == ',') { parts.Add(part.ToString()); part.Clear(); }
            else part.Append(value[i]);
        }

        parts.Add(part.ToString());
        return parts;
    }

    private void Refuse(string code, string name, string why) => Errors.Add(new MalformedError(code, $"{name} {why}.", name));
}
