using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MediaPlatform.Infrastructure.Telemetry;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Trace;

namespace MediaPlatform.Api.Tests.Telemetry;

/// <summary>What a collector is sent that takes OTLP over HTTP. Texts stand in Protocol Buffers as they are.</summary>
internal sealed class TracingTests : PlatformFixture
{
    private readonly ConcurrentQueue<string> sent = new();

    protected override async Task<Platform> Begin()
    {
        var collector = Held(await OtherServer.Start(app => app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            sent.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        })));
        return await Platform.Start(withWorker: true, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        });
    }

    [Test]
    public async Task A_request_its_statements_and_the_job_that_it_queued_are_told_under_one_id()
    {
        var request = $"r-{Guid.NewGuid():n}";
        var trace = Guid.NewGuid().ToString("n");

        (await Owner.Send(HttpMethod.Post, "/media/upload", Form(81), ("X-Request-Id", request), ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"), ("Prefer", "wait=20"))).Expect(HttpStatusCode.Created);

        await Told("POST /api/v1/media/upload", request, "insert into media_assets", Encoding.Latin1.GetString(Convert.FromHexString(trace)), "job MEDIA_PROCESS", "mediaplatform.job.outcome", "succeeded", "mediaplatform-api", "mediaplatform-worker");
        var ofJob = new Regex($"job MEDIA_PROCESS.{{0,260}}{request}", RegexOptions.Singleline, TimeSpan.FromSeconds(10));
        await Eventually.Is("the span of the job says the id of the request", () => Task.FromResult(ofJob.IsMatch(string.Concat(sent))));
    }

    [Test]
    public async Task No_secret_and_no_value_is_told()
    {
        var title = $"title-{Guid.NewGuid():n}";
        var asset = (await Owner.Send(HttpMethod.Post, "/media/upload", Form(82, title), ("Prefer", "wait=20"))).Expect(HttpStatusCode.Created);
        var link = asset.Data["variants"]![0]!["url"]!.GetValue<string>();
        (await Platform.Nobody.Get(link)).Expect(HttpStatusCode.OK);
        var shared = (await Owner.Post($"/media/{asset.Id}/share", new { What = "thumb" })).Data["url"]!.GetValue<string>();
        (await Platform.Nobody.Get(shared)).Expect(HttpStatusCode.Found);
        (await Owner.Get($"/media?q={title}", ("User-Agent", "a-browser-of-somebody"))).Expect(HttpStatusCode.OK);

        await Told("GET /api/v1/files/{**key}", "GET /api/v1/shared/{token}", "GET /api/v1/media");

        var all = string.Concat(sent);
        var signature = link[(link.IndexOf("signature=", StringComparison.Ordinal) + "signature=".Length)..].Split('&')[0];
        Assert.Multiple(() =>
        {
            Assert.That(all, Does.Not.Contain(signature), "a link's signature");
            Assert.That(all, Does.Not.Contain(shared.Split('/')[^1]), "a share's token");
            Assert.That(all, Does.Not.Contain(Owner.Key), "a key");
            Assert.That(all, Does.Not.Contain(title), "what a parameter of a statement, or of a query, says");
            Assert.That(all, Does.Not.Contain("a-browser-of-somebody"));
            Assert.That(all, Does.Not.Contain("Password"));
        });
    }

    [Test]
    public async Task What_the_database_repeats_of_a_value_is_not_told()
    {
        var value = $"value-{Guid.NewGuid():n}";
        using (PlatformTelemetry.Spans.StartActivity("asking for a fault"))
        {
            await using var command = Platform.ApiServices.GetRequiredService<NpgsqlDataSource>().CreateCommand("select @value::text::int as a_fault");
            command.Parameters.AddWithValue("value", value);
            Assert.That(async () => await command.ExecuteScalarAsync(), Throws.InstanceOf<PostgresException>().With.Message.Contains(value));
        }

        await Told("select @value::text::int as a_fault", "22P02", "Npgsql.PostgresException");

        Assert.That(string.Concat(sent), Does.Not.Contain(value));
    }

    [Test]
    public async Task Who_watches_and_who_polls_is_not_told()
    {
        using var http = new HttpClient();
        using var health = await http.GetAsync(new Uri(Platform.Address, "/health/ready"));
        await Figures.Of(Platform.Address);
        var after = $"r-{Guid.NewGuid():n}";
        (await Owner.Get("/media", ("X-Request-Id", after))).Expect(HttpStatusCode.OK);

        await Told(after);

        Assert.That(string.Concat(sent), Does.Not.Contain("GET /health").And.Not.Contain("GET /metrics").And.Not.Contain("select from job_outbox").And.Not.Contain("pg_try_advisory_lock"));
    }

    [Test]
    public async Task Without_a_collector_nothing_listens()
    {
        await using var silent = await Platform.Start();

        Assert.That(silent.ApiServices.GetService<TracerProvider>(), Is.Null);
    }

    [Test]
    public void A_collector_that_is_no_address_stops_the_start() => Assert.That(
        () => Platform.Start(overrides: new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317" }),
        Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("OTEL_EXPORTER_OTLP_ENDPOINT"));

    private Task Told(params string[] parts) => Eventually.Is($"the collector has {string.Join(", ", parts)}", () => Task.FromResult(string.Concat(sent) is var all && parts.All(part => all.Contains(part, StringComparison.Ordinal))));

    private static MultipartFormDataContent Form(int picture, string title = "untitled") => new() { { new ByteArrayContent(Samples.Jpeg(picture)), "file", "file.jpg" }, { new StringContent(title), "title" } };
}
