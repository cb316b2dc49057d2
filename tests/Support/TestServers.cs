using System.Globalization;
using Dapper;
using MediaPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Tests.Support;

/// <summary>The servers that ./dev test starts: one of each kind for all tests, a database for each fixture.</summary>
public static class TestServers
{
    private const long TemplateLock = 0x7465_7374;
    private static readonly Lazy<Task<string>> Template = new(CreateTemplate);

    /// <summary>A superuser's connection to the throw-away PostgreSQL.</summary>
    public static string Postgres { get; } = Required("MEDIAPLATFORM_TEST_POSTGRES");

    /// <summary>amqp://user:password@host:port/ of the throw-away RabbitMQ.</summary>
    public static Uri RabbitMq { get; } = new(Required("MEDIAPLATFORM_TEST_RABBITMQ"));

    /// <summary>http://access-key:secret-key@host:port/ of the throw-away S3 server; the access key has a colon itself.</summary>
    public static Uri S3 { get; } = new(Required("MEDIAPLATFORM_TEST_S3"));

    /// <summary>The settings of a section, S3 or R2, for a bucket of the throw-away server.</summary>
    public static Dictionary<string, string?> S3Settings(string bucket, string section = "S3")
    {
        var keys = Uri.UnescapeDataString(S3.UserInfo);
        var colon = keys.LastIndexOf(':');
        return new(StringComparer.Ordinal)
        {
            [$"{section}:Region"] = "us-east-1",
            [$"{section}:Bucket"] = bucket, [$"{section}:ServiceUrl"] = S3.GetLeftPart(UriPartial.Scheme) + S3.Authority.Split('@')[^1], [$"{section}:AccessKey"] = keys[..colon], [$"{section}:SecretKey"] = keys[(colon + 1)..],
        };
    }

    /// <summary>A connection string to a new database with the whole schema and nothing else.</summary>
    public static async Task<string> CreateDatabase()
    {
        var template = await Template.Value;
        var name = $"test_{Guid.NewGuid():n}";
        await Execute(Postgres, $"create database {name} template {template} strategy file_copy");
        return ConnectionTo(name);
    }

    /// <summary>A connection string to a new and empty database.</summary>
    public static async Task<string> CreateEmptyDatabase()
    {
        var name = $"test_{Guid.NewGuid():n}";
        await Execute(Postgres, $"create database {name}");
        return ConnectionTo(name);
    }

    /// <summary>The database as it was when it was made, whatever a test has done to it. Whether connections to it were lost by that.</summary>
    public static async Task<bool> RenewDatabase(string connectionString)
    {
        var template = await Template.Value;
        var (isNew, ended) = await Renewal.TryEmpty(connectionString, template);
        if (isNew) return ended > 0;

        await DropDatabase(connectionString);
        await Execute(Postgres, $"create database {new NpgsqlConnectionStringBuilder(connectionString).Database} template {template} strategy file_copy");
        return true;
    }

    public static async Task DropDatabase(string connectionString)
    {
        await using (var connection = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(connection); // of this database alone: the others are in use
        await Execute(Postgres, $"drop database if exists {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");
    }

    private static string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder(Postgres) { Database = database }.ConnectionString;

    private static async Task<string> CreateTemplate()
    {
        SqlMapper.ConnectionStringComparer = new OfOneSchema();

        // test assemblies run side by side: the first to come makes the template of this schema, the others wait for it
        var name = string.Create(CultureInfo.InvariantCulture, $"template_{Migrator.Fingerprint}");
        // outside the pool: a pooled session keeps the lock until somebody uses it again
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Postgres) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var locking = new NpgsqlCommand($"select pg_advisory_lock({TemplateLock})", connection);
        await locking.ExecuteNonQueryAsync();

        await using var looking = new NpgsqlCommand("select exists (select from pg_database where datname = @name)", connection);
        looking.Parameters.AddWithValue("name", name);
        if (await looking.ExecuteScalarAsync() is true) return name;

        var making = name + "_new";
        await Execute(Postgres, $"drop database if exists {making}");
        await Execute(Postgres, $"create database {making}");
        await new Migrator(new NpgsqlConnectionStringBuilder(ConnectionTo(making)) { Pooling = false }.ConnectionString, NullLogger.Instance).Up(CancellationToken.None);
        await Renewal.NoteTemplate(ConnectionTo(making));
        await Execute(Postgres, $"alter database {making} rename to {name}");
        return name;
    }

    private static async Task Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Required(string variable) =>
        Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} is not set: tests are run by ./dev test, which starts the servers they need.");

    /// <summary>Dapper keeps what it has compiled for a statement by database too; the fixtures' databases have one schema, so it serves them all.</summary>
    private sealed class OfOneSchema : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => true;

        public int GetHashCode(string obj) => 0;
    }
}
