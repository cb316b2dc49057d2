using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Closes the uploads of a client that were begun and never finished, and lets their objects go.</summary>
internal sealed class ExpireUploads(ITransactions transactions, IUploads uploads, TimeProvider time) : IJobHandler
{
    private const int AtATime = 200;

    public string JobType => Domain.Jobs.JobType.UploadExpire.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var expired = await run.Stage("expire", () => transactions.Repeat(ExpireSome, AtATime, cancellationToken));
        run.Note("expire", $"{expired} uploads expired.");
        return JobResult.Nothing;
    }

    private async Task<int> ExpireSome(CancellationToken cancellationToken)
    {
        var found = await uploads.FindExpired(time.GetUtcNow(), AtATime, cancellationToken);
        foreach (var upload in found) await uploads.Reject(upload, UploadStatus.Expired, new UploadExpired(), cancellationToken);
        return found.Count;
    }
}
