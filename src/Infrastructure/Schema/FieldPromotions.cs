using MediaPlatform.Application.Schema;
using MediaPlatform.Infrastructure.Postgres;
using Npgsql;

namespace MediaPlatform.Infrastructure.Schema;

internal sealed class FieldPromotions(DbSession db) : IFieldPromotions
{
    private const string Step = "select advance_promotion(@AtMost)";

    public async Task<bool> Advance(int atMost, CancellationToken cancellationToken)
    {
        try
        {
            return await db.Single<int?>(Step, new { AtMost = atMost }, cancellationToken) is not null;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            return false; // somebody writes these records: again with the next tick
        }
    }
}
