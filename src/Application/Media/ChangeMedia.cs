using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Changes what people say of an asset, and who gets at it. Made private, its share links end for good.</summary>
/// <param name="Visibility">Null leaves it.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeMedia(
    AssetId Id, Change<string> Title, Change<string> Description, Change<string> AltText, Change<string> Caption, Change<IReadOnlyList<string>> Tags,
    Visibility? Visibility, long? IfMatch) : ICommand<Done>
{
    /// <summary>Whether nothing is asked for.</summary>
    public bool IsEmpty => !(Title.IsGiven || Description.IsGiven || AltText.IsGiven || Caption.IsGiven || Tags.IsGiven || Visibility is not null);

    /// <summary>As if it came in with them.</summary>
    internal AssetTexts Texts => new(Title.Value, Description.Value, AltText.Value, Caption.Value, Tags.Value ?? []);
}

internal sealed class ChangeMediaValidator : AbstractValidator<ChangeMedia>
{
    public ChangeMediaValidator(IValidator<AssetTexts> texts) => RuleFor(change => change.Texts).SetValidator(texts).OverridePropertyName("");
}

internal sealed class ChangeMediaHandler(IMediaAssets assets, IMediaChanges changes, CallContext context) : ICommandHandler<ChangeMedia, Done>
{
    public async Task<Result<Done>> Handle(ChangeMedia command, CancellationToken cancellationToken)
    {
        if (await assets.FindForUpdate(command.Id, cancellationToken) is not { } asset) return new AssetNotFound(command.Id);
        if (asset.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;
        if (command.IfMatch is { } seen && seen != asset.Version) return new StaleVersion(asset.Version);

        if (!command.IsEmpty) await changes.Save(command, cancellationToken);
        return Done.Instance;
    }
}

/// <summary>What people say of the assets of the caller's client, for writing.</summary>
public interface IMediaChanges
{
    /// <summary>Writes the fields that are given.</summary>
    Task Save(ChangeMedia change, CancellationToken cancellationToken);
}
