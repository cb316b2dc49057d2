using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Says what a thumbnail is made of, whatever else its owner has; or, with nothing, that nobody says so any more.</summary>
/// <param name="IfMatch">The version of the thumbnail that the caller has seen; null for any.</param>
public sealed record ChooseThumbnail(ThumbnailOwner Owner, WantedSource? Wanted, long? IfMatch) : ICommand<Done>;

/// <summary>What people write of a thumbnail.</summary>
/// <param name="ClipId">Of an episode's frame: of which clip.</param>
/// <param name="At">Of a frame, a timecode, counted from the beginning of the footage as 00:00:00:00.</param>
/// <param name="AtSeconds">Of a frame, seconds from the beginning of the footage; without both, its middle.</param>
/// <param name="AssetId">Of a custom picture.</param>
public sealed record WantedSource(ThumbnailSource Source, Guid? ClipId = null, string? At = null, double? AtSeconds = null, Guid? AssetId = null);

internal sealed class ChooseThumbnailValidator : AbstractValidator<ChooseThumbnail>
{
    public ChooseThumbnailValidator() => When(command => command.Wanted is not null, () =>
    {
        RuleFor(command => command.Wanted!.AssetId).NotNull().When(command => command.Wanted!.Source is ThumbnailSource.Custom).WithMessage("A custom thumbnail names its picture by asset_id.").OverridePropertyName("AssetId");
        RuleFor(command => command.Wanted!.ClipId).NotNull().When(command => command is { Wanted.Source: ThumbnailSource.Frame, Owner.Kind: ThumbnailOwnerKind.Episode }).WithMessage("A frame for an episode is one of a clip_id.").OverridePropertyName("ClipId");
        RuleFor(command => command.Wanted!.At).Null().When(command => command.Wanted!.AtSeconds is not null).WithMessage("Give at or at_seconds, not both.").OverridePropertyName("At");
        RuleFor(command => command.Wanted!.AtSeconds).InclusiveBetween(0, 864_000).OverridePropertyName("AtSeconds");
    });
}

internal sealed class ChooseThumbnailHandler(OpenThumbnailOwner owners, IRecords<ClipFields> clips, IThumbnails thumbnails) : ICommandHandler<ChooseThumbnail, Done>
{
    public async Task<Result<Done>> Handle(ChooseThumbnail command, CancellationToken cancellationToken)
    {
        var opened = await owners.Open(command.Owner, cancellationToken);
        if (!opened.Succeeded) return opened.As<Done>();
        if (StaleVersion.Unless(command.IfMatch, await thumbnails.VersionForUpdate(command.Owner, cancellationToken)) is { } stale) return stale;

        ThumbnailChoice? choice = null;
        if (command.Wanted is { } wanted)
        {
            var chosen = await Choose(command.Owner, wanted, opened.Value, cancellationToken);
            if (!chosen.Succeeded) return chosen.As<Done>();
            choice = chosen.Value;
        }

        await thumbnails.Choose(command.Owner, choice, cancellationToken);
        return Done.Instance;
    }

    private async Task<Result<ThumbnailChoice>> Choose(ThumbnailOwner owner, WantedSource wanted, StoredRecord record, CancellationToken cancellationToken) => (wanted.Source, owner.Kind) switch
    {
        (ThumbnailSource.Composed, ThumbnailOwnerKind.Clip) or (ThumbnailSource.Frame, ThumbnailOwnerKind.Outfit) => new ThumbnailSourceUnfit(owner.Kind, wanted.Source),
        (ThumbnailSource.Composed, _) => new ThumbnailChoice(ThumbnailSource.Composed),
        (ThumbnailSource.Custom, _) => await thumbnails.HoldPicture(wanted.AssetId!.Value, cancellationToken) switch
        {
            null => new ParentNotFound(MediaAsset.Kind, wanted.AssetId.Value, "asset_id"),
            { HasPicture: false } => new AssetNotAPicture(wanted.AssetId.Value),
            _ => new ThumbnailChoice(ThumbnailSource.Custom, AssetId: wanted.AssetId),
        },
        (_, ThumbnailOwnerKind.Clip) => await Frame(owner.Id, clipId: null, record, wanted, cancellationToken),
        _ => await clips.FindForUpdate(wanted.ClipId!.Value, cancellationToken) is { State.DeletedAt: null } clip
            ? await Frame(wanted.ClipId.Value, wanted.ClipId, clip, wanted, cancellationToken)
            : new ParentNotFound(EpisodeKinds.Clip, wanted.ClipId.Value, "clip_id"),
    };

    private async Task<Result<ThumbnailChoice>> Frame(Guid id, Guid? clipId, StoredRecord record, WantedSource wanted, CancellationToken cancellationToken)
    {
        var clip = record.As<ClipFields>();
        if (clip.AssetId is not { } asset || await thumbnails.HoldPicture(asset, cancellationToken) is not { HasPicture: true } footage) return new ClipWithoutFootage(id);

        var seconds = wanted.AtSeconds;
        if (wanted.At is { } at)
        {
            if (Timecode.Parse(at) is not { } timecode) return new TimecodeInvalid(at, "at");
            if ((clip.FrameRate ?? footage.FrameRate) is not { } rate) return new FrameRateUnknown();
            if (timecode.Mismatch(rate) is { } mismatch) return new TimecodeOfAnotherFrameRate(at, mismatch, "at");
            seconds = timecode.FrameNumber(Timecode.Nominal(rate)) / rate;
        }

        if (seconds is { } given && footage.DurationMs is { } duration && given * 1000 >= duration) return new FrameOutOfRange(given, duration / 1000.0, wanted.At is null ? "at_seconds" : "at");
        return new ThumbnailChoice(ThumbnailSource.Frame, clipId, seconds);
    }
}
