using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Episodes;

/// <summary>A clip, as people write it.</summary>
/// <param name="EpisodeId">Left out, the clip waits in the library.</param>
/// <param name="TalentSource">Who is in it: the name of a talent source. `Guest - Sarah Johnson` is the source Guest with that guest's name.</param>
/// <param name="GuestName">Of a clip of the source Guest; at most 300 characters.</param>
/// <param name="GuestId">The guest's record; left out, that of the one guest of this name, where there is one. Of a clip of the source Guest.</param>
/// <param name="Character">Who is played; at most 300 characters.</param>
/// <param name="ClipType">raw, b_roll, bts, insert or other.</param>
/// <param name="AssetId">The footage here.</param>
/// <param name="FileReference">The footage elsewhere, as s3://bucket/key; it is kept and not read.</param>
/// <param name="SourceFileHash">SHA-256 of the footage, 64 hexadecimal digits.</param>
/// <param name="DurationSeconds">0 to 864,000 (ten days).</param>
/// <param name="TimecodeIn">Where it begins, HH:MM:SS:FF, or HH:MM:SS;FF with dropped frames.</param>
/// <param name="TimecodeOut">Where it ends; after its beginning.</param>
/// <param name="FrameRate">Frames a second, 1 to 1,000, such as 23.976, 25, 29.97. Timecodes are held to it.</param>
/// <param name="SceneDescription">At most 5,000 characters.</param>
/// <param name="TakeNumber">0 to 100,000.</param>
/// <param name="QualityRating">hero, good, maybe or reject; use is taken as hero.</param>
/// <param name="Status">pending_review, approved, rejected or used.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record ClipFields(
    Guid? EpisodeId = null, string? TalentSource = null, string? GuestName = null, Guid? GuestId = null, string? Character = null, ClipType ClipType = ClipType.Raw, Guid? AssetId = null, string? FileReference = null,
    string? SourceFileHash = null, double? DurationSeconds = null, string? TimecodeIn = null, string? TimecodeOut = null, double? FrameRate = null, string? SceneDescription = null,
    int? TakeNumber = null, QualityRating? QualityRating = null, ClipStatus Status = ClipStatus.PendingReview, string? Notes = null, string? ExternalId = null,
    IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields, IPartOfEpisode<ClipFields>
{
    /// <summary>The talent source that guests share.</summary>
    public const string Guest = "Guest";

    private const string GuestPrefix = Guest + " - ";

    public ClipFields In(Guid? episode) => this with { EpisodeId = episode };

    /// <summary>With a guest that was named in one with the source apart, and an older word for a rating in its newer one.</summary>
    public ClipFields Spelled() => this with
    {
        TalentSource = NamesGuest ? Guest : TalentSource,
        GuestName = NamesGuest ? TalentSource![GuestPrefix.Length..].Trim() : GuestName, // the one beside it may be what a patch was laid over
        GuestId = NamesGuest || TalentSource == Guest ? GuestId : null, // a clip that is another's now lets go of a link that was made by the name
        QualityRating = QualityRating is Domain.Episodes.QualityRating.Use ? Domain.Episodes.QualityRating.Hero : QualityRating,
    };

    private bool NamesGuest => TalentSource?.StartsWith(GuestPrefix, StringComparison.OrdinalIgnoreCase) is true && !string.IsNullOrWhiteSpace(TalentSource[GuestPrefix.Length..]);
}

internal sealed class ClipFieldsValidator : AbstractValidator<ClipFields>
{
    public ClipFieldsValidator()
    {
        RuleFor(clip => clip.TalentSource).MaximumLength(300);
        RuleFor(clip => clip.GuestName).MaximumLength(300);
        RuleFor(clip => clip.Character).MaximumLength(300);
        RuleFor(clip => clip.FileReference).Must(reference => reference is null || S3Uri.Parse(reference) is not null).WithMessage("Footage elsewhere is named as s3://bucket/key, the bucket's name of 3 to 63 characters.");
        RuleFor(clip => clip.SourceFileHash).Matches(@"^[0-9a-fA-F]{64}\z").WithMessage("A SHA-256 is 64 hexadecimal digits.");
        RuleFor(clip => clip.DurationSeconds).InclusiveBetween(0, 864_000);
        RuleFor(clip => clip.FrameRate).InclusiveBetween(1, 1_000);
        RuleFor(clip => clip.SceneDescription).MaximumLength(5_000);
        RuleFor(clip => clip.TakeNumber).InclusiveBetween(0, 100_000);
        RuleFor(clip => clip.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

internal sealed class ClipsStandWithinTheirFootage : IRecordRule<ClipFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, ClipFields after)
    {
        foreach (var error in ClipRange.Check(after.TimecodeIn, after.TimecodeOut, after.FrameRate)) yield return error;
        if (after.GuestName is not null && after.Spelled().TalentSource != ClipFields.Guest) yield return new GuestNameWithoutGuest("guest_name");
        if (after.GuestId is not null && after.Spelled().GuestId is null && after.GuestId != before?.As<ClipFields>().GuestId) yield return new GuestNameWithoutGuest("guest_id");
    }
}

/// <summary>A clip.</summary>
/// <param name="EpisodeId">Null while it waits to be assigned.</param>
/// <param name="GuestId">The guest's record; null where nobody is meant for certain.</param>
/// <param name="AssetId">The footage here; null once that is deleted for good.</param>
public sealed record ClipDetails(
    Guid Id, Guid? EpisodeId, string? TalentSource, string? GuestName, Guid? GuestId, string? Character, string ClipType, Guid? AssetId, string? FileReference, string? SourceFileHash, double? DurationSeconds,
    string? TimecodeIn, string? TimecodeOut, double? FrameRate, string? SceneDescription, int? TakeNumber, string? QualityRating, string Status, string? Notes, string? ExternalId, string[] Tags,
    JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails, IShownInEpisode;
