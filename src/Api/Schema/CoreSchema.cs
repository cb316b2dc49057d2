using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FluentValidation;
using FluentValidation.Validators;
using MediaPlatform.Api.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace MediaPlatform.Api.Schema;

/// <summary>The platform's own fields. They are read once from what the endpoints say of themselves, so that a new resource is among them from its first day.</summary>
internal sealed class CoreSchema(EndpointDataSource endpoints, IServiceProvider services)
{
    /// <summary>What replaces one says what is written of it, else what makes one, else what changes one.</summary>
    private static readonly string[] Writing = [HttpMethods.Put, HttpMethods.Post, HttpMethods.Patch];

    private readonly Lazy<IReadOnlyList<EntitySchema>> entities = new(() => [.. Read(endpoints, services).OrderBy(entity => entity.Entity, StringComparer.Ordinal)]);

    public IReadOnlyList<EntitySchema> Entities => entities.Value;

    private static IEnumerable<EntitySchema> Read(EndpointDataSource endpoints, IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var schemas = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger(ApiVersion.DocumentOf(1)).Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>();
        var routes = endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<ApiVersion>()?.Number == 1).ToList();
        foreach (var list in routes)
        {
            if (EntityOf(list.RoutePattern) is not { } entity || !Answers(list, HttpMethods.Get) || list.Metadata.GetMetadata<ListMetadata>() is not { IsWhole: false } listed) continue;
            var written = Writing.SelectMany(method => routes.Where(route => BelongsTo(route.RoutePattern, entity) && Answers(route, method)))
                .Select(route => route.Metadata.GetMetadata<BodyMetadata>()?.Type).OfType<Type>().FirstOrDefault();
            yield return new EntitySchema(entity, $"{ApiGroup.Prefix}/{entity}", [.. Fields(listed, written, schemas, services)]);
        }
    }

    private static IEnumerable<FieldSchema> Fields(ListMetadata list, Type? written, IDictionary<string, IOpenApiSchema> schemas, IServiceProvider services)
    {
        var shown = Wire.Json.GetTypeInfo(list.Item).Properties;
        var given = written is null ? [] : Wire.Json.GetTypeInfo(written).Properties;
        var limits = written is null ? null : LimitsOf(written, services);
        foreach (var property in shown.Concat(given.ExceptBy(shown.Select(other => other.Name), other => other.Name)).Where(property => !property.IsExtensionData))
        {
            var own = given.FirstOrDefault(other => other.Name == property.Name);
            var (type, sorted) = (TypeOf((own ?? property).PropertyType), list.Listed.GetValueOrDefault(property.Name));
            var values = ValuesOf((own ?? property).PropertyType) ?? sorted?.Values ?? [];
            yield return new FieldSchema(property.Name, values.Count > 0 && type == "text" ? "enum" : type)
            {
                Description = (own is null ? null : DescriptionOf(written!, own.Name, schemas)) ?? DescriptionOf(list.Item, property.Name, schemas),
                ReadOnly = own is null,
                Required = own is not null && MemberRules.IsRequired(own),
                Nullable = MemberRules.IsNullable(own ?? property),
                Values = values,
                Operators = sorted?.Operators ?? [],
                Sortable = sorted?.IsSorted ?? false,
                Limits = limits?.GetValueOrDefault(property.Name) ?? FieldLimits.None,
            };
        }
    }

    /// <summary>What the validator holds each field to, by its name.</summary>
    private static Dictionary<string, FieldLimits> LimitsOf(Type written, IServiceProvider services)
    {
        var limits = new Dictionary<string, FieldLimits>(StringComparer.Ordinal);
        foreach (var validator in services.GetServices(typeof(IValidator<>).MakeGenericType(written)).OfType<IValidator>())
        {
            foreach (var member in validator.CreateDescriptor().GetMembersWithValidators())
            {
                var known = limits.GetValueOrDefault(Wire.Name(member.Key)) ?? FieldLimits.None;
                limits[Wire.Name(member.Key)] = member.Select(rule => rule.Validator).Aggregate(known, With);
            }
        }

        return limits;
    }

    private static FieldLimits With(FieldLimits known, IPropertyValidator rule) => rule switch
    {
        ILengthValidator { Max: > 0 } length => known with { MaxLength = length.Max },
        IBetweenValidator between => known with { Minimum = Number(between.From), Maximum = Number(between.To) },
        IRegularExpressionValidator matches => known with { Pattern = matches.Expression },
        IComparisonValidator { Comparison: Comparison.GreaterThanOrEqual, ValueToCompare: { } least } => known with { Minimum = Number(least) },
        _ => known,
    };

    private static double? Number(object value) => value is IConvertible and not string and not DateTime ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;

    private static string? DescriptionOf(Type type, string name, IDictionary<string, IOpenApiSchema> schemas) =>
        schemas.TryGetValue(Documentation.SchemaName(type), out var schema) && schema.Properties?.TryGetValue(name, out var member) is true && member.Description is { Length: > 0 } text ? text : null;

    private static string TypeOf(Type type)
    {
        var plain = Plain(type);
        return plain switch
        {
            { IsEnum: true } => "enum",
            _ when plain == typeof(string) => "text",
            _ when plain == typeof(Guid) => "uuid",
            _ when plain == typeof(bool) => "boolean",
            _ when plain == typeof(DateOnly) => "date",
            _ when plain == typeof(DateTimeOffset) => "date_time",
            _ when plain == typeof(Uri) => "url",
            _ when plain.IsAssignableTo(typeof(IEnumerable<string>)) => "text_list",
            _ when Type.GetTypeCode(plain) is TypeCode.Double or TypeCode.Single or TypeCode.Decimal => "number",
            _ when Type.GetTypeCode(plain) is >= TypeCode.SByte and <= TypeCode.UInt64 => "integer",
            _ when Wire.Json.GetTypeInfo(plain).Kind is JsonTypeInfoKind.Enumerable => "list",
            _ => "object",
        };
    }

    private static IReadOnlyList<string>? ValuesOf(Type type) => Plain(type) is { IsEnum: true } names ? [.. Enum.GetNames(names).Select(Wire.Name)] : null;

    private static Type Plain(Type type) => Changes.IsChange(type) ? Plain(type.GetGenericArguments()[0]) : Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>A list stands at the first segment alone.</summary>
    private static string? EntityOf(RoutePattern pattern) => Segments(pattern) is ["api", _, var entity] && entity[0] != '{' ? entity : null;

    /// <summary>One of a kind, or the place where one is made.</summary>
    private static bool BelongsTo(RoutePattern pattern, string entity) =>
        Segments(pattern) is ["api", _, var first, .. var rest] && first == entity && rest is [] or [['{', ..]];

    private static string[] Segments(RoutePattern pattern) => pattern.RawText!.Trim('/').Split('/');

    private static bool Answers(RouteEndpoint endpoint, string method) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method) is true;
}

/// <summary>A kind of records and its fields.</summary>
/// <param name="Entity">As its path begins.</param>
/// <param name="Fields">The platform's, then the client's own.</param>
internal sealed record EntitySchema(string Entity, string Path, IReadOnlyList<FieldSchema> Fields);

/// <summary>What a value is held to, beside its type; null where it is not.</summary>
/// <param name="MaxLength">Characters of a text.</param>
/// <param name="Pattern">A regular expression.</param>
internal sealed record FieldLimits(int? MaxLength, double? Minimum, double? Maximum, string? Pattern)
{
    public static readonly FieldLimits None = new(null, null, null, null);
}

/// <summary>A field as it is on the wire.</summary>
/// <param name="Name">With its path: the client's own stand below custom_fields.</param>
/// <param name="Type">text, number, integer, boolean, date, date_time, enum, text_list, url, object, uuid or list.</param>
internal sealed record FieldSchema(string Name, string Type)
{
    /// <summary>What it is for, and its limits in words.</summary>
    public string? Description { get; init; }

    /// <summary>The client's own definition; null of the platform's fields.</summary>
    public Guid? DefinitionId { get; init; }

    /// <summary>Never written by people: in a body it is ignored.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether a record must have it.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it may be null.</summary>
    public bool Nullable { get; init; }

    /// <summary>What a value is held to.</summary>
    public FieldLimits Limits { get; init; } = FieldLimits.None;

    /// <summary>The values of an enum.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>What stands where nothing is given.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>The operators with which lists are filtered by it; of an object, by a path below it. None where they are not.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [];

    /// <summary>Whether lists are sorted by it.</summary>
    public bool Sortable { get; init; }

    /// <summary>Shown as ever, and not written any more.</summary>
    public bool Deprecated { get; init; }

    /// <summary>Why, and what to use instead.</summary>
    public string? DeprecationReason { get; init; }
}
