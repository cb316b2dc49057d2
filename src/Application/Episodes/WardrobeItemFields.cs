using System.Text;
using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>A piece of wardrobe, as people write it.</summary>
/// <param name="Slot">top, bottom, dress, outerwear, shoes, purse, necklace, earrings, bracelets, rings, belt, scarf, hair_accessory or other.</param>
/// <param name="Name">The product's, or what the team calls it; at most 300 characters.</param>
/// <param name="Style">Such as pointed toe pumps; at most 300 characters.</param>
/// <param name="Color">At most 100 characters.</param>
/// <param name="Brand">At most 200 characters.</param>
/// <param name="Size">As its maker says it; at most 100 characters.</param>
/// <param name="Pattern">Pattern or texture; at most 200 characters.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ProductUrl">Its page in a shop, http or https; at most 2,000 bytes.</param>
/// <param name="AssetId">Its picture here.</param>
/// <param name="ImageReference">Its picture elsewhere, as s3://bucket/key; it is kept and not read.</param>
/// <param name="Attributes">What else there is to say, such as heel_height: a JSON object of at most 64 KiB.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record WardrobeItemFields(
    WardrobeSlot Slot, string Name, string? Style = null, string? Color = null, string? Brand = null, string? Size = null, string? Pattern = null, string? Notes = null, string? ProductUrl = null,
    Guid? AssetId = null, string? ImageReference = null, JsonElement? Attributes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class WardrobeItemFieldsValidator : AbstractValidator<WardrobeItemFields>
{
    public WardrobeItemFieldsValidator()
    {
        RuleFor(item => item.Name).NotEmpty().MaximumLength(300);
        RuleFor(item => item.Style).MaximumLength(300);
        RuleFor(item => item.Color).MaximumLength(100);
        RuleFor(item => item.Brand).MaximumLength(200);
        RuleFor(item => item.Size).MaximumLength(100);
        RuleFor(item => item.Pattern).MaximumLength(200);
        RuleFor(item => item.Notes).MaximumLength(20_000);
        RuleFor(item => item.ProductUrl).Must(url => url is null || Encoding.UTF8.GetByteCount(url) <= 2_000).WithMessage("A URL has at most 2,000 bytes.")
            .Must(url => url is null || (Uri.TryCreate(url, UriKind.Absolute, out var read) && read.Scheme is "http" or "https")).WithMessage("A product's page is an http or https URL.");
        RuleFor(item => item.ImageReference).S3Reference();
        RuleFor(item => item.Attributes).CustomFields();
        this.SharedFields();
    }
}

/// <summary>A piece of wardrobe.</summary>
/// <param name="AssetId">Its picture here; null once that is deleted for good.</param>
public sealed record WardrobeItemDetails(
    Guid Id, string Slot, string Name, string? Style, string? Color, string? Brand, string? Size, string? Pattern, string? Notes, string? ProductUrl, Guid? AssetId, string? ImageReference,
    JsonElement Attributes, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy,
    DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
