using FluentValidation;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Media;

/// <summary>What a person says of an asset when it comes in.</summary>
/// <param name="SessionId">In which session it was taken; null where that is not said.</param>
public sealed record AssetTexts(string? Title, string? Description, string? AltText, string? Caption, IReadOnlyList<string> Tags, Guid? SessionId = null)
{
    public static readonly AssetTexts None = new(null, null, null, null, []);
}

internal sealed class AssetTextsValidator : AbstractValidator<AssetTexts>
{
    public AssetTextsValidator()
    {
        RuleFor(texts => texts.Title).MaximumLength(500);
        RuleFor(texts => texts.Description).MaximumLength(20_000);
        RuleFor(texts => texts.AltText).MaximumLength(2_000);
        RuleFor(texts => texts.Caption).MaximumLength(5_000);
        RuleFor(texts => texts.Tags).Must(tags => tags.Count <= Tags.MaxCount).WithMessage($"At most {Tags.MaxCount} tags.");
        RuleForEach(texts => texts.Tags).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
    }
}
