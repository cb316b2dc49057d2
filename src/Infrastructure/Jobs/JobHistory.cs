using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Jobs;

internal sealed class JobHistory(DbSession db, ITransactions transactions) : IJobHistory
{
    private const int AtATime = 1000;

    private const string DeleteSome = """
        delete from jobs
        where client_id = @ClientId and id in (
            select id
            from jobs
            where client_id = @ClientId
                and ((status in ('succeeded', 'canceled') and finished_at < @DoneBefore) or (status in ('failed', 'dead') and finished_at < @FailedBefore))
            order by finished_at
            limit @AtATime
            for update skip locked
        )
        """;

    public async Task<int> Forget(Guid clientId, DateTimeOffset doneBefore, DateTimeOffset failedBefore, CancellationToken cancellationToken)
    {
        for (var total = 0; ;)
        {
            var deleted = await transactions.Run(
                ct => db.Execute(DeleteSome, new { ClientId = clientId, DoneBefore = doneBefore, FailedBefore = failedBefore, AtATime }, ct), cancellationToken);
            total += deleted;
            if (deleted < AtATime) return total;
        }
    }
}
