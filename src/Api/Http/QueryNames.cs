using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary>The query parameters an endpoint takes, read once at start from its handler's own.</summary>
/// <param name="Names">As they stand in the query string.</param>
/// <param name="AnyField">True for lists, where every other name is a field.</param>
/// <param name="AnyRequired">True when one of them must be given.</param>
internal sealed record QueryNames(IReadOnlyList<string> Names, bool AnyField, bool AnyRequired)
{
    /// <summary>What a GET answers in the envelope, of which <c>_fields</c> picks; null where there is nothing to pick from.</summary>
    private Type? Item { get; init; }

    /// <summary>Those that may be given several times.</summary>
    private IReadOnlyList<string> Repeated { get; init; } = [];

    /// <summary>A convention: an unknown query parameter is an error that names it, after the caller is known and before anything is read.</summary>
    public static void Guard(EndpointBuilder builder)
    {
        if (builder is not RouteEndpointBuilder { RequestDelegate: { } next } route) return;
        var names = Of(route);
        builder.Metadata.Add(names);
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status400BadRequest, names.Malformed));
        if (names.AnyField) return;
        route.RequestDelegate = context => context.Request.QueryString.HasValue && names.Refused(context) is { Count: > 0 } errors
            ? Problem.From(errors).ExecuteAsync(context)
            : next(context);
    }

    /// <summary>What an endpoint answers in the envelope when it is asked with GET.</summary>
    public static Type? ItemOf(IEnumerable<object> metadata) =>
        metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods.Contains(HttpMethods.Get) is true
        && metadata.OfType<AnswerMetadata>().FirstOrDefault(answer => answer.Status == StatusCodes.Status200OK)?.Body is { IsGenericType: true } body && body.GetGenericTypeDefinition() == typeof(Envelope<>)
            ? body.GetGenericArguments()[0]
            : null;

    /// <summary>The codes of what the query string can lack, and have too much of.</summary>
    private IReadOnlyList<string> Malformed =>
    [
        .. AnyField ? [] : new[] { "UNKNOWN_PARAMETER" },
        .. Names.Count == 0 ? [] : new[] { "INVALID_PARAMETER", "INVALID_TEXT" },
        .. AnyRequired ? new[] { "MISSING_PARAMETER" } : [],
        .. Item is null ? [] : new[] { "UNKNOWN_FIELD", "INVALID_PARAMETER", "INVALID_TEXT" },
    ];

    private static QueryNames Of(RouteEndpointBuilder route)
    {
        var inPath = route.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var parameters = route.Metadata.OfType<IParameterBindingMetadata>().ToList();
        var own = parameters.Where(p => IsQuery(p) && !inPath.Contains(p.Name)).ToList();
        return new([.. own.Select(NameOf)], parameters.Any(p => p.ParameterInfo.ParameterType == typeof(ListQuery)), own.Exists(p => !p.IsOptional))
        {
            Item = ItemOf(route.Metadata), Repeated = [.. own.Where(p => p.ParameterInfo.ParameterType == typeof(string[])).Select(NameOf)],
        };
    }

    /// <summary>As the parameter stands in the query string.</summary>
    public static string NameOf(IParameterBindingMetadata parameter) =>
        parameter.ParameterInfo.GetCustomAttributes(inherit: true).OfType<IFromQueryMetadata>().FirstOrDefault()?.Name ?? parameter.Name;

    private static bool IsQuery(IParameterBindingMetadata parameter)
    {
        var attributes = parameter.ParameterInfo.GetCustomAttributes(inherit: true);
        if (attributes.OfType<IFromQueryMetadata>().Any()) return true;
        if (parameter.HasBindAsync || attributes.Any(a => a is IFromHeaderMetadata or IFromRouteMetadata or IFromBodyMetadata or IFromFormMetadata or IFromServiceMetadata)) return false;
        var type = parameter.ParameterInfo.ParameterType;
        return parameter.HasTryParse || type == typeof(string) || type == typeof(string[]);
    }

    private List<Error> Refused(HttpContext context)
    {
        var errors = new List<Error>();
        foreach (var (name, values) in context.Request.Query)
        {
            if (Item is not null && name == FieldSelection.Parameter)
            {
                if (values is not [{ } paths]) errors.Add(new MalformedError("INVALID_PARAMETER", $"{name} is given more than once.", name));
                else if (FieldSelection.Split(paths) is { Length: > 0 } picked) FieldSelection.Parse(picked, Item, errors).UseFor(context);
            }
            else if (!Names.Contains(name, StringComparer.OrdinalIgnoreCase))
                errors.Add(new MalformedError("UNKNOWN_PARAMETER", $"There is no query parameter \"{name}\" here.{NearestName.Hint(name, Names)}", name));
            else if (values.Count > 1 && !Repeated.Contains(name, StringComparer.OrdinalIgnoreCase))
                errors.Add(new MalformedError("INVALID_PARAMETER", $"{name} is given more than once.", name));
            else if (values.Any(v => v is not null && !Wire.IsStorable(v)))
                errors.Add(new MalformedError("INVALID_TEXT", $"{name} contains the character U+0000, which cannot be stored.", name));
        }

        return errors;
    }
}
