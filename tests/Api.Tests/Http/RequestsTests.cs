using System.Security.Claims;
using MediaPlatform.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Api.Tests.Http;

[NonParallelizable] // one test counts what the whole process allocates
internal sealed class RequestsTests
{
    private FrameHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await FrameHost.Start(
        api =>
        {
            api.MapGet("/things/{id}", (string id, string? signature) => Respond.Ok(new { id, signature }));
            api.MapPost("/things/{id}", (string id, ILoggerFactory logs) =>
            {
                logs.CreateLogger("handler").LogInformation("Working");
                return Respond.Ok(id);
            });
        },
        also: app => app.Use((context, next) =>
        {
            if (context.Request.Headers.ContainsKey("X-Known")) context.User = new(new ClaimsIdentity([new(RequestLog.ClientClaim, "client-7")], "test"));
            return next(context);
        }));

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [TestCase("abc-DEF_1.2")]
    [TestCase("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_callers_request_id_is_kept(string id)
    {
        var answer = await host.Get("/api/v1/things/1", ("X-Request-Id", id));

        Assert.That(answer.Header("X-Request-Id"), Is.EqualTo(id));
        Assert.That(answer.Json["metadata"]!["request_id"]!.ToString(), Is.EqualTo(id));
    }

    [TestCase("has space")]
    [TestCase("quote\"")]
    [TestCase("")]
    [TestCase("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task An_id_that_is_no_token_is_replaced(string id)
    {
        var answer = await host.Get("/api/v1/things/1", ("X-Request-Id", id));

        Assert.That(answer.Header("X-Request-Id"), Does.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task What_a_handler_logs_carries_the_request_id()
    {
        await host.Send(HttpMethod.Post, "/api/v1/things/1", null, ("X-Request-Id", "scoped-1"));

        var line = await host.Log.Find(l => l.Category == "handler" && Equals(l.Values["RequestId"], "scoped-1"));
        Assert.That(line.Text, Is.EqualTo("Working"));
    }

    [Test]
    public async Task A_write_is_logged_once_with_what_it_took()
    {
        await host.Send(HttpMethod.Post, "/api/v1/things/secret-guest", null, ("X-Request-Id", "write-1"), ("X-Known", "1"));

        var line = await host.Log.Find(l => l.Text.Contains("write-1"));
        Assert.That(line.Level, Is.EqualTo(LogLevel.Information));
        Assert.That(line.Values["Method"], Is.EqualTo("POST"));
        Assert.That(line.Values["Route"], Is.EqualTo("/api/v1/things/{id}"));
        Assert.That(line.Values["Status"], Is.EqualTo(200));
        Assert.That(line.Values["ClientId"], Is.EqualTo("client-7"));
        Assert.That(line.Values["Bytes"], Is.GreaterThan(0));
        Assert.That(line.Values["ElapsedMs"], Is.GreaterThan(0));
        Assert.That(line.Text, Does.Not.Contain("secret-guest"));
    }

    [Test]
    public async Task A_successful_read_is_logged_for_debugging_and_a_failed_one_always()
    {
        await host.Get("/api/v1/things/1", ("X-Request-Id", "read-1"));
        await host.Get("/api/v1/things/1?unknown=1", ("X-Request-Id", "read-2"));

        Assert.That((await host.Log.Find(l => l.Text.Contains("read-1"))).Level, Is.EqualTo(LogLevel.Debug));
        Assert.That((await host.Log.Find(l => l.Text.Contains("read-2"))).Level, Is.EqualTo(LogLevel.Information));
    }

    [Test]
    public async Task Nothing_of_a_query_string_reaches_the_log()
    {
        await host.Get("/api/v1/things/1?signature=very-secret-signature", ("X-Request-Id", "signed-1"));
        await host.Get("/api/v1/nowhere?key=very-secret-signature", ("X-Request-Id", "signed-2"));

        await host.Log.Find(l => l.Text.Contains("signed-1"));
        Assert.That((await host.Log.Find(l => l.Text.Contains("signed-2"))).Values["Route"], Is.EqualTo("(no route)"));
        Assert.That(host.Log.All.Where(l => l.Text.Contains("very-secret") || l.Values.Values.Any(v => v?.ToString()?.Contains("very-secret") == true)), Is.Empty);
    }

    [TestCase("/api/v1/things/1")]
    [TestCase("/api/v1/nowhere")]
    public async Task Answers_carry_the_security_headers(string path)
    {
        var answer = await host.Get(path);

        Assert.That(answer.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(answer.Header("Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(answer.Header("Content-Security-Policy"), Is.EqualTo("default-src 'none'; frame-ancestors 'none'"));
        Assert.That(answer.Header("Server"), Is.Null);
    }

    [Test]
    public async Task A_keyed_read_allocates_little()
    {
        // The whole of a request through Kestrel, in this process; the client's share is what an endpoint without the frame costs.
        await using var plain = await FrameHost.Start(also: app => app.MapGet("/plain", () => Results.Text("{}")));
        await using var keyed = await FrameHost.Start(api => api.MapGet("/item", () => Respond.Item(new { Id = 1, Title = new string('x', 500) }, 7)));
        var baseline = await PerRequest(plain, "/plain");
        var ours = await PerRequest(keyed, "/api/v1/item");

        TestContext.Out.WriteLine($"{baseline} bytes for a plain answer, {ours} for an item");
        Assert.That(ours - baseline, Is.LessThan(6_000));
    }

    private static async Task<long> PerRequest(FrameHost host, string path)
    {
        const int Times = 100;
        for (var i = 0; i < 5 * Times; i++) await host.Http.GetByteArrayAsync(path);

        // What others in this process do meanwhile only adds: the least of several rounds is what a request takes.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Times; i++) await host.Http.GetByteArrayAsync(path);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Times);
        }

        return least;
    }
}
