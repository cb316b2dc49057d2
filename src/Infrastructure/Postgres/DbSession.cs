using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>
/// The database as one scope sees it. A transaction has one connection and says who acts; a statement outside of one has a connection
/// for itself alone, so that none is held while a caller reads the answer or a job works.
/// </summary>
internal sealed class DbSession(NpgsqlDataSource source, CallContext context, DatabaseOptions options, ILogger<DbSession> logger) : ITransactions
{
    private const string SetActor = """
        select
            set_config('mediaplatform.actor_kind', @Kind, true),
            set_config('mediaplatform.actor_id', @ActorId, true),
            set_config('mediaplatform.request_id', @RequestId, true)
        """;

    // Done and noted in one: whoever sends the request again, and whoever took its key over meanwhile, does nothing.
    private const string MarkDone = """
        update idempotency_keys
        set done_at = coalesce(done_at, now())
        where token = @Token
        """;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private NpgsqlTransaction? transaction;

    /// <summary>The tenant of the caller.</summary>
    public Guid ClientId => context.Caller.ClientId;

    /// <summary>Who acts.</summary>
    public Caller Caller => context.Caller;

    public bool IsOpen => transaction is not null;

    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> work, Func<T, bool> commits, bool again, CancellationToken cancellationToken)
    {
        if (transaction is not null) throw new InvalidOperationException("A transaction is open already; they do not nest.");

        var attempts = again ? options.Attempts : 1;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnce(work, commits, cancellationToken);
            }
            catch (PostgresException lost) when (attempt < attempts && lost.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                logger.LogInformation("Another transaction had what this one needed ({SqlState}); it is begun again", lost.SqlState);
                await Task.Delay(Random.Shared.Next((int)LongestPause.TotalMilliseconds), cancellationToken); // so that two do not meet again
            }
        }
    }

    private async Task<T> RunOnce<T>(Func<CancellationToken, Task<T>> work, Func<T, bool> commits, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellationToken);
            var caller = context.Caller;
            await Execute(SetActor, new { Kind = caller.KindName, ActorId = caller.ActorId?.ToString() ?? "", caller.RequestId }, cancellationToken);

            var result = await work(cancellationToken);
            if (!commits(result)) return result;

            if (context.IdempotencyToken is { } token && await Execute(MarkDone, new { Token = token }, cancellationToken) == 0) throw new KeyLostException();
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            if (transaction is not null) await transaction.DisposeAsync();
            transaction = null;
        }
    }

    public async Task<int> Execute(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var held = await Hold(cancellationToken);
        return await held.Connection.ExecuteAsync(Command(sql, parameters, cancellationToken));
    }

    /// <param name="limit">How long it may take, where that is longer than the statements of requests; the server's own limit is raised by the caller.</param>
    public async Task<T?> Find<T>(string sql, object? parameters, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        await using var held = await Hold(cancellationToken);
        return await held.Connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, cancellationToken, limit));
    }

    public async Task<T> Single<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var held = await Hold(cancellationToken);
        return await held.Connection.QuerySingleAsync<T>(Command(sql, parameters, cancellationToken));
    }

    public async Task<IReadOnlyList<T>> List<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var held = await Hold(cancellationToken);
        return (await held.Connection.QueryAsync<T>(Command(sql, parameters, cancellationToken))).AsList();
    }

    /// <summary>Runs one statement so that a violation of one constraint undoes it alone, and counts as no rows.</summary>
    public async Task<int> InSavepoint(Func<Task<int>> statement, string constraint, CancellationToken cancellationToken)
    {
        const string name = "statement";
        var open = transaction ?? throw new InvalidOperationException("A savepoint stands in a transaction.");
        await open.SaveAsync(name, cancellationToken);
        try
        {
            var rows = await statement();
            await open.ReleaseAsync(name, cancellationToken);
            return rows;
        }
        catch (PostgresException exception) when (exception.IsViolationOf(constraint))
        {
            await open.RollbackAsync(name, cancellationToken);
            return 0;
        }
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken cancellationToken, TimeSpan? limit = null) =>
        new(sql, parameters, transaction, (int?)limit?.TotalSeconds, cancellationToken: cancellationToken);

    private async ValueTask<Held> Hold(CancellationToken cancellationToken) => transaction is not null
        ? new Held(transaction.Connection!, IsOwn: false)
        : new Held(await source.OpenConnectionAsync(cancellationToken), IsOwn: true);

    /// <summary>A connection for one statement: the transaction's, or one that goes back to the pool with it.</summary>
    private readonly record struct Held(NpgsqlConnection Connection, bool IsOwn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => IsOwn ? Connection.DisposeAsync() : default;
    }
}
