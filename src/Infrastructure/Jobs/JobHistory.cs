using MediaPlatform.Application.Jobs;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Jobs;

internal sealed class JobHistory(DbSession db) : IJobHistory
{
    private const string DeleteSome = """
        delete from jobs
        where client_id = @ClientId and id in (
            select id
            from jobs
            where client_id = @ClientId
                and ((status in ('succeeded', 'canceled') and finished_at < @DoneBefore) or (status in ('failed', 'dead') and finished_at < @FailedBefore))
            order by finished_at
            limit @Limit
            for update skip locked
        )
        """;

    public Task<int> Forget(DateTimeOffset doneBefore, DateTimeOffset failedBefore, int limit, CancellationToken cancellationToken) =>
        db.Execute(DeleteSome, new { db.ClientId, DoneBefore = doneBefore, FailedBefore = failedBefore, Limit = limit }, cancellationToken);
}
