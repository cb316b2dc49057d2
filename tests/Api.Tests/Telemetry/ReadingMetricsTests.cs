using System.Net;
using System.Text.RegularExpressions;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaPlatform.Api.Tests.Telemetry;

internal sealed partial class ReadingMetricsTests() : PlatformFixture
{
    private const string Requests = "http_server_request_duration_seconds_count";

    [Test]
    public async Task Requests_are_counted_by_route_and_status_and_never_by_path()
    {
        var id = Guid.CreateVersion7();
        (await Owner.Get($"/media/{id}")).Expect(HttpStatusCode.NotFound);
        (await Owner.Get("/no-such-place")).Expect(HttpStatusCode.NotFound);

        // a request is counted when its answer has been sent
        var figures = await Eventually.Get("both are counted", async () =>
            await Figures.Of(Platform.Address) is var told && told.Sum(Requests, "http_route=\"/api/v1/media/{id:guid}\"", "http_request_method=\"GET\"", "http_response_status_code=\"404\"") >= 1 && Unmatched(told).Any() ? told : null);

        Assert.That(figures.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(figures.ContentType, Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(figures.Text, Does.Not.Contain(id.ToString()).And.Not.Contain("no-such-place"));
    }

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

    [Test]
    public async Task Every_line_is_of_the_format()
    {
        (await Owner.Get("/media")).Expect(HttpStatusCode.OK);
        const string OfLists = "http_server_request_duration_seconds_bucket";
        string[] list = ["http_route=\"/api/v1/media/\"", "http_response_status_code=\"200\""];

        var figures = await Eventually.Get("the list is counted", async () => await Figures.Of(Platform.Address) is var told && told.Sum(OfLists, list) >= 1 ? told : null);

        Assert.That(figures.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !Line().IsMatch(line)), Is.Empty);
        var named = Named().Matches(figures.Text).Select(match => match.Groups["name"].Value).ToList();
        Assert.That(named, Is.Unique.And.Not.Empty);
        var buckets = figures.Samples.Where(line => line.StartsWith(OfLists, StringComparison.Ordinal) && list.All(line.Contains)).ToList();
        Assert.That(buckets, Has.Count.EqualTo(12)); // eleven and +Inf
        Assert.That(buckets.Select(line => long.Parse(line[line.LastIndexOf(' ')..])), Is.Ordered);
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

    /// <summary>Those that match no route are one for each method and status.</summary>
    private static IEnumerable<string> Unmatched(Figures figures) => figures.Samples.Where(line => line.StartsWith(Requests, StringComparison.Ordinal) && !line.Contains("http_route", StringComparison.Ordinal));

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-zA-Z_][a-zA-Z_0-9]*(\{[a-zA-Z_][a-zA-Z_0-9]*="([^"\\\n]|\\.)*"(,[a-zA-Z_][a-zA-Z_0-9]*="([^"\\\n]|\\.)*")*\})? (NaN|[+-]Inf|-?[0-9.]+(E[+-]?[0-9]+)?))$""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    [GeneratedRegex(@"^# TYPE (?<name>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Named();
}
