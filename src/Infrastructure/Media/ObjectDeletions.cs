using Dapper;
using MediaPlatform.Application.Media;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class ObjectDeletions(NpgsqlDataSource source, ILogger<ObjectDeletions> logger) : IObjectDeletions
{
    // A row is held while its objects are deleted: what was let go of is never taken up again, so nothing can come to refer to it
    // meanwhile, and a crash leaves the row. A folder is kept while its original is an asset's, or any rendition in it is one's; the bounds
    // are those of all that begins with it, by bytes, since '0' follows '/'.
    private const string TakeOne = """
        select id, client_id, storage_key, attempts,
            exists (
                select from media_assets asset
                where asset.storage_key in (object_deletions.storage_key, object_deletions.storage_key || 'original') and asset.storage_key not like 's3://%'
                    and asset.storage_provider = object_deletions.storage_provider
                union all
                select from media_variants variant where variant.storage_key = object_deletions.storage_key and variant.storage_provider = object_deletions.storage_provider
                union all
                select from exports export where export.storage_key = object_deletions.storage_key and export.storage_provider = object_deletions.storage_provider
                union all
                select from thumbnails thumbnail where thumbnail.storage_folder = object_deletions.storage_key and thumbnail.storage_provider = object_deletions.storage_provider
                union all
                select from media_variants variant
                where object_deletions.storage_key like '%/'
                    and variant.storage_key ~>=~ object_deletions.storage_key and variant.storage_key ~<~ (rtrim(object_deletions.storage_key, '/') || '0')
                    and variant.storage_provider = object_deletions.storage_provider
            ) as in_use
        from object_deletions
        where storage_provider = @Provider and due_at <= now()
        order by due_at
        limit 1
        for update skip locked
        """;

    private const string Delete = """
        delete from object_deletions
        where id = @Id
        """;

    private const string Postpone = """
        update object_deletions
        set attempts = attempts + 1, last_error = @Error, due_at = now() + least(interval '1 hour', interval '5 seconds' * power(2, least(attempts, 10)))
        where id = @Id
        """;

    public async Task<int> Sweep(IMediaStore store, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        for (var seen = 0; seen < limit; seen++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var row = await connection.QuerySingleOrDefaultAsync<Row>(Command(TakeOne, new { store.Provider }));
            if (row is null) return seen;

            if (row.InUse) logger.LogCritical("Object {Key} was let go of while something refers to it; it is kept", row.StorageKey);
            var error = row.InUse ? null : await TryDelete(store, row, cancellationToken);
            await connection.ExecuteAsync(error is null ? Command(Delete, new { row.Id }) : Command(Postpone, new { row.Id, Error = error }));
            await transaction.CommitAsync(cancellationToken);
            if (error is not null) return seen; // a store that does not answer for one does not for the next: the clockwork has other things to do

            CommandDefinition Command(string sql, object parameters) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
        }

        return limit;
    }

    private async Task<string?> TryDelete(IMediaStore store, Row row, CancellationToken cancellationToken)
    {
        try
        {
            await store.Delete(row.StorageKey, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException) // one object that cannot be deleted must not hold up the others
        {
            logger.LogWarning(exception, "Object {Key} could not be deleted (attempt {Attempt}); it will be tried again", row.StorageKey, row.Attempts + 1);
            return exception is StorageException ? exception.Message : exception.GetType().Name;
        }
    }

    private sealed record Row(long Id, Guid ClientId, string StorageKey, int Attempts, bool InUse);
}
