using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>A guest, as people write it. More than the name, the role and the outfits is kept only of a guest who has agreed to it.</summary>
/// <param name="Name">As it stands in credits; at most 300 characters.</param>
/// <param name="BusinessName">At most 300 characters. Needs consent.</param>
/// <param name="BusinessEmail">Encrypted where it lies; for editors. At most 320 characters. Needs consent.</param>
/// <param name="BusinessPhone">Encrypted where it lies; for editors. At most 50 characters. Needs consent.</param>
/// <param name="Website">http or https; at most 2,000 characters. Needs consent.</param>
/// <param name="BioUrl">A page about the guest, http or https; at most 2,000 characters. Needs consent.</param>
/// <param name="Role">What the guest is, such as Celebrity Stylist; at most 300 characters.</param>
/// <param name="Notes">At most 20,000 characters. Needs consent.</param>
/// <param name="OutfitRefs">Outfits, by their ids; at most 200.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record GuestFields(
    string Name, string? BusinessName = null, string? BusinessEmail = null, string? BusinessPhone = null, string? Website = null, string? BioUrl = null, string? Role = null, string? Notes = null,
    IReadOnlyList<Guid>? OutfitRefs = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields
{
    /// <summary>The fields that are given and need consent.</summary>
    public IEnumerable<string> NeedConsent() =>
        (from field in new[]
        {
            ("business_name", BusinessName), ("business_email", BusinessEmail), ("business_phone", BusinessPhone), ("website", Website), ("bio_url", BioUrl), ("notes", Notes),
        }
        where field.Item2 is not null
        select field.Item1)
        .Concat(CustomFields is { ValueKind: JsonValueKind.Object } fields && fields.EnumerateObject().Any() ? ["custom_fields"] : []);

    /// <summary>Without those.</summary>
    public GuestFields WithoutConsent() => this with { BusinessName = null, BusinessEmail = null, BusinessPhone = null, Website = null, BioUrl = null, Notes = null, CustomFields = null };
}

internal sealed class GuestFieldsValidator : AbstractValidator<GuestFields>
{
    public GuestFieldsValidator()
    {
        RuleFor(guest => guest.Name).NotEmpty().MaximumLength(300);
        RuleFor(guest => guest.BusinessName).MaximumLength(300);
        RuleFor(guest => guest.BusinessEmail).MaximumLength(320).Matches(@"^[^@\s]+@[^@\s]+\z").WithMessage("An email address has one @ and no blanks.");
        RuleFor(guest => guest.BusinessPhone).MaximumLength(50).Matches(@"^[0-9+()/. x-]*[0-9][0-9+()/. x-]*\z").WithMessage("A phone number has digits, and + ( ) / . - x and blanks between them.");
        RuleFor(guest => guest.Website).MaximumLength(2_000).Must(IsWeb).WithMessage("A website is an http or https URL.");
        RuleFor(guest => guest.BioUrl).MaximumLength(2_000).Must(IsWeb).WithMessage("A page is an http or https URL.");
        RuleFor(guest => guest.Role).MaximumLength(300);
        RuleFor(guest => guest.Notes).MaximumLength(20_000);
        RuleFor(guest => guest.OutfitRefs).Must(outfits => outfits is not { Count: > 200 }).WithMessage("At most 200 outfits.");
        this.SharedFields();
    }

    private static bool IsWeb(string? url) => url is null || (Uri.TryCreate(url, UriKind.Absolute, out var read) && read.Scheme is "http" or "https");
}

internal sealed class GuestsAgreeToWhatIsKept : IRecordRule<GuestFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, GuestFields after)
    {
        var guest = before?.As<Guest>();
        if (guest?.ErasedAt is not null) return [new GuestIsErased()];
        return guest?.HasConsent is true ? [] : after.NeedConsent().Select(field => new GuestWithoutConsent(field));
    }
}

/// <summary>Looks the outfits of a guest up. Those that it has had before stay, whatever has become of them.</summary>
internal sealed class GuestOutfits(IWardrobe wardrobe) : IRecordParts<GuestFields>
{
    public async Task<Result<GuestFields>> Complete(StoredRecord? before, GuestFields after, CancellationToken cancellationToken)
    {
        var outfits = after.OutfitRefs ?? [];
        Guid[] named = [.. outfits.Except(before?.As<GuestFields>().OutfitRefs ?? [])];
        if (named.Length == 0) return after;

        var missing = await wardrobe.FindMissing(named, cancellationToken);
        return missing.Count == 0 ? after : outfits.Index().Where(one => missing.Contains(one.Item)).Select(Error (one) => new ParentNotFound(EpisodeKinds.Outfit, one.Item, $"outfit_refs[{one.Index}]")).ToArray();
    }

    public Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, GuestFields after, CancellationToken cancellationToken) => Task.FromResult<Result<Finding[]>>(Array.Empty<Finding>());
}

/// <summary>A guest.</summary>
/// <param name="BusinessEmail">For editors and up; null to others.</param>
/// <param name="BusinessPhone">For editors and up; null to others.</param>
/// <param name="ConsentNoticeVersion">The privacy notice that was last agreed to.</param>
/// <param name="ConsentWithdrawnAt">Null while the consent holds.</param>
/// <param name="UserId">The user whom the guest has become; null once that is no member any more.</param>
/// <param name="ErasedAt">When all that tells who it was was deleted.</param>
public sealed record GuestDetails(
    Guid Id, string Name, string? BusinessName, string? BusinessEmail, string? BusinessPhone, string? Website, string? BioUrl, string? Role, string? Notes, Guid[] OutfitRefs,
    string? ConsentNoticeVersion, DateTimeOffset? ConsentedAt, DateTimeOffset? ConsentWithdrawnAt, Guid? UserId, DateTimeOffset? ConvertedAt, DateTimeOffset? ErasedAt, string? ExternalId,
    string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version,
    DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
