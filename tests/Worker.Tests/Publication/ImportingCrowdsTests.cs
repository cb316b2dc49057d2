using System.Net;
using System.Text;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;

namespace MediaPlatform.Worker.Tests.Publication;

/// <summary>Imports of few sets that name as many as they may: no statement and no transaction has them all.</summary>
internal sealed class ImportingCrowdsTests() : PlatformFixture(overrides: JobRows.With(("Broker:Enabled", "false"), ("Database:StatementTimeout", "00:00:02")))
{
    private const int Sets = 40;
    private const int NamesOfEach = 500;

    // Every fifth name takes a millisecond: all of them, in one statement, twice as long as it may take.
    private const string CompareSlowly = """
        create or replace function normal_name(given text) returns text
        language plpgsql immutable strict parallel safe as $$
        begin
            if given ~ '^Somebody .*[05]$' then perform pg_sleep(0.001); end if;
            return lower(given);
        end $$
        """;

    private const string CompareAgain = """
        create or replace function normal_name(given text) returns text
        language plpgsql immutable strict parallel safe as $$
        begin
            return lower(given);
        end $$
        """;

    private const string NoteStatements = """
        create table written (transaction xid8, credits int);
        create function note_written() returns trigger
        language plpgsql as $$
        begin
            insert into written select pg_current_xact_id(), count(*) from made;
            return null;
        end $$;
        create trigger note_written after insert on set_credits referencing new table as made for each statement execute function note_written()
        """;

    [Test]
    public async Task Sets_of_five_hundred_names_are_planned_and_left_to_the_job()
    {
        (await Owner.Post("/channels", new { Name = "Crowd" })).Expect(HttpStatusCode.Created);
        var person = (await Owner.Post("/people", new { DisplayName = $"Somebody {Sets - 1} 499" })).Expect(HttpStatusCode.Created).Id;
        var csv = new StringBuilder("title,channel,published_at,models\n");
        for (var set = 0; set < Sets; set++) csv.Append("Crowd ").Append(set).Append(",crowd,2026-01-20,").AppendJoin(';', Enumerable.Range(0, NamesOfEach).Select(n => $"Somebody {set} {n}")).Append('\n');
        Task<Reply> Send(string to) => Owner.Send(HttpMethod.Post, to, new StringContent(csv.ToString(), Encoding.UTF8, "text/csv"));

        await Platform.Sql<object>(CompareSlowly);
        var plan = (await Send("/imports/sets?dry_run=true")).Expect(HttpStatusCode.OK).Data;
        Assert.That((plan["created"]!.GetValue<int>(), plan["credits"]!.GetValue<int>(), plan["credits_with_candidates"]!.GetValue<int>()), Is.EqualTo((Sets, Sets * NamesOfEach, 1)));
        Assert.That(plan["plan"]![Sets - 1]!["credits"]![0]!["person_ids"]![0]!.GetValue<Guid>(), Is.EqualTo(person));

        await Platform.Sql<object>(CompareAgain);
        await Platform.Sql<object>(NoteStatements);
        var import = (await Send("/imports/sets")).Expect(HttpStatusCode.Accepted);
        Assert.That(await Platform.Count("sets"), Is.Zero, "nobody waits for so many names");
        await Platform.StartWorker(overrides: JobRows.With(("Database:StatementTimeout", "00:00:05")));
        await Eventually.Is("all rows are done", async () => (string?)(await Owner.Get($"/imports/{import.Id}")).Data["status"] == "applied");

        Assert.That(await Platform.Count("set_credits"), Is.EqualTo(Sets * NamesOfEach));
        Assert.That(await Platform.Count("(select from set_credits group by set_id having count(distinct position) = 500 and max(position) = 499) each"), Is.EqualTo(Sets), "each in its order, whichever statement wrote it");
        Assert.That(await Platform.Sql<int>("select max(credits) from written"), Is.EqualTo(2_000), "of a statement");
        Assert.That(await Platform.Sql<long>("select max(credits) from (select sum(credits) as credits from written group by transaction) each"), Is.EqualTo(5_000), "of a transaction, for which others wait who import");
    }
}
