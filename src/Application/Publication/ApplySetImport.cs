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
            var soFar = 0;
            while (true)
            {
                var applied = await transactions.Run(ct => importer.Apply(id, ct), cancellationToken);
                if (applied == 0) return soFar;
                soFar += applied;
                run.Progress = 100 * soFar / import.Rows;
            }
        });
        run.Note("apply", $"{done} rows done.");
        return JobResult.Nothing;
    }
}
