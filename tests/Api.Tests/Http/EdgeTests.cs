using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Http;

/// <summary>What browsers are told, and what proxies may tell.</summary>
internal sealed class EdgeTests() : PlatformFixture(overrides: new Dictionary<string, string?>
{
    ["Cors:Origins:0"] = Studio, ["Edge:HstsMaxAge"] = "365.00:00:00", ["Edge:Proxies:0"] = "127.0.0.0/8",
})
{
    private const string Studio = "https://studio.example";
    private Platform plain = null!;

    [OneTimeSetUp]
    public async Task StartPlain() => plain = Held(await Platform.Start());

    [TestCase("/media", HttpStatusCode.OK)]
    [TestCase("/nothing", HttpStatusCode.NotFound)]
    [TestCase("/media?nothing[", HttpStatusCode.BadRequest)]
    [TestCase("/swagger/v1/swagger.json", HttpStatusCode.OK)]
    public async Task Every_answer_has_the_headers_that_keep_browsers_from_harm(string path, HttpStatusCode status)
    {
        var reply = (await plain.Tenant.Get(path)).Expect(status);

        Assert.That(Header(reply, "X-Content-Type-Options"), Is.EqualTo("nosniff"));
        Assert.That(Header(reply, "X-Frame-Options"), Is.EqualTo("DENY"));
        Assert.That(Header(reply, "Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(Header(reply, "Content-Security-Policy"), Does.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"));
        Assert.That(Header(reply, "Cross-Origin-Resource-Policy"), Is.EqualTo("same-origin"));
        Assert.That(Header(reply, "Strict-Transport-Security"), Is.Null);
        Assert.That(Header(reply, "Server"), Is.Null);
    }

    [Test]
    public async Task Pictures_by_links_may_stand_in_any_page() =>
        Assert.That(Header(await plain.Nobody.Get("/files/none?expires=1&signature=x"), "Cross-Origin-Resource-Policy"), Is.EqualTo("cross-origin"));

    [Test]
    public async Task An_allowed_page_reads_answers_and_their_headers()
    {
        var reply = (await Owner.Get("/media", ("Origin", Studio))).Expect(HttpStatusCode.OK);

        Assert.That(Header(reply, "Access-Control-Allow-Origin"), Is.EqualTo(Studio));
        Assert.That(Header(reply, "Access-Control-Expose-Headers"), Does.Contain("ETag").And.Contain("Location").And.Contain("RateLimit-Remaining").And.Contain("X-Request-Id"));
        Assert.That(Header(reply, "Access-Control-Allow-Credentials"), Is.Null);
        Assert.That(Header(reply, "Vary"), Does.Contain("Origin"));

        // what went wrong may be read as well
        Assert.That(Header((await Platform.Nobody.Get("/media", ("Origin", Studio))).Expect(HttpStatusCode.Unauthorized), "Access-Control-Allow-Origin"), Is.EqualTo(Studio));
    }

    [Test]
    public async Task An_allowed_page_may_ask_before_it_asks()
    {
        var reply = await Platform.Nobody.Send(
            HttpMethod.Options, "/media/1", null, ("Origin", Studio), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,x-client-id,if-match,content-type"));

        reply.Expect(HttpStatusCode.NoContent);
        Assert.That(Header(reply, "Access-Control-Allow-Methods"), Does.Contain("PATCH"));
        Assert.That(Header(reply, "Access-Control-Allow-Headers")!.ToLowerInvariant(), Does.Contain("x-client-id").And.Contain("if-match").And.Contain("authorization"));
        Assert.That(Header(reply, "Access-Control-Max-Age"), Is.EqualTo("600"));
    }

    [TestCase("https://evil.example")]
    [TestCase("https://studio.example.evil.example")]
    [TestCase("http://studio.example")]
    [TestCase("null")]
    public async Task Any_other_page_reads_nothing(string origin)
    {
        Assert.That(Header(await Owner.Get("/media", ("Origin", origin)), "Access-Control-Allow-Origin"), Is.Null);
        Assert.That(Header(await plain.Tenant.Get("/media", ("Origin", Studio)), "Access-Control-Allow-Origin"), Is.Null);
    }

    [Test]
    public async Task Behind_a_proxy_with_TLS_browsers_are_told_to_stay_with_it()
    {
        Assert.That(Header(await Owner.Get("/media", ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1")), "Strict-Transport-Security"), Is.EqualTo("max-age=31536000"));
        Assert.That(Header(await Owner.Get("/media"), "Strict-Transport-Security"), Is.Null, "over http it means nothing");
    }

    [TestCase("Cors:Origins:0", "https://studio.example/path")]
    [TestCase("Edge:Proxies:0", "the proxy")]
    [TestCase("RateLimits:Burst", "1")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string value)
    {
        await using var wrong = await Platform.Start();

        var stopped = await Assert.CatchAsync(() => wrong.Restart(new Dictionary<string, string?> { [setting] = value }));
        Assert.That(stopped!.Message, Does.Contain(setting.TrimEnd('0').TrimEnd(':')));
    }

    private static string? Header(Reply reply, string name) => reply.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
