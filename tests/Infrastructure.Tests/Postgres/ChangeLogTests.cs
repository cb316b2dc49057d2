using System.Text.Json.Nodes;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

[Parallelizable(ParallelScope.All)]
internal sealed class ChangeLogTests
{
    private static readonly Guid Client = Guid.CreateVersion7();

    private string database = null!;
    private NpgsqlDataSource source = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        database = await TestServers.CreateDatabase();
        source = Database.CreateDataSource(new DatabaseOptions { ConnectionString = database }, "tests");
        await Execute($"insert into clients (id, name, slug, created_at, updated_at) values ('{Client}', 'Logged', 'logged', now(), now())");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await source.DisposeAsync();
        await TestServers.DropDatabase(database);
    }

    [Test]
    public async Task A_write_is_logged_with_its_actor_and_its_request()
    {
        var (actor, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var session = new DbSession(source, new CallContext { Caller = new Caller(Client, ActorKind.Key, actor, Role.Editor, "request-1") });

        await session.Run(async ct => await session.Execute(InsertAsset(id), null, ct), _ => true, CancellationToken.None);

        var entry = (await EntriesOf(id)).Single();
        Assert.That((entry.ActorKind, entry.ActorId, entry.RequestId, entry.ClientId), Is.EqualTo(("key", (Guid?)actor, "request-1", (Guid?)Client)));
        Assert.That((entry.Entity, entry.Operation), Is.EqualTo(("media_asset", "insert")));
        Assert.That(entry.Changes["title"]!.ToJsonString(), Is.EqualTo("""{"new":"Before"}"""));
    }

    [Test]
    public async Task A_write_that_is_rolled_back_is_not_logged()
    {
        var id = Guid.CreateVersion7();
        var session = new DbSession(source, new CallContext { Caller = new Caller(Client, ActorKind.Key, Guid.CreateVersion7(), Role.Editor, "request-2") });

        await session.Run(async ct => await session.Execute(InsertAsset(id), null, ct), _ => false, CancellationToken.None);

        Assert.That(await EntriesOf(id), Is.Empty);
    }

    [Test]
    public async Task The_actor_ends_with_its_transaction()
    {
        var id = Guid.CreateVersion7();
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("select set_config('mediaplatform.actor_kind', 'user', true), set_config('mediaplatform.actor_id', gen_random_uuid()::text, true)");
            await transaction.CommitAsync();
            await connection.ExecuteAsync(InsertAsset(id));
        }

        var entry = (await EntriesOf(id)).Single();
        Assert.That((entry.ActorKind, entry.ActorId), Is.EqualTo(("database", (Guid?)null)));
    }

    [Test]
    public async Task A_write_by_hand_is_logged_as_the_database_role_that_made_it()
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));

        var entry = (await EntriesOf(id)).Single();
        Assert.That(entry.ActorKind, Is.EqualTo("database"));
        Assert.That(entry.RequestId, Is.EqualTo(new NpgsqlConnectionStringBuilder(database).Username));
    }

    [Test]
    public async Task Only_what_changed_is_kept()
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));
        await Execute($"update media_assets set title = 'After', caption = null, tags = '{{a,b}}', version = version + 1, updated_at = now() where id = '{id}'");

        var changes = (await EntriesOf(id)).Last().Changes;
        Assert.That(changes.Select(change => change.Key), Is.EquivalentTo(new[] { "title", "tags" }));
        Assert.That(changes["title"]!.ToJsonString(), Is.EqualTo("""{"new":"After","old":"Before"}"""));
        Assert.That(changes["tags"]!.ToJsonString(), Is.EqualTo("""{"new":["a","b"],"old":[]}"""));
    }

    [Test]
    public async Task A_value_is_kept_whole_with_the_nulls_in_it()
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));
        await Execute($$$"""update media_assets set custom_fields = '{"crop": null, "in": {"x": null}}', caption = 'Said' where id = '{{{id}}}'""");
        await Execute($"update media_assets set caption = null where id = '{id}'");
        await Execute($"delete from media_assets where id = '{id}'");

        var changes = (await EntriesOf(id)).Select(entry => entry.Changes).ToList();
        Assert.That(changes[1]["custom_fields"]!.ToJsonString(), Is.EqualTo("""{"new":{"in":{"x":null},"crop":null},"old":{}}"""));
        Assert.That(changes[1]["caption"]!.ToJsonString(), Is.EqualTo("""{"new":"Said","old":null}"""));
        Assert.That(changes[2]["caption"]!.ToJsonString(), Is.EqualTo("""{"new":null,"old":"Said"}"""));
        Assert.That(changes[3]["custom_fields"]!.ToJsonString(), Is.EqualTo("""{"old":{"in":{"x":null},"crop":null}}"""));
    }

    [Test]
    public async Task What_the_machine_writes_is_not_logged()
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));
        await Execute($"update media_assets set status = 'ready', width = 1, height = 1, placeholder_hash = 'x', exif = '{{\"a\": 1}}', gps = '{{}}', last_used_at = now(), updated_at = now() where id = '{id}'");
        await Execute($"update media_assets set title = title where id = '{id}'");

        Assert.That((await EntriesOf(id)).Select(entry => entry.Operation), Is.EqualTo(new[] { "insert" }));
    }

    [Test]
    public async Task A_delete_keeps_what_there_was()
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));
        await Execute($"delete from media_assets where id = '{id}'");

        var entry = (await EntriesOf(id)).Last();
        Assert.That(entry.Operation, Is.EqualTo("delete"));
        Assert.That(entry.Changes["title"]!.ToJsonString(), Is.EqualTo("""{"old":"Before"}"""));
    }

    [Test]
    public async Task A_secret_is_never_copied()
    {
        var id = Guid.CreateVersion7();
        await Execute($"""
            insert into api_keys (client_id, id, name, role, prefix, secret_hash, created_at, created_by_kind, updated_at)
            values ('{Client}', '{id}', 'key', 'viewer', 'mp_12345678', sha256('{id}'), now(), 'system', now());
            update api_keys set secret_hash = sha256('other {id}') where id = '{id}';
            """);

        var entries = await EntriesOf(id);
        Assert.That(entries, Has.Count.EqualTo(2));
        foreach (var entry in entries) Assert.That(entry.Changes["secret_hash"]!.ToJsonString(), Is.EqualTo("""{"redacted":true}"""));
    }

    [TestCase("update change_log set actor_kind = 'nobody'")]
    [TestCase("delete from change_log")]
    public async Task What_is_logged_stays(string sql)
    {
        await Execute(InsertAsset(Guid.CreateVersion7()));

        var refused = (await Assert.ThrowsAsync<PostgresException>(() => Execute(sql)))!;

        Assert.That(refused.MessageText, Does.Contain("append-only"));
    }

    [Test]
    public async Task Rows_lie_in_the_partition_of_their_month()
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));

        await using var connection = await source.OpenConnectionAsync();
        var partition = await connection.QuerySingleAsync<string>($"select tableoid::regclass::text from change_log where entity_id = '{id}'");
        Assert.That(partition, Does.Match(@"^change_log_\d{6}$"));
    }

    [Test]
    public async Task Every_tenant_table_that_people_write_has_its_trigger()
    {
        await using var connection = await source.OpenConnectionAsync();
        var without = await connection.QueryAsync<string>("""
            select c.relname
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'version' and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
                and not exists (select from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = c.oid and p.proname = 'write_change_log')
            """);

        Assert.That(without, Is.Empty);
    }

    private static string InsertAsset(Guid id) => $"""
        insert into media_assets (
            client_id, id, type, format, mime_type, title, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, created_at, created_by_kind, updated_at)
        values ('{Client}', '{id}', 'image', 'JPEG', 'image/jpeg', 'Before', 'a.jpg', 1, sha256('{id}'), 'local', '{id}', 'processing', 'upload', now(), 'system', now())
        """;

    private async Task Execute(string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private async Task<List<Entry>> EntriesOf(Guid id)
    {
        await using var connection = await source.OpenConnectionAsync();
        var rows = await connection.QueryAsync<Row>(
            "select client_id, actor_kind, actor_id, request_id, entity, operation, changes::text as changes from change_log where entity_id = @id order by change_log.id", new { id });
        return [.. rows.Select(row => new Entry(row.ClientId, row.ActorKind, row.ActorId, row.RequestId, row.Entity, row.Operation, JsonNode.Parse(row.Changes)!.AsObject()))];
    }

    private sealed record Row(Guid? ClientId, string ActorKind, Guid? ActorId, string? RequestId, string Entity, string Operation, string Changes);

    private sealed record Entry(Guid? ClientId, string ActorKind, Guid? ActorId, string? RequestId, string Entity, string Operation, JsonObject Changes);
}
