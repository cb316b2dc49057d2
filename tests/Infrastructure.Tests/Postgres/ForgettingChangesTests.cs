using System.ComponentModel.DataAnnotations;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Audit;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Audit;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

internal sealed class ForgettingChangesTests
{
    private static readonly Guid Client = Guid.CreateVersion7();

    private const string Usual = "update:title";

    private string database = null!;
    private NpgsqlDataSource source = null!;

    /// <summary>Eighteen months with three changes each: one of the usual kind, one deletion, one to the trash; a fourth is critical.</summary>
    [SetUp]
    public async Task Start()
    {
        database = await TestServers.CreateDatabase();
        source = Database.CreateDataSource(new DatabaseOptions { ConnectionString = database }, "tests");
        await Execute($$$"""
            select create_change_log_partitions((now() - interval '18 months')::date, 18);
            insert into change_log (occurred_at, transaction_id, client_id, actor_kind, entity, entity_id, operation, changes, critical)
            select date_trunc('month', now()) - month * interval '1 month' + interval '10 days', (100 - month)::text::xid8, '{{{Client}}}', 'system', 'thing', gen_random_uuid(),
                case kind when 1 then 'delete' else 'update' end,
                case kind when 2 then '{"deleted_at": {"old": null, "new": "x"}}'::jsonb else '{"title": {"old": "a", "new": "b"}}' end, kind = 3
            from generate_series(1, 18) month cross join generate_series(0, 3) kind
            """);
    }

    [TearDown]
    public async Task Stop()
    {
        await source.DisposeAsync();
        await TestServers.DropDatabase(database);
    }

    [Test]
    public async Task What_is_past_its_time_goes_by_whole_months_and_what_is_critical_stays_where_it_was()
    {
        var before = await Rows();
        var forgotten = await Retention(days: 180).Forget(CancellationToken.None);

        var months = (await Partitions()).Where(name => name.EndsWith("_kept", StringComparison.Ordinal)).ToList();
        Assert.That(forgotten, Is.InRange(11, 13));
        Assert.That(months, Has.Count.EqualTo(forgotten));
        Assert.That((await Partitions()).Where(name => months.Contains(name + "_kept")), Is.Empty);

        var oldest = DateTime.UtcNow.AddDays(-180);
        var isForgotten = (Row row) => new DateTime(row.At.Year, row.At.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1) <= oldest;
        Assert.That((await Rows()).Select(row => row.Id), Is.EqualTo(before.Where(row => !isForgotten(row) || row.Kind != Usual).Select(row => row.Id)));
        Assert.That(await Retention(days: 180).Forget(CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task A_month_with_nothing_critical_leaves_no_partition()
    {
        var month = DateTime.UtcNow.AddMonths(-30);
        await Execute($"select create_change_log_partitions('{month:yyyy-MM-01}', 1)");
        await Execute($"insert into change_log (occurred_at, transaction_id, actor_kind, entity, entity_id, operation, changes) values ('{month:yyyy-MM-02}', '1', 'system', 'thing', gen_random_uuid(), 'update', '{{}}')");

        await Retention(days: 600).Forget(CancellationToken.None);

        Assert.That((await Partitions()).Where(name => name.Contains($"{month:yyyyMM}", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task What_is_kept_is_append_only_and_has_its_indexes()
    {
        await Retention(days: 180).Forget(CancellationToken.None);
        var kept = (await Partitions()).First(name => name.EndsWith("_kept", StringComparison.Ordinal));

        var refused = (await Assert.ThrowsAsync<PostgresException>(() => Execute($"delete from {kept}")))!;
        Assert.That(refused.MessageText, Does.Contain("append-only"));
        await using var connection = await source.OpenConnectionAsync();
        Assert.That(
            await connection.QuerySingleAsync<long>($"select count(*) from pg_indexes where tablename = '{kept}'"),
            Is.EqualTo(await connection.QuerySingleAsync<long>("select count(*) from pg_indexes where tablename = 'change_log'")));
    }

    [Test]
    public async Task A_cursor_before_what_was_forgotten_is_known_to_be_so()
    {
        await Retention(days: 180).Forget(CancellationToken.None);

        await using var connection = await source.OpenConnectionAsync();
        var (through, newest) = await connection.QuerySingleAsync<(string, string)>(
            "select through::text, (select max(transaction_id::text::bigint)::text from change_log where tableoid::regclass::text like '%\\_kept') from change_log_forgotten");
        Assert.That(through, Is.EqualTo(newest));
    }

    [Test]
    public async Task Two_who_forget_at_once_lose_nothing()
    {
        var before = await Rows();
        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Retention(days: 180).Forget(CancellationToken.None))));

        Assert.That(counts.Sum(), Is.EqualTo((await Partitions()).Count(name => name.EndsWith("_kept", StringComparison.Ordinal))));
        Assert.That((await Rows()).Where(row => row.Kind != Usual), Is.EqualTo(before.Where(row => row.Kind != Usual)));
    }

    [Test]
    public async Task Who_is_killed_in_the_middle_has_changed_nothing()
    {
        var (before, partitions) = (await Rows(), await Partitions());
        await using (var killed = new NpgsqlConnection(database + ";Pooling=false"))
        {
            await killed.OpenAsync();
            await using var transaction = await killed.BeginTransactionAsync();
            Assert.That(await killed.QuerySingleAsync<string>("select forget_changes(now() - interval '180 days')", transaction: transaction), Is.EqualTo(partitions[0]));
            await Execute($"select pg_terminate_backend({killed.ProcessID})");
        }

        Assert.That(await Partitions(), Is.EqualTo(partitions));
        Assert.That(await Rows(), Is.EqualTo(before));
        Assert.That(await Retention(days: 180).Forget(CancellationToken.None), Is.GreaterThan(0));
    }

    [Test]
    public async Task Writers_go_on_while_a_month_is_forgotten()
    {
        using var done = new CancellationTokenSource();
        var writing = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var written = 0;
            for (; !done.IsCancellationRequested; written++)
                await Execute($"insert into change_log (client_id, actor_kind, entity, entity_id, operation, changes) values ('{Client}', 'system', 'written', gen_random_uuid(), 'insert', '{{}}')");
            return written;
        })).ToList();
        await Retention(days: 180).Forget(CancellationToken.None);
        await done.CancelAsync();

        var written = (await Task.WhenAll(writing)).Sum();
        await using var connection = await source.OpenConnectionAsync();
        Assert.That(await connection.QuerySingleAsync<int>("select count(*)::int from change_log where entity = 'written'"), Is.EqualTo(written).And.GreaterThan(0));
    }

    [Test]
    public async Task Less_than_ninety_days_are_refused()
    {
        var refused = (await Assert.ThrowsAsync<PostgresException>(() => Execute("select forget_changes(now() - interval '89 days')")))!;

        Assert.That(refused.MessageText, Does.Contain("90 days"));
        var options = new AuditOptions { RetentionDays = 89 };
        Assert.That(Validator.TryValidateObject(options, new(options), validationResults: null, validateAllProperties: true), Is.False);
    }

    private ChangeRetention Retention(int days)
    {
        var session = new DbSession(source, new CallContext { Caller = new Caller(Guid.Empty, ActorKind.System, ActorId: null, Role.Owner, "test") }, new DatabaseOptions(), NullLogger<DbSession>.Instance);
        return new ChangeRetention(session, session, new AuditOptions { RetentionDays = days }, TimeProvider.System);
    }

    private async Task<List<string>> Partitions()
    {
        await using var connection = await source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'change_log'::regclass and inhrelid::regclass::text ~ '\\d{6}' order by 1")];
    }

    private async Task<List<Row>> Rows()
    {
        await using var connection = await source.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(long, DateTime, string)>($"""
            select id, occurred_at, operation || ':' || (changed_fields(changes))[1] || case when critical and operation = 'update' and changes ? 'title' then ':critical' else '' end
            from change_log
            where entity = 'thing' and client_id = '{Client}'
            order by id
            """);
        return [.. rows.Select(row => new Row(row.Item1, row.Item2, row.Item3))];
    }

    private async Task Execute(string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    private sealed record Row(long Id, DateTime At, string Kind);
}
