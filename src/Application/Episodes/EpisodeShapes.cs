using System.Text.Json;
using FluentValidation;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Episodes;

/// <summary>Shapes that several kinds of the area have.</summary>
internal static class EpisodeShapes
{
    private const int MaxReference = 2_000;

    /// <summary>Where something lies that is not here: s3://bucket/key, or an http or https URL.</summary>
    public static IRuleBuilderOptions<T, string?> Reference<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => text is null || (text.Length <= MaxReference && (S3Uri.Parse(text) is not null || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))))
        .WithMessage($"This is s3://bucket/key (the bucket's name of 3 to 63 characters), or an http or https URL, of at most {MaxReference:N0} characters.");

    /// <summary>Where a file lies that is not here: s3://bucket/key.</summary>
    public static IRuleBuilderOptions<T, string?> S3Reference<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => text is null || S3Uri.Parse(text) is not null).WithMessage("A file elsewhere is named as s3://bucket/key, the bucket's name of 3 to 63 characters.");

    /// <summary>Shared assets by their roles; each fault is told with its place in the document.</summary>
    public static void SharedAssets<T>(this IRuleBuilder<T, JsonElement?> rule, SharedAssetKind kind) => rule.Document(document => SharedAssetDocument.Check(document, kind));

    private static void Document<T>(this IRuleBuilder<T, JsonElement?> rule, Func<JsonElement, IEnumerable<(string Field, string Message)>> check) => rule.Custom((document, context) =>
    {
        if (document is not { } given) return;
        foreach (var (field, message) in check(given)) context.AddFailure(field.Length == 0 ? context.PropertyPath : $"{context.PropertyPath}.{field}", message);
    });
}
