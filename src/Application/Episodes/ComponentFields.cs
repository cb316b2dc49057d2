using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Episodes;

/// <summary>What belongs to an episode beside its footage, as people write it.</summary>
/// <param name="Type">audio, supporting_video, voiceover_sync, subtitle, metadata, reference_image or other; hyphens do as well.</param>
/// <param name="EpisodeId">Required; at the paths of an episode it is the path's, whatever stands here.</param>
/// <param name="Subtype">A word of the team's own, such as background_music; kept in lower case. At most 100 characters.</param>
/// <param name="AssetId">The file here.</param>
/// <param name="FileReference">The file elsewhere, as s3://bucket/key; it is kept and not read.</param>
/// <param name="DurationSeconds">0 to 864,000 (ten days).</param>
/// <param name="Status">A word of the team's own, such as pending, ready or replaced; kept in lower case, with _ for hyphens and blanks. At most 100 characters.</param>
/// <param name="Version">What the team calls this state of it, such as 1.0; at most 100 characters. What counts the changes of the record is `revision`.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="Metadata">What else there is to say, such as artist, license, bitrate: a JSON object of at most 64 KiB.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record ComponentFields(
    ComponentType Type, Guid? EpisodeId = null, string? Subtype = null, Guid? AssetId = null, string? FileReference = null, double? DurationSeconds = null, string Status = "ready",
    string? Version = null, string? Notes = null, JsonElement? Metadata = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null)
    : IRecordFields, IPartOfEpisode<ComponentFields>
{
    public ComponentFields In(Guid? episode) => this with { EpisodeId = episode };
}

internal sealed class ComponentFieldsValidator : AbstractValidator<ComponentFields>
{
    private const string Word = @"^\p{L}[\p{L}\p{M}\p{Nd}_ -]*\z";

    public ComponentFieldsValidator()
    {
        RuleFor(component => component.EpisodeId).NotNull().WithMessage("A component belongs to an episode.");
        RuleFor(component => component.Subtype).MaximumLength(100).Matches(Word).WithMessage("A subtype is a word, such as background_music.");
        RuleFor(component => component.Status).NotEmpty().MaximumLength(100).Matches(Word).WithMessage("A status is a word, such as ready.");
        RuleFor(component => component.FileReference).Must(reference => reference is null || S3Uri.Parse(reference) is not null).WithMessage("A file elsewhere is named as s3://bucket/key.");
        RuleFor(component => component.DurationSeconds).InclusiveBetween(0, 864_000);
        RuleFor(component => component.Version).MaximumLength(100);
        RuleFor(component => component.Notes).MaximumLength(20_000);
        RuleFor(component => component.Metadata).CustomFields();
        this.SharedFields();
    }
}

/// <summary>What belongs to an episode beside its footage.</summary>
/// <param name="AssetId">The file here; null once that is deleted for good.</param>
/// <param name="Version">What the team calls this state of it.</param>
/// <param name="Revision">Of the record: +1 on each change, and the beginning of its ETag.</param>
public sealed record ComponentDetails(
    Guid Id, Guid EpisodeId, string Type, string? Subtype, Guid? AssetId, string? FileReference, double? DurationSeconds, string Status, string? Version, string? Notes, JsonElement Metadata,
    string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Revision,
    DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails, IShownInEpisode
{
    Guid? IShownInEpisode.EpisodeId => EpisodeId;

    int IRecordDetails.Version => Revision;
}
