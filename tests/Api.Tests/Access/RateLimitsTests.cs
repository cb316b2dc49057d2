using System.Net;
using MediaPlatform.Api.Access;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

/// <summary>Who asks too much, and who guesses. The buckets fill so slowly here that nothing comes back while a test runs.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RateLimitsTests : PlatformFixture
{
    private Issuer issuer = null!;

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        var settings = issuer.Settings();
        settings["RateLimits:PermitsPerSecond"] = "1";
        settings["RateLimits:Burst"] = "1000";
        settings["RateLimits:FailuresPerSecond"] = "1";
        settings["RateLimits:FailureBurst"] = "500";
        return await Platform.Start(overrides: settings);
    }

    [Test]
    public async Task Each_answer_says_how_many_more_there_may_be()
    {
        var key = await Platform.CreateKey(Owner, Role.Viewer);

        var first = await key.Get("/media");
        var second = await key.Get($"/media/{Guid.NewGuid()}");

        Assert.That(Header(first, "RateLimit-Limit"), Is.EqualTo("1000"));
        Assert.That(Header(first, "RateLimit-Policy"), Is.EqualTo("1;w=1;burst=1000"));
        Assert.That(int.Parse(Header(first, "RateLimit-Remaining")), Is.InRange(998, 999));
        Assert.That(int.Parse(Header(second.Expect(HttpStatusCode.NotFound), "RateLimit-Remaining")), Is.LessThan(int.Parse(Header(first, "RateLimit-Remaining")) + 1));
        Assert.That(int.Parse(Header(first, "RateLimit-Reset")), Is.InRange(1, 2));
    }

    [Test]
    public async Task Who_asks_too_much_waits_and_nobody_else_does()
    {
        var (busy, calm) = (await Platform.CreateKey(Owner, Role.Viewer), await Platform.CreateKey(Owner, Role.Viewer));

        var refused = await UntilRefused(busy, 10_000);

        refused.ExpectProblem(HttpStatusCode.TooManyRequests, "RATE_LIMITED");
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(Header(refused, "RateLimit-Remaining"), Is.EqualTo("0"));
        (await calm.Get("/clients")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_person_has_one_limit_whatever_the_token()
    {
        (await Owner.Post("/members", new { Email = "busy@example.com", Role = "viewer" })).Expect(HttpStatusCode.Created);
        (await Tenant.By(Platform, issuer.IdToken("busy", "busy@example.com")).Get("/clients")).Expect(HttpStatusCode.OK);

        (await UntilRefused(Tenant.By(Platform, issuer.AccessToken("busy")), 10_000)).ExpectProblem(HttpStatusCode.TooManyRequests, "RATE_LIMITED");

        (await Tenant.By(Platform, issuer.AccessToken("busy", new() { ["n"] = 1 })).Get("/clients")).ExpectProblem(HttpStatusCode.TooManyRequests, "RATE_LIMITED");
    }

    [Test]
    public void Guesses_from_one_network_of_IPv6_count_together()
    {
        using var limits = new RateLimits(new() { FailuresPerSecond = 1, FailureBurst = 1 });
        Assert.That(limits.TakeFailure(IPAddress.Parse("2001:db8:0:1::1")), Is.Null);

        Assert.That(limits.TakeFailure(IPAddress.Parse("2001:db8:0:1:ffff::2")), Is.GreaterThan(0), "whoever has one address of it has all");
        var others = Enumerable.Range(2, 4).Select(network => limits.TakeFailure(IPAddress.Parse($"2001:db8:0:{network}::1")));
        Assert.That(others, Has.Some.Null, "two networks may share a bucket, and not all do");
    }

    [Test]
    public async Task Who_guesses_is_told_to_wait_and_keeps_nobody_out()
    {
        var good = await Platform.CreateKey(Owner, Role.Viewer);
        var guesses = 0;
        Reply answer;
        do answer = await new Tenant(Platform, Guid.Empty, "mp_" + guesses.ToString().PadLeft(43, 'x')).Get("/clients");
        while (answer.Status is HttpStatusCode.Unauthorized && ++guesses < 700);

        answer.ExpectProblem(HttpStatusCode.TooManyRequests, "RATE_LIMITED");
        Assert.That(guesses, Is.InRange(400, 700));
        (await Tenant.By(Platform, "a.bad.token").Get("/clients")).Expect(HttpStatusCode.TooManyRequests);
        (await good.Get("/clients")).Expect(HttpStatusCode.OK); // a key that was never seen before, from the same address
        (await Platform.Nobody.Get("/clients")).Expect(HttpStatusCode.Unauthorized); // to show nothing is no guess
    }

    private static async Task<Reply> UntilRefused(Tenant caller, int most)
    {
        for (var n = 0; n < most; n += 50)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => caller.Get("/clients")));
            if (replies.FirstOrDefault(reply => reply.Status is not HttpStatusCode.OK) is { } other) return other;
        }

        throw new AssertionException($"{most} requests were not too many.");
    }

    private static string Header(Reply reply, string name) => reply.Headers.GetValues(name).Single();
}
