using Dapper;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

/// <summary>Migrations that move data, with data before and after.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class MovingDataTests
{
    private static readonly Guid First = Guid.CreateVersion7();
    private static readonly Guid Second = Guid.CreateVersion7();

    private static readonly string Clients = $"""
        insert into clients (id, name, slug, created_at, updated_at)
        values ('{First}', 'First', 'first', now(), now()), ('{Second}', 'Second', 'second', now(), now());
        """;

    [Test]
    public async Task A_name_stays_with_the_client_that_gave_it()
    {
        await using var schema = await Schema.Before("0007_name_members.sql");
        await schema.Execute(Clients);
        await schema.Execute($"""
            insert into users (id, email, display_name, created_at, updated_at) values ('{Id(1)}', 'ann@example.com', 'Ann Lee', now(), now());
            insert into members (client_id, id, user_id, role, status, created_at, updated_at) values ('{First}', '{Id(11)}', '{Id(1)}', 'editor', 'invited', now(), now());
            """);
        await schema.Execute($"""
            insert into members (client_id, id, user_id, role, status, created_at, updated_at) values ('{Second}', '{Id(12)}', '{Id(1)}', 'viewer', 'invited', now(), now());
            """);

        await schema.Up();
        Assert.That(await Names(), Is.EqualTo(new[] { "Ann Lee", null }));

        await schema.Down();
        Assert.That(await schema.Read<string>("select display_name from users"), Is.EqualTo(new[] { "Ann Lee" }));

        Task<List<string?>> Names() => schema.Read<string?>("select display_name from members order by id");
    }

    private static Guid Id(int number) => Guid.Parse($"019a0000-0000-7000-8000-{number:000000000000}");

    /// <summary>A database as it is just before one script.</summary>
    private sealed record Schema(string Database, int Steps) : IAsyncDisposable
    {
        public static async Task<Schema> Before(string script)
        {
            var database = await TestServers.CreateDatabase();
            var schema = new Schema(database, MigrationScript.All.Count - MigrationScript.All.ToList().FindIndex(one => one.Name == script));
            await schema.Down();
            return schema;
        }

        public Task<int> Up() => new Migrator(Database, NullLogger.Instance).Up(CancellationToken.None);

        public Task<int> Down() => new Migrator(Database, NullLogger.Instance).Down(Steps, CancellationToken.None);

        public async Task Execute(string sql)
        {
            await using var connection = new NpgsqlConnection(Database);
            await connection.ExecuteAsync(sql);
        }

        public async Task<List<T>> Read<T>(string sql)
        {
            await using var connection = new NpgsqlConnection(Database);
            return [.. await connection.QueryAsync<T>(sql)];
        }

        public async ValueTask DisposeAsync() => await TestServers.DropDatabase(Database);
    }
}
