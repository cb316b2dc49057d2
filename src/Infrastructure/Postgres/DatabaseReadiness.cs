using Dapper;
using MediaPlatform.Infrastructure.Health;
using Npgsql;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>The database answers and has the schema that this version was built for.</summary>
internal sealed class DatabaseReadiness(NpgsqlDataSource source) : IReadinessCheck
{
    private const string LastApplied = """
        select scriptname
        from schemaversions
        order by scriptname desc
        limit 1
        """;

    public string Name => "database";
    public bool Required => true;

    public async Task<string?> Check(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var last = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(LastApplied, cancellationToken: cancellationToken));
            return last == MigrationScript.All[^1].Name ? null : $"The schema stands at {last ?? "nothing"}; run the worker's migrate command.";
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return "The schema is empty; run the worker's migrate command.";
        }
        catch (NpgsqlException)
        {
            return "PostgreSQL does not answer.";
        }
    }
}
