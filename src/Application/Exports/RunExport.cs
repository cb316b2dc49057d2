using System.IO.Pipelines;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Application.Exports;

/// <summary>
/// EXPORT_RUN: writes a list into a file and stores it. What is written is what whoever asked may read at this moment. Each attempt stores
/// under a name of its own, which is in the export's row before the object is there: whoever comes after lets it go.
/// </summary>
internal sealed class RunExport(ITransactions transactions, IExports exports, IExportedLists lists, IMediaStores stores, IScratchSpace scratchSpace, TimeProvider time) : IJobHandler
{
    /// <summary>Progress goes by the rows that were counted, if they could be.</summary>
    private const int MostCounted = 10_000_000;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    public string JobType => Domain.Jobs.JobType.ExportRun.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var id = new ExportId(run.Job.SubjectId!.Value);
        var store = stores.Origin;
        if (await transactions.Run(ct => exports.Begin(id, run.Job.LeaseToken, store.Provider, ct), cancellationToken) is not { } export) return Gone(run, id);

        if (lists.Find(export.Resource) is not { } list) return new JobResult.Failed(JobError.Of(new ExportResourceUnknown(export.Resource, "")), Retryable: false);
        if (await exports.RoleOf(export, cancellationToken) is not { } role || role < list.Needs) return new JobResult.Failed(JobError.Of(new ExportNotAllowed(list.Needs)), Retryable: false);
        if (await list.Check(export.Request, export.Fields, role, cancellationToken) is [var error, ..]) return new JobResult.Failed(JobError.Of(error), Retryable: false);

        using var scratch = scratchSpace.Create(run.Job);
        var path = Path.Combine(scratch.Folder, "export");
        var written = await run.Stage("write", () => Write(run, export, list, role, path, cancellationToken));
        if (written is not { } rows) return Gone(run, id);

        run.Progress = 95;
        await run.Stage("store", async () =>
        {
            await using var bytes = File.OpenRead(path);
            await store.Put(export.StorageKey, bytes, ExportRules.MimeType(export.Format), cancellationToken);
            return path;
        });
        var size = new FileInfo(path).Length;
        return new JobResult.Succeeded(ct => exports.SaveReady(export, rows, size, ct));
    }

    /// <summary>How many rows; null when the export was deleted meanwhile.</summary>
    private async Task<int?> Write(JobRun run, RunningExport export, IExportedList list, Role role, string path, CancellationToken cancellationToken)
    {
        var total = await list.Count(export.Request, MostCounted, cancellationToken);
        var rows = 0;
        var reported = time.GetTimestamp();
        await using var file = File.Create(path);
        var output = PipeWriter.Create(file, new StreamPipeWriterOptions(leaveOpen: true));
        using var writer = new ExportWriter(output, export.Format, list.Columns, export.Fields);
        writer.Begin();
        try
        {
            await foreach (var page in list.Read(export.Request, role, cancellationToken))
            {
                foreach (var row in page) writer.Write(row);
                await output.FlushAsync(cancellationToken);
                rows += page.Count;
                run.Progress = total is > 0 ? (int)Math.Min(90, 90L * rows / total.Value) : 50;
                if (time.GetElapsedTime(reported) < ReportEvery) continue;
                if (!await exports.Report(export.Id, rows, run.Progress, cancellationToken)) return null;
                reported = time.GetTimestamp();
            }
        }
        catch (Exception exception) when (rows == 0 && list.IsTooExpensive(exception))
        {
            throw new FaultException(JobError.Of(new ExportTooExpensive()), exception); // it would cost as much again; a later page may have met a busy moment
        }

        writer.End();
        await output.FlushAsync(cancellationToken);
        await output.CompleteAsync();
        return rows;
    }

    private JobResult.Succeeded Gone(JobRun run, ExportId id)
    {
        run.Note("gone", "The export was deleted meanwhile.");
        return new JobResult.Succeeded(ct => exports.LetGo(id, ct));
    }
}
