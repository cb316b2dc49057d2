using MediaPlatform.Application.Audit;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Audit;

internal sealed class ChangeRetention(DbSession db, ITransactions transactions, AuditOptions options, TimeProvider time) : IChangeRetention
{
    // a month of a large platform is copied for longer than a request may take
    private const string TakeTime = "select set_config('statement_timeout', '600000', true)";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(610); // the server's own limit speaks first

    private const string ForgetOldest = "select forget_changes(@Before)";

    public async Task<int> Forget(CancellationToken cancellationToken)
    {
        for (var forgotten = 0; ; forgotten++)
        {
            if (await transactions.Run(ForgetOne, cancellationToken) is null) return forgotten;
        }
    }

    private async Task<string?> ForgetOne(CancellationToken cancellationToken)
    {
        await db.Execute(TakeTime, null, cancellationToken);
        return await db.Find<string>(ForgetOldest, new { Before = time.GetUtcNow().AddDays(-options.RetentionDays) }, cancellationToken, Longest);
    }
}
