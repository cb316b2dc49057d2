using System.Net;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class DatabaseLimitsTests
{
    private Platform platform = null!;

    [OneTimeSetUp]
    public async Task Start() => platform = await Platform.Start(overrides: new Dictionary<string, string?> { ["Database:StatementTimeout"] = "00:00:01" });

    [OneTimeTearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task Who_waits_too_long_for_others_may_come_again()
    {
        var id = (await platform.Tenant.Upload(Samples.Jpeg(1))).Expect(HttpStatusCode.Created).Id;
        await using var other = new NpgsqlConnection(platform.Database);
        await other.OpenAsync();
        await using (var holding = await other.BeginTransactionAsync())
        {
            await using var locking = new NpgsqlCommand($"select from media_assets where id = '{id}' for update", other, holding);
            await locking.ExecuteNonQueryAsync();

            var busy = await platform.Tenant.Delete($"/media/{id}");

            busy.ExpectProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_BUSY");
            Assert.That(busy.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }

        (await platform.Tenant.Delete($"/media/{id}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_question_that_costs_too_much_is_told_to_be_narrower()
    {
        (await platform.Tenant.Upload(Samples.Jpeg(2))).Expect(HttpStatusCode.Created); // something to look at
        await platform.Sql<object>("""
            create or replace function search_query(given text) returns tsquery
            language plpgsql as $$
            begin
                perform pg_sleep(case given when 'expensive' then 60 else 0 end);
                return websearch_to_tsquery('prose', given);
            end $$
            """);

        var expensive = await platform.Tenant.Get("/media?q=expensive");

        expensive.ExpectProblem(HttpStatusCode.UnprocessableEntity, "QUERY_TOO_EXPENSIVE");
        Assert.That(expensive.Headers.RetryAfter, Is.Null, "it would cost as much again");
        (await platform.Tenant.Get("/media?q=cheap")).Expect(HttpStatusCode.OK);
    }
}
