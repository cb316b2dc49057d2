using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
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
        var session = new DbSession(source, new CallContext { Caller = new Caller(Client, ActorKind.Key, actor, Role.Editor, "request-1") }, new DatabaseOptions(), NullLogger<DbSession>.Instance);

        await session.Run(async ct => await session.Execute(InsertAsset(id), null, ct), _ => true, again: false, CancellationToken.None);

        var entry = (await EntriesOf(id)).Single();
        Assert.That((entry.ActorKind, entry.ActorId, entry.RequestId, entry.ClientId), Is.EqualTo(("key", (Guid?)actor, "request-1", (Guid?)Client)));
        Assert.That((entry.Entity, entry.Operation), Is.EqualTo(("media_asset", "insert")));
        Assert.That(entry.Changes["title"]!.ToJsonString(), Is.EqualTo("""{"new":"Before"}"""));
    }

    [Test]
    public async Task A_write_that_is_rolled_back_is_not_logged()
    {
        var id = Guid.CreateVersion7();
        var session = new DbSession(source, new CallContext { Caller = new Caller(Client, ActorKind.Key, Guid.CreateVersion7(), Role.Editor, "request-2") }, new DatabaseOptions(), NullLogger<DbSession>.Instance);

        await session.Run(async ct => await session.Execute(InsertAsset(id), null, ct), _ => false, again: false, CancellationToken.None);

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
        await Execute($"update media_assets set status = 'ready', width = 1, height = 1, placeholder_hash = 'x', phash = 7, exif = '{{\"a\": 1}}', gps = '{{}}', last_used_at = now(), updated_at = now() where id = '{id}'");
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
    public async Task Every_table_is_logged_or_stands_here_with_its_reason()
    {
        await using var connection = await source.OpenConnectionAsync();
        var without = await connection.QueryAsync<string>("""
            select c.relname
            from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = 'write_change_log'::regproc and t.tgtype & 28 = 28)
            """);

        Assert.That(without, Is.EquivalentTo(Unlogged.Keys));
    }

    /// <summary>What is not logged is the machine's: nobody else has a statement that writes it.</summary>
    [Test]
    public void A_table_that_is_not_logged_is_written_by_its_machine_alone()
    {
        var writers = from type in typeof(Migrator).Assembly.GetTypes()
                     from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
                     where field.IsLiteral && field.FieldType == typeof(string)
                     from Match write in Regex.Matches((string)field.GetRawConstantValue()!, @"\b(insert into|update|delete from)\s+(?<table>[a-z_]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
                     where Unlogged.ContainsKey(write.Groups["table"].Value)
                     select $"{write.Groups["table"].Value} by {type.Name}";

        var known = Unlogged.SelectMany(table => table.Value.Writers.Select(writer => $"{table.Key} by {writer}")).ToList();
        Assert.That(writers.Except(known), Is.Empty);
        Assert.That(known.Except(writers), Is.Empty);
    }

    [TestCase(2_000, false)]
    [TestCase(2_001, true)]
    public async Task What_is_long_is_logged_by_its_length_and_its_hash(int length, bool isShort)
    {
        var id = Guid.CreateVersion7();
        await Execute(InsertAsset(id));
        await Execute($"""update media_assets set description = repeat('é', {length}), tags = array[repeat('t', {length - 4})], custom_fields = jsonb_build_object('a', repeat('j', {length - 9})) where id = '{id}'""");
        await Execute($"update media_assets set description = 'short', tags = '{{}}', custom_fields = '{{}}' where id = '{id}'");

        var (set, unset) = ((await EntriesOf(id))[1].Changes, (await EntriesOf(id))[2].Changes);
        foreach (var (field, text) in new[] { ("description", new string('é', length)), ("tags", $"[\"{new string('t', length - 4)}\"]"), ("custom_fields", $"{{\"a\": \"{new string('j', length - 9)}\"}}") })
        {
            var value = isShort ? $$"""{"length":{{length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}}"}""" : null;
            if (value is null)
            {
                Assert.That(set[field]!["new"]!.ToJsonString(), Has.Length.GreaterThan(1_900));
                continue;
            }

            Assert.That(set[field]!["new"]!.ToJsonString(), Is.EqualTo(value), field);
            Assert.That(unset[field]!["old"]!.ToJsonString(), Is.EqualTo(value), field);
        }
    }

    [Test]
    public async Task A_deletion_what_goes_to_the_trash_and_what_a_trigger_names_is_critical()
    {
        await Execute("""
            create table of_tests (client_id uuid not null, id uuid primary key, title text, active int);
            create table all_of_tests (client_id uuid not null, id uuid primary key, title text);
            create trigger of_tests_change_log after insert or update or delete on of_tests for each row execute function write_change_log('of_test', '{}', '{}', '{active}');
            create trigger all_of_tests_change_log after insert or update or delete on all_of_tests for each row execute function write_change_log('all_of_test', '{}', '{}', '{*}');
            """);
        try
        {
            var (asset, some, all) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
            await Execute(InsertAsset(asset));
            await Execute($"update media_assets set title = 'x' where id = '{asset}'");
            await Execute($"update media_assets set deleted_at = now() where id = '{asset}'");
            await Execute($"update media_assets set deleted_at = null where id = '{asset}'");
            await Execute($"delete from media_assets where id = '{asset}'");
            await Execute($"insert into of_tests values ('{Client}', '{some}', 'a', null); update of_tests set title = 'b'; update of_tests set active = 2, title = 'c'");
            await Execute($"insert into all_of_tests values ('{Client}', '{all}', 'a'); update all_of_tests set title = 'b'");

            Assert.That(await Critical(asset), Is.EqualTo(new[] { false, false, true, true, true }));
            Assert.That(await Critical(some), Is.EqualTo(new[] { false, false, true }));
            Assert.That(await Critical(all), Is.EqualTo(new[] { true, true }));
        }
        finally
        {
            await Execute("drop table of_tests, all_of_tests");
        }

        async Task<bool[]> Critical(Guid id)
        {
            await using var connection = await source.OpenConnectionAsync();
            return [.. await connection.QueryAsync<bool>("select critical from change_log where entity_id = @id order by change_log.id", new { id })];
        }
    }

    /// <summary>Who writes what is not logged, and why that is the machine's own.</summary>
    private static readonly Dictionary<string, (string Reason, string[] Writers)> Unlogged = new(StringComparer.Ordinal)
    {
        ["schemaversions"] = ("the migrator's journal", ["Migrator"]),
        ["change_log"] = ("the log itself, written by its trigger, and by who is told of a use, since that changes a column of the machine alone", ["StockLibrary"]),
        ["change_log_forgotten"] = ("how far the log is forgotten, written by forget_changes", []),
        ["job_outbox"] = ("wake-ups of jobs, which are logged", ["JobQueue", "JobSchedule", "JobStore"]),
        ["object_deletions"] = ("objects that a logged deletion let go", ["CleanOriginals", "ExportStore", "MediaRecords", "ObjectDeletions", "ProcessedMedia", "StockEviction", "StrayRenditions", "Thumbnails", "Uploads", "Verifications"]),
        ["library_findings"] = ("what a logged verification saw", ["Verifications"]),
        ["library_rebase_objects"] = ("what a logged rebase has found, until it ends", ["Rebases"]),
        ["stray_renditions"] = ("folders that are nobody's, which an operator's command saw", ["StrayRenditions"]),
        ["media_variants"] = ("written by the worker with the facts of their asset, in the end of a logged job, and gone with their asset; a logged rebase says that they lie elsewhere", ["CleanOriginals", "ProcessedMedia", "Rebases"]),
        ["idempotency_keys"] = ("answers that were given, for a day", ["DbSession", "IdempotencyKeys"]),
        ["person_names"] = ("an index of what people and person_aliases have", []),
        ["name_words"] = ("an index of the words in those", []),
        ["import_rows"] = ("what became of the rows of a logged import, which make logged sets", ["SetImports"]),
        ["storage_salt"] = ("what names of renditions are made with, written by its migration", []),
        ["episode_ui_elements"] = ("which are shown stands in a logged column of their episode", []),
        ["episode_backgrounds"] = ("which are shown stands in a logged column of their episode", []),
        ["promoted_values"] = ("what stands in logged custom fields, written by their triggers and advance_promotion", []),
        ["promotions_to_remove"] = ("definitions whose purge is logged, written by their trigger and advance_promotion", []),
        ["outfit_items"] = ("which items stand in a logged column of their outfit, written by its trigger", []),
        ["schema_changes"] = ("a log itself, of definitions that are logged, written by their trigger", []),
        ["tag_bearers"] = ("which tables bear tags, written by migrations", []),
        ["tag_count_changes"] = ("sums of what is logged on the records, written by triggers", []),
        ["library_items"] = ("an index of what media_assets have, written by their triggers", []),
        ["library_usage"] = ("sums of what media_assets and media_variants have, written by fold_library_usage", []),
        ["library_usage_changes"] = ("the same before it is added up, written by their triggers", []),
        ["library_wanted"] = ("what found no room, for the next eviction, whose job is logged", ["LibraryBudgets"]),
        ["library_reservations"] = ("room that is kept for bytes on their way, whose uploads are logged", ["LibraryBudgets"]),
        ["tag_usage"] = ("sums of what is logged on the records", ["TagStore"]),
    };

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
