using Dapper;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

[Parallelizable(ParallelScope.All)]
internal sealed class MigratingTests
{
    /// <summary>Everything that a script can make, as text.</summary>
    private const string DumpSchema = """
        select concat_ws(' ', 'relation', c.relkind, c.relname, array_to_string(c.reloptions, ','))
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'i', 'I') and c.relname !~ '^schemaversions'
        union all
        select concat_ws(
            ' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped and c.relname <> 'schemaversions'
        union all
        select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where connamespace = 'public'::regnamespace and conrelid is distinct from to_regclass('schemaversions')
        union all
        select 'index ' || indexdef from pg_indexes where schemaname = 'public' and tablename <> 'schemaversions'
        union all
        select 'function ' || pg_get_functiondef(p.oid)
        from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
            and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        union all
        select concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
        union all
        select 'extension ' || extname from pg_extension
        union all
        select 'text search ' || cfgname from pg_ts_config where cfgnamespace = 'public'::regnamespace
        union all
        select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd') and typname !~ '^_'
        union all
        select concat_ws(' ', 'comment', objoid::regclass, (select attname from pg_attribute where attrelid = objoid and attnum = objsubid and objsubid > 0), description) from pg_description where classoid = 'pg_class'::regclass and objoid::regclass::text !~ '^pg_'
        order by 1
        """;

    [Test]
    public async Task Changes_of_a_month_without_a_partition_move_into_it_once_it_is_made()
    {
        await using var fresh = await Given();
        await Migrator(fresh).Up(CancellationToken.None);
        await Migrator(fresh).Down(MigrationScript.All.Count - 4, CancellationToken.None); // to before 0005
        await Execute(fresh,
            """
            do $$ begin execute 'drop table ' || (select max(inhrelid::regclass::text) from pg_inherits where inhparent = 'change_log'::regclass and inhrelid::regclass::text <> 'change_log_default'); end $$;
            insert into change_log (occurred_at, actor_kind, entity, entity_id, operation, changes)
            select now() + make_interval(months => month), 'system', 'test', gen_random_uuid(), 'insert', '{}' from generate_series(0, 12) month;
            """);
        Assert.That((await List<long>(fresh, "select count(*) from change_log_default")).Single(), Is.EqualTo(11));
        var before = await Changes();

        await Migrator(fresh).Up(CancellationToken.None);

        Assert.That((await List<long>(fresh, "select count(*) from change_log_default")).Single(), Is.EqualTo(10));
        Assert.That(await Changes(), Is.EqualTo(before));
        Assert.That(
            async () => await Execute(fresh, "delete from change_log_default"), Throws.InstanceOf<PostgresException>().With.Message.Contains("append-only"));
        Assert.That(async () => await Execute(fresh, "delete from change_log"), Throws.InstanceOf<PostgresException>().With.Message.Contains("append-only"));

        async Task<string[]> Changes() => [.. await List<string>(fresh, "select (id, occurred_at, transaction_id, client_id, actor_kind, actor_id, request_id, entity, entity_id, operation, changes)::text from change_log order by id")];
    }

    [Test]
    public async Task A_database_that_lay_idle_has_its_partitions_before_anybody_writes()
    {
        await using var fresh = await Given();
        await Migrator(fresh).Up(CancellationToken.None);
        await Execute(fresh, "do $$ begin execute 'drop table change_log_' || to_char(now() at time zone 'UTC', 'YYYYMM'); end $$");

        Assert.That(await Migrator(fresh).Up(CancellationToken.None), Is.Zero);

        Assert.That((await List<bool>(fresh, "select to_regclass('change_log_' || to_char(now() at time zone 'UTC', 'YYYYMM')) is not null")).Single());
    }

    [Test]
    public async Task Up_and_down_and_up_again_is_the_same_schema()
    {
        await using var fresh = await Given();
        var empty = await Dump(fresh);
        var count = MigrationScript.All.Count;

        Assert.That(await Migrator(fresh).Up(CancellationToken.None), Is.EqualTo(count));
        var first = await Dump(fresh);
        Assert.That(first, Has.Some.StartsWith("trigger media_assets"));
        Assert.That(await Migrator(fresh).Up(CancellationToken.None), Is.Zero, "nothing is applied twice");

        Assert.That(await Migrator(fresh).Down(count, CancellationToken.None), Is.EqualTo(count));
        Assert.That(await Dump(fresh), Is.EqualTo(empty), "down leaves nothing behind");

        Assert.That(await Migrator(fresh).Up(CancellationToken.None), Is.EqualTo(count));
        Assert.That(await Dump(fresh), Is.EqualTo(first));
    }

    /// <summary>What a step down leaves wider than it was, since rows may be there by then that the narrower would refuse.</summary>
    private static readonly string[] LeftWider =
    [
        "constraint script_versions script_versions_number_check CHECK ((number >= 1))",
        "constraint script_versions script_versions_number_check CHECK (((number >= 1) AND (number <= 100)))",
    ];

    [Test]
    public async Task Each_step_down_takes_back_its_own_step_up()
    {
        await using var fresh = await Given();
        var before = await Dump(fresh);
        foreach (var script in MigrationScript.All)
        {
            await Execute(fresh, script.UpSql);
            var after = await Dump(fresh);
            await Execute(fresh, script.DownSql);
            Assert.That((await Dump(fresh)).Except(LeftWider), Is.EqualTo(before.Except(LeftWider)), $"{script.Name}, down");
            await Execute(fresh, script.UpSql);
            Assert.That(await Dump(fresh), Is.EqualTo(after), $"{script.Name}, up again");
            before = after;
        }
    }

    [Test]
    public async Task A_script_that_was_edited_is_refused()
    {
        await using var fresh = await Given();
        await Migrator(fresh).Up(CancellationToken.None);
        await Execute(fresh, $"update schemaversions set checksum = 'edited' where scriptname = '{MigrationScript.All[1].Name}'");

        var refused = (await Assert.ThrowsAsync<MigrationException>(() => Migrator(fresh).Up(CancellationToken.None)))!;

        Assert.That(refused.Message, Does.StartWith(MigrationScript.All[1].Name).And.Contain("never edited"));
        await Assert.ThrowsAsync<MigrationException>(() => Migrator(fresh).Down(1, CancellationToken.None));
    }

    [Test]
    public async Task A_database_of_a_later_version_is_refused()
    {
        await using var fresh = await Given();
        await Migrator(fresh).Up(CancellationToken.None);
        await Execute(fresh, "insert into schemaversions (scriptname, applied, checksum) values ('9999_from_tomorrow.sql', now(), 'x')");

        var refused = (await Assert.ThrowsAsync<MigrationException>(() => Migrator(fresh).Up(CancellationToken.None)))!;

        Assert.That(refused.Message, Does.Contain("9999_from_tomorrow.sql"));
    }

    [Test]
    public async Task Migrators_at_once_wait_for_each_other()
    {
        await using var fresh = await Given();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrator(fresh).Up(CancellationToken.None))));

        Assert.That(applied.Order(), Is.EqualTo(new[] { 0, 0, 0, MigrationScript.All.Count }));
    }

    [Test]
    public async Task Every_script_is_numbered_named_and_has_its_way_back()
    {
        await Task.CompletedTask;
        foreach (var (script, index) in MigrationScript.All.Select((script, index) => (script, index)))
        {
            Assert.That(script.Name, Does.Match(@$"^{index + 1:0000}_[a-z]+(_[a-z0-9]+)+\.sql$"));
            Assert.That(script.DownSql.Trim(), Is.Not.Empty, script.Name);
        }
    }

    private static async Task<Fresh> Given() => new(await TestServers.CreateEmptyDatabase());

    private static Migrator Migrator(Fresh fresh) => new(fresh.Database, NullLogger.Instance);

    private static Task<List<string>> Dump(Fresh fresh) => List<string>(fresh, DumpSchema);

    private static async Task<List<T>> List<T>(Fresh fresh, string sql)
    {
        await using var connection = new NpgsqlConnection(fresh.Database);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    private static async Task Execute(Fresh fresh, string sql)
    {
        await using var connection = new NpgsqlConnection(fresh.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Fresh(string Database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await TestServers.DropDatabase(Database);
    }
}
