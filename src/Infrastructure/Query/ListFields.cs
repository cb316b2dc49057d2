using MediaPlatform.Infrastructure.Access;
using MediaPlatform.Infrastructure.Audit;
using MediaPlatform.Infrastructure.Jobs;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Tagging;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>By what each list can be filtered and sorted, for the API's document.</summary>
public sealed record ListFields(IReadOnlyList<string> Fields, IReadOnlyList<string> Sorts)
{
    public static readonly ListFields Media = Of(MediaQueries.List);
    public static readonly ListFields Uploads = Of(UploadQueries.List);
    public static readonly ListFields Jobs = Of(JobQueries.List);
    public static readonly ListFields ApiKeys = Of(ApiKeyQueries.List);
    public static readonly ListFields Members = Of(MemberQueries.List);
    public static readonly ListFields Changes = Of(ChangeQueries.List);
    public static readonly ListFields Tags = Of(TagQueries.List);

    /// <summary>The codes with which any list refuses a request as malformed.</summary>
    public static IReadOnlyList<string> Malformed => ListErrors.Malformed;

    /// <summary>The code for who asks for the trash and may not see it.</summary>
    public static string Forbidden => ListErrors.TrashIsForAdmins.Code;

    private static ListFields Of<T>(ListDefinition<T> list) => new([.. list.FieldNames], [.. list.SortNames]);
}
