using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Access;
using MediaPlatform.Infrastructure.Jobs;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>By what each list can be filtered and sorted, for the API's document.</summary>
public sealed record ListFields(IReadOnlyList<string> Fields, IReadOnlyList<string> Sorts)
{
    public static readonly ListFields Media = Of(MediaQueries.List);
    public static readonly ListFields Uploads = Of(UploadQueries.List);
    public static readonly ListFields Jobs = Of(JobQueries.List);
    public static readonly ListFields ApiKeys = Of(ApiKeyQueries.List);
    public static readonly ListFields Members = Of(MemberQueries.List);
    public static readonly ListFields PurgeReceipts = Of(PurgeReceiptQueries.List);

    /// <summary>The codes with which any list refuses a request as malformed.</summary>
    public static IReadOnlyList<string> Malformed => ListErrors.Malformed;

    /// <summary>The code for who asks for the trash and may not see it.</summary>
    public static string Forbidden => ListErrors.TrashIsForAdmins.Code;

    /// <summary>What each field takes, in words.</summary>
    public IReadOnlyDictionary<string, string> Described { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal static ListFields Of<T>(ListDefinition<T> list) => new([.. list.FieldNames], [.. list.SortNames])
    {
        Described = list.Fields.ToDictionary(field => field.Name, Describe, StringComparer.Ordinal),
    };

    private static string Describe<T>(Field<T> field)
    {
        var operators = string.Join(' ', ConditionCompiler.Takes(field.Type).Select(op => Names.Of(op)));
        return field switch
        {
            { Type: FieldType.Json } => $"JSON, by any path below it: `{field.Name}.a.b=value`, or `{field.Name}.a.b[op]=value`, where op is one of {operators}.",
            { Names: { } names } => $"Equals; one of {string.Join(", ", names)}. Or `{field.Name}[op]=value`, where op is one of {operators}.",
            { Type: FieldType.TextArray } => $"`{field.Name}[op]=a,b`, where op is one of {operators}.",
            _ => $"Equals. Or `{field.Name}[op]=value`, where op is one of {operators}; lists are separated by commas.",
        };
    }
}
