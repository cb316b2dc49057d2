using System.Net;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaPlatform.Api.Tests.Telemetry;

internal sealed class ReadingMetricsTests : PlatformFixture
{
    protected override Task<Platform> Begin() => Platform.StartAlone();

    [Test]
    public async Task Nothing_tells_whose_data_it_is_or_where_it_lies()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(70), "somebodys-holiday.jpg")).Expect(HttpStatusCode.Created).Id;

        var text = (await Figures.Of(Platform.Address)).Text;

        foreach (var id in new[] { Owner.ClientId, Platform.Stranger.ClientId, asset })
            Assert.That(text, Does.Not.Contain(id.ToString()).And.Not.Contain(id.ToString("n")));
        Assert.That(text, Does.Not.Contain(Owner.Key).And.Not.Contain("holiday").And.Not.Contain(new NpgsqlConnectionStringBuilder(Platform.Database).Database!).And.Not.Contain("Password="));
    }

    [Test]
    public async Task The_storage_the_database_and_the_process_have_figures()
    {
        (await Owner.Upload(Samples.Jpeg(71))).Expect(HttpStatusCode.Created);

        var figures = await Figures.Of(Platform.Address);

        Assert.Multiple(() =>
        {
            Assert.That(figures.Sum("mediaplatform_storage_operation_duration_seconds_count", "store=\"local\"", "operation=\"put\"", "outcome=\"done\""), Is.GreaterThanOrEqualTo(1));
            Assert.That(figures.Sum("db_client_operation_duration_seconds_count", "pool_name=\"mediaplatform-api\""), Is.GreaterThanOrEqualTo(1));
            Assert.That(figures.Sum("db_client_connection_max", "pool_name=\"mediaplatform-api\""), Is.Not.Null);
            Assert.That(figures.Sum("dotnet_process_memory_working_set_bytes"), Is.GreaterThan(1 << 20));
            Assert.That(figures.Sum("dotnet_process_cpu_time_seconds_total"), Is.GreaterThan(0));
            Assert.That(figures.Sum("mediaplatform_database_up"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task What_a_store_refuses_is_a_failure_of_it()
    {
        await using var full = await Platform.Start(overrides: new Dictionary<string, string?> { ["Storage:MinFreeBytes"] = $"{long.MaxValue / 2}" });
        (await full.Tenant.Upload(Samples.Jpeg(72))).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_FULL");

        var figures = await Figures.Of(full.Address);

        Assert.That(figures.Sum("mediaplatform_storage_operation_duration_seconds_count", "store=\"local\"", "operation=\"put\"", "outcome=\"failed\""), Is.GreaterThanOrEqualTo(1));
    }

    [TestCase("X-Forwarded-For", "203.0.113.7")]
    [TestCase("Forwarded", "for=203.0.113.7")]
    [TestCase("Via", "1.1 proxy")]
    public async Task Without_a_token_what_a_proxy_hands_on_is_refused(string header, string value)
    {
        var refused = await Figures.Of(Platform.Address, (header, value));

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(refused.Samples, Has.Length.EqualTo(1)); // a sentence
    }

    [Test]
    public async Task With_a_token_nobody_else_is_answered()
    {
        const string Token = "a-token-of-some-length";
        await using var guarded = await Platform.Start(overrides: new Dictionary<string, string?> { ["Metrics:Token"] = Token });

        foreach (var header in new[] { ("Accept", "*/*"), ("Authorization", "Bearer " + Token + "x"), ("Authorization", "Bearer"), ("Authorization", Token), ("X-Api-Key", guarded.Tenant.Key) })
            Assert.That((await Figures.Of(guarded.Address, header)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), header.ToString());
        Assert.That((await Figures.Of(guarded.Address, ("Authorization", "Bearer " + Token), ("X-Forwarded-For", "203.0.113.7"))).Status, Is.EqualTo(HttpStatusCode.OK));
        (await guarded.Tenant.Get("/media")).Expect(HttpStatusCode.OK); // its token is no failed credential of this address
    }

    [Test]
    public async Task Where_it_is_turned_off_it_is_not_there()
    {
        await using var silent = await Platform.Start(overrides: new Dictionary<string, string?> { ["Metrics:Enabled"] = "false" });

        Assert.That((await Figures.Of(silent.Address)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public void A_token_that_could_be_guessed_stops_the_start() => Assert.That(
        () => Platform.Start(overrides: new Dictionary<string, string?> { ["Metrics:Token"] = "short" }),
        Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Metrics:Token"));

    [Test]
    public async Task Without_the_database_the_other_figures_are_there_at_once()
    {
        var server = new NpgsqlConnectionStringBuilder(TestServers.Postgres);
        await using var relay = Relay.To(server.Host!, server.Port);
        await using var cut = await Platform.Start(reaching: database => new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = relay.Port }.ConnectionString);
        await relay.Close();

        var figures = await Figures.Of(cut.Address);

        Assert.That(figures.Sum("mediaplatform_database_up"), Is.Zero);
        Assert.That(figures.Sum("mediaplatform_jobs_oldest_waiting_seconds"), Is.Null);
        Assert.That(figures.Sum("dotnet_process_memory_working_set_bytes"), Is.Not.Null);
    }
}
