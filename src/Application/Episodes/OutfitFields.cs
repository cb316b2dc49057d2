using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>An outfit, as people write it.</summary>
/// <param name="Name">At most 300 characters.</param>
/// <param name="OutfitType">Such as separates, dress or suit; at most 100 characters.</param>
/// <param name="Pattern">Pattern or texture of the whole; at most 200 characters.</param>
/// <param name="WornBy">Who wears it, unless an episode says otherwise; at most 200 characters.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="AssetId">A picture of the whole, here.</param>
/// <param name="ImageReference">A picture of the whole elsewhere, as s3://bucket/key; it is kept and not read.</param>
/// <param name="Items">What it is made of, in order: at most 100, each item once. One top, bottom, dress, outerwear, shoes and purse.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record OutfitFields(
    string Name, string? OutfitType = null, string? Pattern = null, string? WornBy = null, string? Notes = null, Guid? AssetId = null, string? ImageReference = null,
    IReadOnlyList<OutfitItem>? Items = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

/// <summary>A piece of an outfit.</summary>
/// <param name="ItemId">Of the wardrobe item.</param>
/// <param name="Slot">Where it is worn in this outfit; left out, where the item says.</param>
/// <param name="Notes">How it is worn here, such as French tuck; at most 5,000 characters. Left out, what the item says.</param>
public sealed record OutfitItem(Guid ItemId, WardrobeSlot? Slot = null, string? Notes = null);

internal sealed class OutfitFieldsValidator : AbstractValidator<OutfitFields>
{
    private const int MaxItems = 100;

    public OutfitFieldsValidator()
    {
        RuleFor(outfit => outfit.Name).NotEmpty().MaximumLength(300);
        RuleFor(outfit => outfit.OutfitType).MaximumLength(100);
        RuleFor(outfit => outfit.Pattern).MaximumLength(200);
        RuleFor(outfit => outfit.WornBy).MaximumLength(200);
        RuleFor(outfit => outfit.Notes).MaximumLength(20_000);
        RuleFor(outfit => outfit.ImageReference).S3Reference();
        RuleFor(outfit => outfit.Items).Must(items => items is not { Count: > MaxItems }).WithMessage($"An outfit has at most {MaxItems} items.");
        RuleForEach(outfit => outfit.Items).ChildRules(item => item.RuleFor(one => one.Notes).MaximumLength(5_000));
        this.SharedFields();
    }
}

/// <summary>Looks the items of an outfit up: each is in the catalogue, once, and where one alone is worn there is one.</summary>
internal sealed class OutfitParts(IWardrobe wardrobe) : IRecordParts<OutfitFields>
{
    private static readonly WardrobeSlot[] ForOne = [WardrobeSlot.Top, WardrobeSlot.Bottom, WardrobeSlot.Dress, WardrobeSlot.Outerwear, WardrobeSlot.Shoes, WardrobeSlot.Purse];

    public async Task<Result<OutfitFields>> Complete(StoredRecord? before, OutfitFields after, CancellationToken cancellationToken)
    {
        var items = after.Items ?? [];
        HashSet<Guid> known = [.. (before?.As<OutfitFields>().Items ?? []).Select(item => item.ItemId)];
        var found = (await wardrobe.HoldItems([.. items.Select(item => item.ItemId)], cancellationToken)).ToDictionary(item => item.Id);

        var errors = new List<Error>();
        HashSet<WardrobeSlot> taken = [];
        HashSet<Guid> seen = [];
        for (var i = 0; i < items.Count; i++)
        {
            var (id, slot, _) = items[i];
            if (!seen.Add(id)) errors.Add(new OutfitItemTwice(id, $"items[{i}].item_id"));
            else if (!found.TryGetValue(id, out var item) || (item.IsInTrash && !known.Contains(id))) errors.Add(new ParentNotFound(EpisodeKinds.WardrobeItem, id, $"items[{i}].item_id"));
            else if ((slot ?? item.Slot) is var worn && ForOne.Contains(worn) && !taken.Add(worn)) errors.Add(new OutfitSlotTaken(Names.Of(worn), $"items[{i}].slot"));
        }

        return errors.Count > 0 ? errors.ToArray() : after;
    }

    public Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, OutfitFields after, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Finding[]>>(Array.Empty<Finding>());
}

/// <summary>An outfit.</summary>
/// <param name="Items">item_id, slot and notes of each, as they were written, in order.</param>
/// <param name="TimesWorn">In how many episodes it is worn, those in the trash aside.</param>
/// <param name="AssetId">A picture of the whole, here; null once that is deleted for good.</param>
public sealed record OutfitDetails(
    Guid Id, string Name, string? OutfitType, string? Pattern, string? WornBy, string? Notes, Guid? AssetId, string? ImageReference, JsonElement Items, int TimesWorn, string? ExternalId, string[] Tags,
    JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
