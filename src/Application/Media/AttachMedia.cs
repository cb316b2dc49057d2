using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Puts an asset at an owner, in a role.</summary>
/// <param name="SortOrder">Among the owner's media of this role, ascending.</param>
/// <param name="Meta">The caller's own words about the attachment: a JSON object of at most 16 KiB.</param>
public sealed record AttachMedia(AssetId AssetId, string OwnerType, string OwnerId, AttachmentRole Role, int SortOrder, JsonElement? Meta) : ICommand<AttachmentId>;

internal sealed class AttachMediaValidator : AbstractValidator<AttachMedia>
{
    public AttachMediaValidator()
    {
        RuleFor(attach => attach.OwnerType).Must(Owners.IsType).WithMessage("A type is a–z, 0–9 and '_', a letter first, at most 63 characters.");
        RuleFor(attach => attach.OwnerId).NotEmpty().MaximumLength(200);
        RuleFor(attach => attach.Meta).Must(meta => meta is not { } value || value.ValueKind is JsonValueKind.Object).WithMessage("Meta is a JSON object.");
        RuleFor(attach => attach.Meta).Must(meta => meta is not { } value || value.GetRawText().Length <= 16 << 10).WithMessage("Meta has at most 16,384 characters.");
    }
}

internal sealed class AttachMediaHandler(IMediaAssets assets, IAttachments attachments, CallContext context) : ICommandHandler<AttachMedia, AttachmentId>
{
    public async Task<Result<AttachmentId>> Handle(AttachMedia command, CancellationToken cancellationToken)
    {
        if (await assets.FindForShare(command.AssetId, cancellationToken) is not { } asset) return new AssetNotFound(command.AssetId);
        if (asset.HiddenFrom(context.Caller.Role) is { } hidden) return hidden;
        if (!await attachments.OwnerExists(command.OwnerType, command.OwnerId, cancellationToken)) return new OwnerNotFound(command.OwnerType, command.OwnerId);

        var id = new AttachmentId(Guid.CreateVersion7());
        return await attachments.Add(id, command, cancellationToken) switch
        {
            AttachOutcome.CoverTaken => new CoverTaken(command.OwnerType, command.OwnerId),
            AttachOutcome.AlreadyAttached => new AlreadyAttached(),
            _ => id,
        };
    }
}
