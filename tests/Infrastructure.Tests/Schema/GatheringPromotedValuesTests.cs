using Dapper;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Schema;

/// <summary>Values of promoted fields while records are written, the definition is changed, and others hold what is needed.</summary>
internal sealed class GatheringPromotedValuesTests : DatabaseFixture
{
    private Guid client;
    private NpgsqlConnection other = null!;

    [SetUp]
    public async Task Begin()
    {
        client = Guid.CreateVersion7();
        await Connection.ExecuteAsync($"insert into clients (id, name, slug, created_at, updated_at) values ('{client}', 'Promoting', '{client}', now(), now())");
        other = new NpgsqlConnection(ConnectionString);
        await other.OpenAsync();
    }

    [TearDown]
    public async Task End() => await other.DisposeAsync();

    [Test]
    public async Task Who_wrote_a_record_before_the_promotion_was_seen_is_waited_for_whoever_began_first([Values] bool recordFirst)
    {
        var changed = await AnItem(Connection, 1);
        await using var promoting = await other.BeginTransactionAsync();
        var field = recordFirst ? Guid.Empty : await Promote(other);
        await using var third = new NpgsqlConnection(ConnectionString);
        await third.OpenAsync();
        await using var writing = await third.BeginTransactionAsync();
        var added = await AnItem(third, 2);
        await Rate(third, changed, 3);
        if (recordFirst) field = await Promote(other);
        await promoting.CommitAsync();

        for (var step = 0; step < 5; step++) await Step();
        Assert.That(await Promotion(field), Is.EqualTo("gathering"), "it waits for who may not have seen it");
        await writing.CommitAsync();
        await Settle();

        Assert.That(await Promotion(field), Is.EqualTo("ready"));
        Assert.That(await Values(field), Is.EquivalentTo(new[] { (changed, (double?)3), (added, 2) }));
    }

    [Test]
    public async Task What_is_written_while_it_is_gathered_counts_and_nobody_waits_for_long()
    {
        var item = await AnItem(Connection, 1);
        var field = await Promote(Connection);
        await WaitForNobody();
        await using var writing = await other.BeginTransactionAsync();
        await Rate(other, item, 8);

        var held = (await Assert.ThrowsAsync<PostgresException>(Step))!;
        Assert.That(held.SqlState, Is.EqualTo(PostgresErrorCodes.LockNotAvailable));
        await writing.CommitAsync();
        await Settle();

        Assert.That(await Values(field), Is.EqualTo(new[] { (item, (double?)8) }));
    }

    [Test]
    public async Task A_value_that_came_after_what_was_seen_of_it_stays()
    {
        var item = await AnItem(Connection, 1);
        var field = await Promote(Connection);
        await WaitForNobody();
        await Rate(Connection, item, 5);
        await Connection.ExecuteAsync($"update promoted_values set number = 6 where record_id = '{item}'"); // stands for a write that the step's own look does not show

        await Settle();
        Assert.That(await Values(field), Is.EqualTo(new[] { (item, (double?)6) }));
    }

    [Test]
    public async Task Who_still_writes_values_is_waited_for_before_they_are_removed_and_what_is_promoted_again_has_none_of_before()
    {
        var item = await AnItem(Connection, 1);
        var field = await Promote(Connection);
        await Settle();
        await using var writing = await other.BeginTransactionAsync();
        var late = await AnItem(other, 7);
        await Connection.ExecuteAsync($"update field_definitions set promoted = false where id = '{field}'");
        for (var step = 0; step < 5; step++) await Step();
        Assert.That(await Promotion(field), Is.EqualTo("removing"));
        await writing.CommitAsync();
        await Settle();
        Assert.That((await Promotion(field), await Values(field)), Is.EqualTo(((string?)null, Array.Empty<(Guid, double?)>())));

        await Rate(Connection, late, 9);
        await Connection.ExecuteAsync($"update field_definitions set promoted = true where id = '{field}'");
        await Settle();
        Assert.That(await Values(field), Is.EquivalentTo(new[] { (item, (double?)1), (late, 9) }));
    }

    [Test]
    public async Task What_goes_meanwhile_does_not_end_a_removal_early()
    {
        for (var number = 0; number < 6; number++) await AnItem(Connection, number);
        var field = await Promote(Connection);
        await Settle();
        await Connection.ExecuteAsync($"update field_definitions set promoted = false where id = '{field}'");
        await WaitForNobody();
        await using var purging = await other.BeginTransactionAsync();
        await other.ExecuteAsync($"delete from promoted_values where definition_id = '{field}' and record_id = (select record_id from promoted_values where definition_id = '{field}' order by record_id limit 1)");

        await Connection.ExecuteAsync("set enable_seqscan = off"); // in the order of their ids
        var step = Connection.ExecuteScalarAsync<int?>("select advance_promotion(3)");
        await Task.Delay(50); // in which it meets the row that goes; it waits 200 ms for that
        await purging.CommitAsync();
        await step;
        await Connection.ExecuteAsync("reset enable_seqscan");
        await Settle(atMost: 3);
        Assert.That(await Values(field), Is.Empty);
    }

    [Test]
    public async Task What_is_purged_leaves_no_value()
    {
        await AnItem(Connection, 1);
        var field = await Promote(Connection);
        await Settle();
        await using var writing = await other.BeginTransactionAsync();
        await AnItem(other, 2);
        await Connection.ExecuteAsync($"set lock_timeout = '1s'; delete from field_definitions where id = '{field}'; reset lock_timeout"); // who writes records does not hold it
        for (var step = 0; step < 5; step++) await Step();
        await writing.CommitAsync();
        await Settle();

        Assert.That(await Values(field), Is.Empty);
        Assert.That(await Connection.ExecuteScalarAsync<int>($"select count(*)::int from promotions_to_remove where client_id = '{client}'"), Is.Zero);
    }

    [Test]
    public async Task One_that_cannot_go_on_keeps_nobody_else()
    {
        var item = await AnItem(Connection, 1);
        var (stuck, free) = (await Promote(Connection), await Promote(Connection, "clips"));
        await WaitForNobody();
        await other.ExecuteAsync($"begin; select from wardrobe_items where id = '{item}' for update");

        await Eventually.Is("the other is gathered", async () =>
        {
            try
            {
                await Step();
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable)
            {
                // the one that is held
            }

            return await Promotion(free) == "ready";
        });
        Assert.That(await Promotion(stuck), Is.EqualTo("gathering"));
        await other.ExecuteAsync("rollback");
        await Settle();
        Assert.That(await Promotion(stuck), Is.EqualTo("ready"));
    }

    [Test]
    public async Task A_database_that_was_restored_into_another_cluster_goes_on()
    {
        await AnItem(Connection, 1);
        var field = await Promote(Connection);
        await Step();
        await Connection.ExecuteAsync($"update field_definitions set promotion_since = '9000000000000000000' where id = '{field}'");
        await Settle();
        Assert.That(await Promotion(field), Is.EqualTo("ready"));
    }

    private async Task<Guid> AnItem(NpgsqlConnection connection, int rating)
    {
        var id = Guid.CreateVersion7();
        await connection.ExecuteAsync($$"""
            insert into wardrobe_items (client_id, id, slot, name, attributes, custom_fields, created_at, created_by_kind, updated_at)
            values ('{{client}}', '{{id}}', 'belt', 'Belt', '{}', '{"rating": {{rating}}}', now(), 'system', now())
            """);
        return id;
    }

    private static Task<int> Rate(NpgsqlConnection connection, Guid item, int rating) =>
        connection.ExecuteAsync($$"""update wardrobe_items set custom_fields = '{"rating": {{rating}}}' where id = '{{item}}'""");

    private async Task<Guid> Promote(NpgsqlConnection connection, string entity = "wardrobe-items")
    {
        var id = Guid.CreateVersion7();
        await connection.ExecuteAsync($$"""
            insert into field_definitions (client_id, id, entity, name, purpose, type, required, allowed_values, deprecated, promoted, created_at, created_by_kind, updated_at)
            values ('{{client}}', '{{id}}', '{{entity}}', 'rating', 'Stars', 'number', false, '{}', false, true, now(), 'system', now())
            """);
        return id;
    }

    private Task<int?> Step() => Connection.ExecuteScalarAsync<int?>("select advance_promotion(1000)");

    /// <summary>Until all is done; whatever writes in this cluster, in another test's database too, is waited for.</summary>
    private Task Settle(int atMost = 1_000) => Eventually.Is("all is gathered or removed", async () =>
    {
        while (await Connection.ExecuteScalarAsync<int?>($"select advance_promotion({atMost})") is not null)
        {
        }

        return await Connection.ExecuteScalarAsync<bool>($"""
            select not exists (select from field_definitions where client_id = '{client}' and promotion in ('gathering', 'removing'))
                and not exists (select from promotions_to_remove where client_id = '{client}')
            """);
    });

    private Task<int> WaitForNobody() => Connection.ExecuteAsync($"update field_definitions set promotion_since = '3' where client_id = '{client}'");

    private Task<string?> Promotion(Guid field) => Connection.ExecuteScalarAsync<string?>($"select promotion from field_definitions where id = '{field}'");

    private async Task<(Guid, double?)[]> Values(Guid field) =>
        [.. await Connection.QueryAsync<(Guid, double?)>($"select record_id, number from promoted_values where definition_id = '{field}'")];
}
