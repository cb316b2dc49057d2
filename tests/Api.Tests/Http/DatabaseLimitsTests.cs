using System.Net;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class DatabaseLimitsTests() : PlatformFixture(overrides: new Dictionary<string, string?> { ["Database:StatementTimeout"] = "00:00:01" })
{
    [Test]
    public async Task Who_waits_too_long_for_others_may_come_again()
    {
        var id = (await Owner.Upload(Samples.Jpeg(1))).Expect(HttpStatusCode.Created).Id;
        await using var other = new NpgsqlConnection(Platform.Database);
        await other.OpenAsync();
        await using (var holding = await other.BeginTransactionAsync())
        {
            await using var locking = new NpgsqlCommand($"select from media_assets where id = '{id}' for update", other, holding);
            await locking.ExecuteNonQueryAsync();

            var busy = await Owner.Delete($"/media/{id}");

            busy.ExpectProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_BUSY");
            Assert.That(busy.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }

        (await Owner.Delete($"/media/{id}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_question_that_costs_too_much_is_told_to_be_narrower()
    {
        (await Owner.Upload(Samples.Jpeg(2))).Expect(HttpStatusCode.Created); // something to look at
        await Platform.Sql<object>("""
            create or replace function search_query(given text) returns tsquery
            language plpgsql as $$
            begin
                perform pg_sleep(case given when 'expensive' then 60 else 0 end);
                return websearch_to_tsquery('prose', given);
            end $$
            """);

        var expensive = await Owner.Get("/media?q=expensive");

        expensive.ExpectProblem(HttpStatusCode.UnprocessableEntity, "QUERY_TOO_EXPENSIVE");
        Assert.That(expensive.Headers.RetryAfter, Is.Null, "it would cost as much again");
        (await Owner.Get("/media?q=cheap")).Expect(HttpStatusCode.OK);
    }
}
