using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Publication;

/// <summary>Does an import to its end, some rows in each transaction: an attempt goes on where the one before was killed.</summary>
internal sealed class ApplySetImport(ITransactions transactions, ISetImports imports, SetImporter importer) : IJobHandler
{
    internal const string SubjectType = "import";

    public string JobType => Domain.Jobs.JobType.SetImport.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        if (run.Job.SubjectId is not { } id || await imports.FindPayload(id, cancellationToken) is not { } import) return JobResult.Nothing;

        var done = await run.Stage("apply", async () =>
        {
            var before = import.Rows - await imports.CountPending(id, cancellationToken);
            var soFar = before;
            while (true)
            {
                run.Progress = 100 * soFar / import.Rows;
                var applied = await transactions.Run(ct => importer.Apply(id, ct), cancellationToken);
                if (applied == 0) return soFar - before;
                soFar += applied;
            }
        });
        run.Note("apply", $"{done} rows done.");
        return JobResult.Nothing;
    }
}
