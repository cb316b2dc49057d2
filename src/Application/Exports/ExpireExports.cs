using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Exports;

/// <summary>EXPORT_EXPIRE: deletes the exports of a client that ended a day ago, with their files.</summary>
internal sealed class ExpireExports(ITransactions transactions, IExports exports, TimeProvider time) : IJobHandler
{
    private const int AtATime = 100;

    public string JobType => Domain.Jobs.JobType.ExportExpire.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var expired = await run.Stage("expire", () => transactions.Repeat(ct => exports.DeleteExpired(time.GetUtcNow(), AtATime, ct), AtATime, cancellationToken));
        run.Note("expire", $"{expired} exports expired.");
        return JobResult.Nothing;
    }
}
