using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>
/// Brings a schema up, and down again. Scripts are numbered and never change once applied (their checksum is kept); each runs in
/// a transaction of its own, except one that says <c>-- no transaction</c> on its first line. The journal has DbUp's shape
/// (<c>schemaversions</c>), so that DbUp can take over. Any number of migrators at once wait for each other.
/// </summary>
public sealed class Migrator(string connectionString, ILogger logger)
{
    private const long LockKey = 0x4d_50_4d_49_47; // "MPMIG"

    // released when the session ends
    private const string TakeLock = "select pg_advisory_lock(@LockKey)";

    // the scheduler makes them from then on; a database that lay idle for months has none for whoever writes first
    private const string CreatePartitions = "select create_change_log_partitions((now() at time zone 'UTC')::date, 3)";

    private const string CreateJournal = """
        create table if not exists schemaversions (
            schemaversionsid serial primary key,
            scriptname varchar(255) not null unique,
            applied timestamp not null,
            checksum text not null default ''
        )
        """;

    private const string ReadJournal = """
        select scriptname as name, checksum
        from schemaversions
        order by scriptname
        """;

    private const string WriteJournal = """
        insert into schemaversions (scriptname, applied, checksum)
        values (@Name, now() at time zone 'UTC', @Checksum)
        """;

    private const string EraseJournal = """
        delete from schemaversions
        where scriptname = @Name
        """;

    /// <summary>Tells one schema from another: a hash over all scripts.</summary>
    public static string Fingerprint { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(MigrationScript.All.Select(script => script.Name + script.Checksum)))))[..16];

    /// <summary>Applies what is missing, and makes the change log's partitions of this month and of two ahead.</summary>
    /// <returns>How many scripts were applied.</returns>
    /// <exception cref="MigrationException">An applied script has changed or is unknown here, or a script failed; those before it stay applied.</exception>
    public Task<int> Up(CancellationToken cancellationToken) => WithLock(
        async connection =>
        {
            var pending = MigrationScript.All.Skip((await Applied(connection)).Count).ToList();
            foreach (var script in pending)
            {
                await Apply(connection, script.Name, script.UpSql, WriteJournal, new { script.Name, script.Checksum }, cancellationToken);
            }

            await connection.ExecuteAsync(CreatePartitions);
            return pending.Count;
        },
        cancellationToken);

    /// <summary>Takes back the last <paramref name="count"/> scripts, newest first.</summary>
    /// <returns>How many were taken back.</returns>
    /// <exception cref="MigrationException">As <see cref="Up"/>.</exception>
    public Task<int> Down(int count, CancellationToken cancellationToken) => WithLock(
        async connection =>
        {
            var applied = await Applied(connection);
            var leaving = MigrationScript.All.Take(applied.Count).TakeLast(count).Reverse().ToList();
            foreach (var script in leaving)
            {
                await Apply(connection, script.Name + " (down)", script.DownSql, EraseJournal, new { script.Name }, cancellationToken);
            }

            return leaving.Count;
        },
        cancellationToken);

    private async Task<T> WithLock<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString); // a pool would keep the session, and with it the lock
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(TakeLock, new { LockKey }, commandTimeout: 600);
        await connection.ExecuteAsync(CreateJournal);
        return await work(connection);
    }

    private static async Task<IReadOnlyList<MigrationScript>> Applied(NpgsqlConnection connection)
    {
        var journal = (await connection.QueryAsync<(string Name, string Checksum)>(ReadJournal)).ToList();
        foreach (var ((name, checksum), index) in journal.Select((row, index) => (row, index)))
        {
            if (index >= MigrationScript.All.Count || MigrationScript.All[index].Name != name)
                throw new MigrationException($"The database has {name}, which this version of the platform does not know at that place.");
            if (MigrationScript.All[index].Checksum != checksum)
                throw new MigrationException($"{name} has changed since it was applied. A script that has landed is never edited: add another.");
        }

        return [.. MigrationScript.All.Take(journal.Count)];
    }

    private async Task Apply(NpgsqlConnection connection, string name, string sql, string journal, object entry, CancellationToken cancellationToken)
    {
        logger.LogInformation("Applying {Script}", name);
        try
        {
            await using var transaction = MigrationScript.RunsAlone(sql) ? null : await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await connection.ExecuteAsync(journal, entry, transaction);
            if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception)
        {
            throw new MigrationException($"{name} failed: {exception.MessageText}", exception);
        }
    }
}

/// <summary>One step of the schema, with its way back.</summary>
internal sealed record MigrationScript(string Name, string UpSql, string DownSql)
{
    private const string Prefix = "migrations/";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<MigrationScript> All { get; } = Load();

    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(UpSql.ReplaceLineEndings("\n"))));

    public static bool RunsAlone(string sql) => sql.StartsWith("-- no transaction", StringComparison.Ordinal);

    private static MigrationScript[] Load()
    {
        var assembly = typeof(MigrationScript).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !name.EndsWith(".down.sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new MigrationScript(name[Prefix.Length..], Read(name), Read(name.Replace(".sql", ".down.sql", StringComparison.Ordinal)))),
        ];

        string Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is missing: every migration has a way back.");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}

/// <summary>The schema could not be changed; the message says why.</summary>
public sealed class MigrationException(string message, Exception? innerException = null) : Exception(message, innerException);
