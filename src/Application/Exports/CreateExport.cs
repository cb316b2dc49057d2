using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Exports;

/// <summary>Has the worker write a list into a file.</summary>
/// <param name="Fields">Paths that are picked; empty for all.</param>
public sealed record CreateExport(string Resource, ExportFormat Format, ListRequest Request, IReadOnlyList<string> Fields) : ICommand<ExportId>;

internal sealed class CreateExportHandler(IExports exports, IExportedLists lists, IJobs jobs, CallContext context) : ICommandHandler<CreateExport, ExportId>
{
    /// <summary>What the export's job is about.</summary>
    public const string Subject = "export";

    public async Task<Result<ExportId>> Handle(CreateExport command, CancellationToken cancellationToken)
    {
        if (lists.Find(command.Resource) is not { } list) return new ExportResourceUnknown(command.Resource, NearestName.Hint(command.Resource, lists.Names));
        if (context.Caller.Rights.In(command.Resource) is not { } role || role < list.Needs) return new RoleTooLow(list.Needs);
        if (await list.Check(command.Request, command.Fields, role, cancellationToken) is { Count: > 0 } errors) return errors.ToArray();

        var id = new ExportId(Guid.CreateVersion7());
        await exports.Add(id, command.Resource, command.Format, command.Request, command.Fields, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.ExportRun, Subject, id.Value, DedupeKey: id.Value.ToString("n")), cancellationToken);
        return id;
    }
}
