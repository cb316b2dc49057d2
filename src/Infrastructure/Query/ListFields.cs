using System.Reflection;
using MediaPlatform.Application.Exports;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Access;
using MediaPlatform.Infrastructure.Audit;
using MediaPlatform.Infrastructure.Exports;
using MediaPlatform.Infrastructure.Jobs;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Production;
using MediaPlatform.Infrastructure.Publication;
using MediaPlatform.Infrastructure.Records;
using MediaPlatform.Infrastructure.Schema;
using MediaPlatform.Infrastructure.Tagging;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>By what each list can be filtered and sorted, for the API's document.</summary>
public sealed record ListFields(IReadOnlyList<string> Fields, IReadOnlyList<string> Sorts)
{
    public static readonly ListFields Media = Of(MediaQueries.List).Exported("media", MediaQueries.List, Role.Viewer, "storage_key", "variants");
    public static readonly ListFields Uploads = Of(UploadQueries.List).Exported("uploads", UploadQueries.List, Role.Viewer);
    public static readonly ListFields Jobs = Of(JobQueries.List).Exported("jobs", JobQueries.List, Role.Viewer);
    public static readonly ListFields ApiKeys = Of(ApiKeyQueries.List).Exported("api-keys", ApiKeyQueries.List, Role.Admin);
    public static readonly ListFields Members = Of(MemberQueries.List).Exported("members", MemberQueries.List, Role.Admin);
    public static readonly ListFields Exports = Of(ExportQueries.List);
    public static readonly ListFields PurgeReceipts = Of(PurgeReceiptQueries.List).Exported("purge-receipts", PurgeReceiptQueries.List, Role.Admin);
    public static readonly ListFields MediaItems = Of(MediaItemQueries.List).Exported("media-items", MediaItemQueries.List, Role.Viewer);
    public static readonly ListFields Credits = Of(CreditQueries.List).Exported("credits", CreditQueries.List, Role.Viewer);
    public static readonly ListFields Imports = Of(ImportQueries.List);
    public static readonly ListFields Changes = Of(ChangeQueries.List).Exported("audit", ChangeQueries.List, Role.Admin);
    public static readonly ListFields Tags = Of(TagQueries.List).Exported("tags", TagQueries.List, Role.Viewer);
    public static readonly ListFields SchemaChanges = Of(SchemaQueries.List);
    public static readonly ListFields Incomplete = Of(CompletenessQueries.Everything);

    /// <summary>The codes with which any list refuses a request as malformed.</summary>
    public static IReadOnlyList<string> Malformed => ListErrors.Malformed;

    /// <summary>The code for who asks for the trash and may not see it.</summary>
    public static string Forbidden => ListErrors.TrashIsForAdmins.Code;

    /// <summary>What each field takes, in words.</summary>
    public IReadOnlyDictionary<string, string> Described { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How each field is filtered and sorted.</summary>
    public IReadOnlyDictionary<string, ListedField> Listed { get; private init; } = new Dictionary<string, ListedField>(StringComparer.Ordinal);

    /// <summary>What it is called where it is exported, as in its path; null when it is not.</summary>
    public string? ExportedAs { get; private init; }

    /// <summary>What can be exported, by name: those above, and those that are declared with their records.</summary>
    internal static IReadOnlyDictionary<string, Func<DbSession, IExportedList>> Sources(IEnumerable<ListFields> declared) => typeof(ListFields)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => field.GetValue(null)).OfType<ListFields>().Concat(declared).Where(fields => fields.Source is not null)
        .ToDictionary(fields => fields.ExportedAs!, fields => fields.Source!, StringComparer.Ordinal);

    private Func<DbSession, IExportedList>? Source { get; init; }

    /// <param name="name">As in its path.</param>
    /// <param name="needs">Who may read it.</param>
    /// <param name="hidden">Fields of its rows that are not written.</param>
    internal ListFields Exported<T>(string name, ListDefinition<T> list, Role needs, params IReadOnlyList<string> hidden) =>
        this with { ExportedAs = name, Source = ExportedList<T>.Source(list, needs, hidden) };

    internal static ListFields Of<T>(ListDefinition<T> list) => new([.. list.FieldNames], [.. list.SortNames])
    {
        Described = list.Fields.ToDictionary(field => field.Name, Describe, StringComparer.Ordinal),
        Listed = list.Fields.ToDictionary(
            field => field.Name,
            field => new ListedField([.. FilterCompiler.Takes(field.Type).Select(op => Names.Of(op))], field.SortKey is not null, field.Names ?? []),
            StringComparer.Ordinal),
    };

    private static string Describe<T>(Field<T> field)
    {
        var operators = string.Join(' ', FilterCompiler.Takes(field.Type).Select(op => Names.Of(op)));
        return field switch
        {
            { Type: FieldType.Json } => $"JSON, by any path below it: `{field.Name}.a.b=value`, or `{field.Name}.a.b[op]=value`, where op is one of {operators}.",
            { Names: { } names } => $"Equals; one of {string.Join(", ", names)}. Or `{field.Name}[op]=value`, where op is one of {operators}.",
            { Type: FieldType.Related } => $"{field.Related}. Or `{field.Name}[op]=value`, where op is one of {operators}.",
            { Type: FieldType.TextArray } => $"`{field.Name}[op]=a,b`, where op is one of {operators}.",
            _ => $"Equals. Or `{field.Name}[op]=value`, where op is one of {operators}; lists are separated by commas.",
        };
    }
}

/// <summary>One field of a list.</summary>
/// <param name="Operators">That it takes; of JSON, those of a path below it.</param>
/// <param name="Values">Of an enum.</param>
public sealed record ListedField(IReadOnlyList<string> Operators, bool IsSorted, IReadOnlyList<string> Values);
