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

    [Test]
    public async Task Who_has_signed_in_keeps_the_identity()
    {
        await using var schema = await Schema.Before("0014_identify_users.sql");
        await schema.Execute($"""
            insert into users (id, email, oidc_issuer, oidc_subject, created_at, updated_at)
            values
                ('{Id(1)}', 'ann@example.com', 'https://issuer.example', 'ann', now(), now()),
                ('{Id(2)}', 'bea@example.com', null, null, now(), now());
            """);

        await schema.Up();
        Assert.That(await schema.Read<string>("select user_id || ' ' || issuer || ' ' || subject from user_identities"), Is.EqualTo(new[] { $"{Id(1)} https://issuer.example ann" }));
        await schema.Execute($"""
            insert into user_identities (id, user_id, issuer, subject, created_at)
            values ('{Id(21)}', '{Id(1)}', 'https://second.example', 'ann', now() + interval '1 day'), ('{Id(22)}', '{Id(2)}', 'https://second.example', 'bea', now());
            """);

        await schema.Down();
        Assert.That(
            await schema.Read<string>("select email || ' ' || oidc_issuer || ' ' || oidc_subject from users order by email"),
            Is.EqualTo(new[] { "ann@example.com https://issuer.example ann", "bea@example.com https://second.example bea" }));
    }

    [Test]
    public async Task Tags_that_are_there_are_counted()
    {
        await using var schema = await Schema.Before("0023_manage_tags.sql");
        await schema.Execute(Clients);
        await schema.Execute($"""
            insert into media_assets (
                client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, tags, created_at, created_by_kind,
                updated_at, deleted_at)
            select '{First}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'a.jpg', 1, sha256(n::text::bytea), 'local', n::text, 'ready', 'upload',
                array['sea', 'n' || n % 2], now(), 'system', now(), case when n = 5 then now() end
            from generate_series(1, 5) n
            """);

        await schema.Up();
        await schema.Execute($"select fold_tag_counts('{First}', 1000)");
        Assert.That(await schema.Read<string>("select tag || ' ' || counts from tag_usage order by tag"), Is.EqualTo(new[]
        {
            """n0 {"media_asset": 2}""", """n1 {"media_asset": 2}""", """sea {"media_asset": 4}""",
        }));

        await schema.Down();
    }

    [Test]
    public async Task A_URL_stays_with_the_uploads_that_still_need_it()
    {
        await using var schema = await Schema.Before("0024_separate_renditions.sql");
        await schema.Execute(Clients);
        await schema.Execute(string.Concat(new[] { "open", "received", "verifying", "rejected", "expired" }.Select((status, number) => $"""
            insert into uploads (client_id, id, kind, status, file_name, on_trashed, storage_provider, storage_key, source_url, expires_at, created_at, created_by_kind, updated_at)
            values ('{First}', '{Id(number + 1)}', 'url', '{status}', 'a.jpg', 'refuse', 'local', '{status}', 'https://example.com/?signature=1', now(), now(), 'api_key', now());
            """)));

        await schema.Up();

        Assert.That(await schema.Read<string>("select status from uploads where source_url is not null order by id"), Is.EqualTo(new[] { "open", "received", "verifying" }));
    }

    [Test]
    public async Task A_version_without_conflicts_finds_none()
    {
        await using var schema = await Schema.Before("0025_keep_uploads_in_conflict.sql");
        await schema.Execute(Clients);
        await schema.Up();
        await schema.Execute(string.Concat(new[] { "presigned", "registered" }.Select((kind, number) => $"""
            insert into uploads (client_id, id, kind, status, file_name, on_trashed, storage_provider, storage_key, asset_id, format, expires_at, created_at, created_by_kind, updated_at)
            values ('{First}', '{Id(number + 1)}', '{kind}', 'conflict', 'a.jpg', 'refuse', 'local', '{kind}/original', '{Id(9)}', 'JPEG', now(), now(), 'api_key', now());
            """)));

        await schema.Down();

        Assert.That(await schema.Read<string>("select status from uploads"), Is.EqualTo(new[] { "rejected", "rejected" }));
        Assert.That(await schema.Read<string>("select storage_key from object_deletions"), Is.EqualTo(new[] { "presigned/" }), "what is registered is not ours");
    }

    [Test]
    public async Task What_an_id_was_known_to_be_gets_its_kind()
    {
        await using var schema = await Schema.Before("0008_tell_kinds_of_actors.sql");
        await schema.Execute(Clients);
        await schema.Execute($"""
            insert into api_keys (client_id, id, name, role, prefix, secret_hash, created_at, created_by, updated_at, revoked_at, revoked_by)
            values
                ('{First}', '{Id(1)}', 'first', 'owner', 'mp', sha256('1'), now(), null, now(), null, null),
                ('{First}', '{Id(2)}', 'second', 'owner', 'mp', sha256('2'), now(), '{Id(1)}', now(), now(), '{Id(1)}');
            insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, created_by, updated_at, retried_at, retried_by)
            values
                ('{First}', '{Id(1)}', 'TRASH_PURGE', 'maintenance', 5, now(), now(), null, now(), null, null),
                ('{First}', '{Id(2)}', 'MEDIA_PROCESS', 'image', 5, now(), now(), '{Id(1)}', now(), now(), '{Id(1)}');
            """);

        await schema.Up();

        Assert.That(await schema.Read<string>("select created_by_kind || ' ' || coalesce(revoked_by_kind, '-') from api_keys order by id"), Is.EqualTo(new[] { "system -", "key key" }));
        Assert.That(await schema.Read<string>("select created_by_kind || ' ' || coalesce(retried_by_kind, '-') || coalesce(canceled_by_kind, '-') from jobs order by id"),
            Is.EqualTo(new[] { "system --", "key key-" }));
    }

    [Test]
    public async Task Texts_that_were_written_in_parts_are_composed()
    {
        await using var schema = await Schema.Before("0010_compose_texts.sql");
        await schema.Execute(Clients);
        await schema.Execute($"""
            insert into attachable_owners (client_id, owner_type, owner_id, id, title, created_at, created_by_kind, updated_at)
            values ('{First}', 'scene', U&'cafe\0301', '{Id(1)}', U&'Cafe\0301', now(), 'key', now()), ('{First}', 'scene', '2', '{Id(2)}', null, now(), 'key', now());
            insert into media_assets (
                client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, created_at, created_by_kind, updated_at)
            values ('{First}', '{Id(1)}', 'image', 'JPEG', 'image/jpeg', U&'Cafe\0301', 'a.jpg', 1, sha256('1'), 'local', '1', 'ready', 'upload', now(), 'key', now());
            """);

        await schema.Up();

        Assert.That(await schema.Read<string?>("select title from attachable_owners order by id"), Is.EqualTo(new[] { "Caf\u00E9", null }));
        Assert.That(await schema.Read<string>("select owner_id from attachable_owners order by id"), Is.EqualTo(new[] { "cafe\u0301", "2" }));
        Assert.That(await schema.Read<string>("select title from media_assets"), Is.EqualTo(new[] { "Caf\u00E9" }));
    }

    private static Guid Id(int number) => Guid.Parse($"019a0000-0000-7000-8000-{number:000000000000}");

    [Test]
    public async Task The_log_loses_the_names_of_credits_and_is_append_only_again()
    {
        await using var schema = await Schema.Before("0054_redact_credits.sql");
        await schema.Execute($$$"""
            insert into change_log (client_id, actor_kind, entity, entity_id, operation, changes)
            values
                ('{{{First}}}', 'key', 'set_credit', '{{{Id(1)}}}', 'insert', '{"role": {"new": "model"}, "raw_name": {"new": "Ann"}}'),
                ('{{{First}}}', 'key', 'set_credit', '{{{Id(1)}}}', 'update', '{"resolution_status": {"old": "unresolved", "new": "ignored"}}'),
                ('{{{First}}}', 'key', 'credit_resolution', '{{{Id(2)}}}', 'insert', '{"name_norm": {"new": "ann"}}'),
                ('{{{Second}}}', 'key', 'person', '{{{Id(3)}}}', 'insert', '{"raw_name": {"new": "Ann"}}');
            """);

        await schema.Up();

        Assert.That(await schema.Read<string>("select changes::text from change_log where entity_id = any(array['" + string.Join("','", Id(1), Id(2), Id(3)) + "']::uuid[]) order by id"), Is.EqualTo(new[]
        {
            """{"role": {"new": "model"}, "raw_name": {"redacted": true}}""", """{"resolution_status": {"new": "ignored", "old": "unresolved"}}""", """{"name_norm": {"redacted": true}}""", """{"raw_name": {"new": "Ann"}}""",
        }));
        Assert.That(() => schema.Execute("update change_log set changes = '{}'"), Throws.InstanceOf<PostgresException>());
    }

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
