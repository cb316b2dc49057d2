using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Application.Exports;

/// <summary>Deletes an export with its file. One that is being written stops within moments.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record DeleteExport(ExportId Id, long? IfMatch) : ICommand<Done>;

internal sealed class DeleteExportHandler(IExports exports, IExportedLists lists, IJobs jobs, CallContext context) : ICommandHandler<DeleteExport, Done>
{
    public async Task<Result<Done>> Handle(DeleteExport command, CancellationToken cancellationToken)
    {
        await jobs.LockOf(CreateExportHandler.Subject, command.Id.Value, cancellationToken);
        if (await exports.FindForUpdate(command.Id, cancellationToken) is not { } export) return new ExportNotFound(command.Id);

        var caller = context.Caller;
        if (export.CreatedBy != caller.ActorId && !(caller.Role >= Role.Admin && caller.Rights.In(export.Resource) >= lists.Find(export.Resource)?.Needs)) return new ExportNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, export.Version) is { } stale) return stale;

        await exports.Delete(command.Id, cancellationToken);
        return Done.Instance;
    }
}
