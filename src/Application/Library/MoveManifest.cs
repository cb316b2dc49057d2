using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;

namespace MediaPlatform.Application.Library;

/// <summary>What becomes of a manifest.</summary>
public enum ManifestMove { Complete, Abandon, Renew }

/// <summary>Completes a manifest, abandons it, or has its lease begin anew.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record MoveManifest(Guid Id, ManifestMove Move, long? IfMatch) : ICommand<Written>;

internal sealed class MoveManifestHandler(IRecords<ManifestFields> records, IManifests manifests, CallContext context, TimeProvider time) : ICommandHandler<MoveManifest, Written>
{
    public async Task<Result<Written>> Handle(MoveManifest command, CancellationToken cancellationToken)
    {
        var found = await records.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var manifest = found.Value.As<Manifest>();
        var moved = command.Move switch
        {
            ManifestMove.Complete => manifest.Complete(await manifests.FindStatus(command.Id, cancellationToken)),
            ManifestMove.Abandon => manifest.Abandon(),
            _ => manifest.Renew(time.GetUtcNow()),
        };
        return moved.Succeeded ? await records.Set(found.Value, moved.Value, cancellationToken) : moved.As<Written>();
    }
}
