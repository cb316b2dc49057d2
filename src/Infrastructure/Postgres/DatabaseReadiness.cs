using Dapper;
using MediaPlatform.Infrastructure.Health;
using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>
/// The database answers and has the schema that this version was built for. When that came after this process, its types are read again: a
/// driver looks for those once, at its first connection.
/// </summary>
internal sealed class DatabaseReadiness(NpgsqlDataSource source) : IReadinessCheck
{
    private const string LastApplied = """
        select scriptname
        from schemaversions
        order by scriptname desc
        limit 1
        """;

    private volatile bool wasBehind;

    public string Name => "database";
    public bool Required => true;

    public async Task<string?> Check(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var last = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(LastApplied, cancellationToken: cancellationToken));
            if (last != MigrationScript.All[^1].Name) return Behind($"The schema stands at {last ?? "nothing"}; run the worker's migrate command.");

            if (!wasBehind) return null;
            await source.ReloadTypesAsync(cancellationToken);
            source.Clear(); // what connections know of types, they know for good
            wasBehind = false;
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return Behind("The schema is empty; run the worker's migrate command.");
        }
        catch (NpgsqlException)
        {
            return "PostgreSQL does not answer.";
        }
    }

    private string Behind(string reason)
    {
        wasBehind = true;
        return reason;
    }
}
