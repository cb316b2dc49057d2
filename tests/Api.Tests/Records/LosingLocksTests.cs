using System.Net;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>Two transactions that wait for each other: PostgreSQL ends one of them, and whoever asked for it need not know.</summary>
internal sealed class LosingLocksTests : PlatformFixture
{
    private const int Rounds = 5;

    [Test]
    public async Task A_command_that_loses_to_another_is_begun_again()
    {
        var (reply, first, _) = await Lose((first, second) => Owner.Post($"/people/{first}/merge", new { IntoPersonId = second }));

        reply.Expect(HttpStatusCode.Created);
        Assert.That(await Platform.Sql<long>($"select count(*) from person_merges where from_id = '{first}'"), Is.EqualTo(1), "once");
    }

    [Test]
    public async Task So_is_a_batch_that_is_done_at_once()
    {
        var (reply, first, second) = await Lose((first, second) => Owner.Post("/people/batch?atomic=true", new
        {
            Operations = new[] { first, second }.Select(id => new { Op = "update", Id = id, Body = new { Notes = "Batch" } }).ToArray(),
        }));

        reply.Expect(HttpStatusCode.MultiStatus);
        Assert.That(await Platform.Sql<long>($"select count(*) from people where notes = 'Batch' and version = 2 and id in ('{first}', '{second}')"), Is.EqualTo(2));
    }

    /// <summary>
    /// Asks for what locks a first person and waits for a second, whose holder then waits for the first. PostgreSQL looks once, when a second of waiting is over: who waited first is ended,
    /// unless this process was held up for so long that it looked too early; then it is another round.
    /// </summary>
    private async Task<(Reply Reply, Guid First, Guid Second)> Lose(Func<Guid, Guid, Task<Reply>> ask)
    {
        for (var round = 1; ; round++)
        {
            var (first, second) = (await APerson(), await APerson());
            await using var holder = new NpgsqlConnection(Platform.Database);
            await holder.OpenAsync();
            await using var transaction = await holder.BeginTransactionAsync();
            await Lock(holder, second);
            var asked = ask(first, second);
            await Eventually.Is("the request waits", () => Platform.Sql<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
            try
            {
                await Lock(holder, first);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && round < Rounds)
            {
                await transaction.RollbackAsync();
                await asked;
                continue;
            }

            await transaction.CommitAsync();
            var reply = await asked;
            Assert.That(Platform.Logs, Has.Some.Contains("it is begun again"), "it did lose");
            return (reply, first, second);
        }
    }

    private async Task<Guid> APerson() => (await Owner.Post("/people", new { DisplayName = $"Person {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    private static async Task Lock(NpgsqlConnection connection, Guid person)
    {
        await using var command = new NpgsqlCommand($"select from people where id = '{person}' for update", connection);
        await command.ExecuteNonQueryAsync();
    }
}
