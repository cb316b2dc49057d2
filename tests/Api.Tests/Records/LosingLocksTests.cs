using System.Net;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>Two transactions that wait for each other: PostgreSQL ends one of them, and whoever asked for it need not know.</summary>
internal sealed class LosingLocksTests : PlatformFixture
{
    [Test]
    public async Task A_command_that_loses_to_another_is_begun_again()
    {
        var (first, second) = (await APerson(), await APerson());

        var reply = await WhileOtherHas(second, first, () => Owner.Post($"/people/{first}/merge", new { IntoPersonId = second }));

        reply.Expect(HttpStatusCode.Created);
        Assert.That(await Platform.Sql<long>($"select count(*) from person_merges where client_id = '{Owner.ClientId}' and from_id = '{first}'"), Is.EqualTo(1), "once");
    }

    [Test]
    public async Task So_is_a_batch_that_is_done_at_once()
    {
        var (first, second) = (await APerson(), await APerson());

        var reply = await WhileOtherHas(second, first, () => Owner.Post("/people/batch?atomic=true", new
        {
            Operations = new[] { first, second }.Select(id => new { Op = "update", Id = id, Body = new { Notes = "Batch" } }).ToArray(),
        }));

        reply.Expect(HttpStatusCode.MultiStatus);
        Assert.That(await Platform.Sql<long>($"select count(*) from people where client_id = '{Owner.ClientId}' and notes = 'Batch' and version = 2 and id in ('{first}', '{second}')"), Is.EqualTo(2));
    }

    private async Task<Guid> APerson() => (await Owner.Post("/people", new { DisplayName = $"Person {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    /// <summary>Asks for what locks <paramref name="then"/> and waits for <paramref name="held"/>, whose holder then waits for the other: the one that has waited longer is ended.</summary>
    private async Task<Reply> WhileOtherHas(Guid held, Guid then, Func<Task<Reply>> ask)
    {
        await using var connection = new NpgsqlConnection(Platform.Database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Lock(connection, held);
        var asked = ask();
        await Eventually.Is("the request waits", () => Platform.Sql<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
        await Lock(connection, then); // whoever waited first looks first whether there is a deadlock, and is what is ended
        await transaction.CommitAsync();
        return await asked;
    }

    private static async Task Lock(NpgsqlConnection connection, Guid person)
    {
        await using var command = new NpgsqlCommand($"select from people where id = '{person}' for update", connection);
        await command.ExecuteNonQueryAsync();
    }
}
