using Dapper;
using MediaPlatform.Infrastructure.Health;
using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>
/// The database answers and has the schema that this version was built for. Its types are read again then, at first and whenever it was not so
/// before: the driver looks for them once, at its first connection, and that may have been made before the schema.
/// </summary>
internal sealed class DatabaseReadiness(NpgsqlDataSource source) : IReadinessCheck
{
    private const string LastApplied = """
        select scriptname
        from schemaversions
        order by scriptname desc
        limit 1
        """;

    private volatile bool typesMayBeOld = true;

    public string Name => "database";
    public bool Required => true;

    public async Task<string?> Check(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var last = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(LastApplied, cancellationToken: cancellationToken));
            if (last != MigrationScript.All[^1].Name) return Behind($"The schema stands at {last ?? "nothing"}; run the worker's migrate command.");

            if (!typesMayBeOld) return null;
            await source.ReloadTypesAsync(cancellationToken);
            source.Clear(); // what connections know of types, they know for good
            typesMayBeOld = false;
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
        typesMayBeOld = true;
        return reason;
    }
}
