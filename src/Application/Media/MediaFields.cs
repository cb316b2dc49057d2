using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>What people say of an asset, and who gets at it. Made private, its share links end for good.</summary>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Title">At most 500 characters.</param>
/// <param name="Description">At most 20,000 characters.</param>
/// <param name="AltText">What a picture shows, for those who do not see it; at most 2,000 characters.</param>
/// <param name="Caption">At most 5,000 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="Visibility">private, shared (whoever has a share link) or public (everybody, renditions alone).</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record MediaFields(
    string? ExternalId = null, string? Title = null, string? Description = null, string? AltText = null, string? Caption = null, IReadOnlyList<string>? Tags = null,
    Visibility Visibility = Visibility.Private, JsonElement? CustomFields = null) : IRecordFields
{
    /// <summary>As if it came in with them.</summary>
    internal AssetTexts Texts => new(Title, Description, AltText, Caption, Tags ?? []);
}

internal sealed class MediaFieldsValidator : AbstractValidator<MediaFields>
{
    public MediaFieldsValidator(IValidator<AssetTexts> texts)
    {
        RuleFor(media => media.Texts).SetValidator(texts).OverridePropertyName("");
        RuleFor(media => media.ExternalId).MaximumLength(200);
        RuleFor(media => media.CustomFields).CustomFields();
    }
}
