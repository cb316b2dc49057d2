using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Episodes;

/// <summary>Forgets the sessions of a client's guests that have expired. What came in by them stays.</summary>
internal sealed class ExpireGuestSessions(ITransactions transactions, IGuests guests, TimeProvider time) : IJobHandler
{
    private const int AtATime = 1000;

    public string JobType => Domain.Jobs.JobType.GuestSessionExpire.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var forgotten = await run.Stage("forget", () => transactions.Repeat(ct => guests.ForgetSessions(time.GetUtcNow(), AtATime, ct), AtATime, cancellationToken));
        run.Note("forget", $"{forgotten} sessions forgotten.");
        return JobResult.Nothing;
    }
}
