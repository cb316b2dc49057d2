using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Gives out a link that works without credentials for a while. A private asset becomes shared by it.</summary>
/// <param name="What"><see cref="Sharing.Original"/> or a preset.</param>
public sealed record ShareMedia(AssetId Id, string What, TimeSpan Lifetime) : ICommand<SharedMedia>;

/// <summary>A link that was given out.</summary>
/// <param name="Url">A path of this API.</param>
/// <param name="Ready">False while a copy of the original that tells nothing of places is being made.</param>
public sealed record SharedMedia(string Url, string What, DateTimeOffset ExpiresAt, bool Ready);

internal sealed class ShareMediaValidator : AbstractValidator<ShareMedia>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public ShareMediaValidator()
    {
        RuleFor(share => share.What).NotEmpty().MaximumLength(64);
        RuleFor(share => share.Lifetime).InclusiveBetween(Shortest, Longest).OverridePropertyName("ExpiresInSeconds")
            .WithMessage($"A link works for {Shortest.TotalSeconds} to {Longest.TotalSeconds} seconds (30 days).");
    }
}

internal sealed class ShareMediaHandler(IMediaAssets assets, IMediaShares shares, IJobs jobs, IShareLinks links, CallContext context, TimeProvider time)
    : ICommandHandler<ShareMedia, SharedMedia>
{
    public async Task<Result<SharedMedia>> Handle(ShareMedia command, CancellationToken cancellationToken)
    {
        // the end of a job takes the job and then the asset
        if (command.What == Sharing.Original) await jobs.LockOf(CleanOriginal.SubjectType, command.Id.Value, cancellationToken);
        if (await assets.FindForUpdate(command.Id, cancellationToken) is not { } asset) return new AssetNotFound(command.Id);
        if (asset.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;

        var wanted = await shares.Find(command.Id, command.What, cancellationToken);
        if (command.What == Sharing.Original)
        {
            var allowed = Sharing.CheckOriginal(wanted.Format);
            if (!allowed.Succeeded) return allowed.As<SharedMedia>();
            if (!await assets.MayReadOriginal(command.Id, cancellationToken)) return new OriginalNotAllowed();
            if (!wanted.IsStored) await jobs.Enqueue(CleanOriginal.Of(command.Id), cancellationToken);
        }
        else if (!wanted.IsStored)
        {
            return new VariantNotFound(command.Id, command.What);
        }

        var generation = await shares.SaveShared(command.Id, cancellationToken);
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + command.Lifetime).ToUnixTimeSeconds());
        var url = links.ToShare(new(context.Caller.ClientId, command.Id, command.What, expiresAt, generation));
        return new SharedMedia(url, command.What, expiresAt, wanted.IsStored);
    }
}
