using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Makes something outside the platform known, so that media can be attached to it. The same again changes nothing.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any, and for none yet.</param>
public sealed record SaveOwner(string OwnerType, string OwnerId, string? Title, long? IfMatch) : ICommand<SavedOwner>;

/// <summary>Whether the owner was new.</summary>
public sealed record SavedOwner(bool Created);

internal sealed class SaveOwnerValidator : AbstractValidator<SaveOwner>
{
    public SaveOwnerValidator()
    {
        RuleFor(owner => owner.OwnerType).Must(Owners.IsType).WithMessage("A type is a–z, 0–9 and '_', a letter first, at most 63 characters.");
        RuleFor(owner => owner.OwnerId).NotEmpty().MaximumLength(200);
        RuleFor(owner => owner.Title).MaximumLength(500);
    }
}

internal sealed class SaveOwnerHandler(IAttachments attachments) : ICommandHandler<SaveOwner, SavedOwner>
{
    public async Task<Result<SavedOwner>> Handle(SaveOwner command, CancellationToken cancellationToken)
    {
        var type = Owners.External(command.OwnerType);
        if (!type.Succeeded) return type.As<SavedOwner>();

        if (command.IfMatch is { } seen)
        {
            if (await attachments.FindOwnerVersionForUpdate(command.OwnerType, command.OwnerId, cancellationToken) is not { } version) return new NoVersion();
            if (StaleVersion.Unless(seen, version) is { } stale) return stale;
        }

        return new SavedOwner(await attachments.SaveOwner(command.OwnerType, command.OwnerId, command.Title, cancellationToken));
    }
}
