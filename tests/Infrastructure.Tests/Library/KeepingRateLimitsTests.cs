using MediaPlatform.Application.Library;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Library;

internal sealed class KeepingRateLimitsTests : StockFixture
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ManualClock clock = null!;

    [SetUp]
    public void SetClock() => clock = new();

    [TestCase("pexels", 1_778_324_400L, 40 * 60)] // 11:00 UTC
    [TestCase("pexels", 1_780_272_000L, ((22 * 24) + 13) * 3600 + (40 * 60))] // the end of the month
    [TestCase("pexels", null, 40 * 60)]
    [TestCase("unsplash", null, 40 * 60)]
    [TestCase("pixabay", 37L, 37)]
    [TestCase("pixabay", null, 60)]
    public async Task With_nothing_left_nothing_is_asked_before_it_is_reset(string name, long? reset, int seconds)
    {
        var shelf = Site.Shelf(name);
        shelf.Photos = [new("1", 100, 100)];
        shelf.Headers = shelf.Headers.Add("X-Ratelimit-Limit", "200").Add("X-Ratelimit-Remaining", "0");
        if (reset is { } number) shelf.Headers = shelf.Headers.Add("X-Ratelimit-Reset", number.ToString());
        var provider = A(name, time: clock);
        var open = clock.GetUtcNow() + (seconds * Second);

        Assert.That(await Found(provider, Photos()), Has.Count.EqualTo(1), "the last one that is taken is answered");
        foreach (var question in new[] { Photos(), Photos("shore") })
        {
            var limited = await provider.Search(question, default);
            Expect(limited, StockFault.RateLimited, calls: 0);
            Assert.That(limited.Fault!.RetryAt, Is.EqualTo(open));
        }

        clock.Advance((seconds - 1) * Second);
        Expect(await provider.Search(Photos(), default), StockFault.RateLimited, calls: 0);
        Assert.That(shelf.Asked, Has.Count.EqualTo(1));

        clock.Advance(Second);
        await Found(provider, Photos());
        Assert.That(shelf.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task With_something_left_it_is_asked_on()
    {
        Site.Pixabay.Headers = Site.Pixabay.Headers.Add("X-RateLimit-Limit", "100").Add("X-RateLimit-Remaining", "1").Add("X-RateLimit-Reset", "30");
        var pixabay = A("pixabay", time: clock);
        await Found(pixabay, Photos());
        await Found(pixabay, Photos());
    }

    [Test]
    public async Task One_that_is_closed_closes_no_other()
    {
        Site.Unsplash.Headers = Site.Unsplash.Headers.Add("X-Ratelimit-Remaining", "0");
        var (unsplash, pixabay) = (A("unsplash", time: clock), A("pixabay", time: clock));
        await Found(unsplash, Photos());
        await Found(pixabay, Photos());
        await Found(pixabay, Photos());
    }

    [TestCase("pexels", null, null, 40 * 60)] // no headers at all, as Pexels answers then
    [TestCase("pexels", "900", null, 900)]
    [TestCase("unsplash", null, null, 40 * 60)]
    [TestCase("pixabay", null, "61", 61)]
    [TestCase("pixabay", "Sat, 09 May 2026 10:21:40 GMT", "5", 100)]
    public async Task Too_many_requests_are_answered_at_once_with_the_time_to_come_back(string name, string? retryAfter, string? reset, int seconds)
    {
        Site.Shelf(name).Reply(TooMany(retryAfter, reset));
        var provider = A(name, time: clock);

        var limited = await provider.Search(Photos(), default);
        Expect(limited, StockFault.RateLimited, calls: 1);
        Assert.That(limited.Fault!.RetryAt, Is.EqualTo(clock.GetUtcNow() + (seconds * Second)));

        Expect(await provider.Search(Photos(), default), StockFault.RateLimited, calls: 0);
        Assert.That(Site.Shelf(name).Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_limit_that_is_over_soon_is_waited_for()
    {
        Site.Pixabay.Reply(TooMany("7", reset: null), TooMany(retryAfter: null, "5"));
        var searching = A("pixabay", time: clock).Search(Photos(), default);

        await clock.Waiting(7 * Second);
        Assert.That(Site.Pixabay.Asked, Has.Count.EqualTo(1));
        clock.Advance(7 * Second);
        await clock.Waiting(5 * Second);
        Assert.That(Site.Pixabay.Asked, Has.Count.EqualTo(2));
        clock.Advance(5 * Second);

        var answer = await Soon(searching);
        Assert.That((answer.Calls, answer.Fault), Is.EqualTo((3, (StockFault?)null)));
    }

    [Test]
    public async Task While_one_waits_others_are_answered_at_once()
    {
        Site.Pixabay.Reply(TooMany("7", reset: null));
        var pixabay = A("pixabay", time: clock);
        var searching = pixabay.Search(Photos(), default);
        await clock.Waiting(7 * Second);

        Expect(await pixabay.Search(Photos("shore"), default), StockFault.RateLimited, calls: 0);
        clock.Advance(7 * Second);
        Assert.That((await Soon(searching)).Fault, Is.Null);
    }

    [Test]
    public async Task Who_stops_waiting_stops_at_once()
    {
        Site.Pixabay.Reply(TooMany("7", reset: null));
        using var stop = new CancellationTokenSource();
        var searching = A("pixabay", time: clock).Search(Photos(), stop.Token);
        await clock.Waiting(7 * Second);
        await stop.CancelAsync();
        Assert.That(async () => await Soon(searching), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task All_waits_together_are_no_longer_than_the_patience()
    {
        Site.Pixabay.Reply(TooMany("40", reset: null), TooMany("40", reset: null));
        var searching = A("pixabay", time: clock).Search(Photos(), default);
        await clock.Waiting(40 * Second);
        clock.Advance(40 * Second);
        Expect(await Soon(searching), StockFault.RateLimited, calls: 2);
    }

    [Test]
    public async Task Unsplash_says_it_by_403_as_well()
    {
        Site.Unsplash.Reply(new StockReply(403, "Rate Limit Exceeded"));
        Expect(await A("unsplash", time: clock).Search(Photos(), default), StockFault.RateLimited, calls: 1);
        Site.Unsplash.Reply(new StockReply(403, "", ("X-Ratelimit-Remaining", "0")));
        Expect(await A("unsplash", time: clock).Search(Photos(), default), StockFault.RateLimited, calls: 1);
        Site.Unsplash.Reply(new StockReply(403, "Forbidden", ("X-Ratelimit-Remaining", "7")));
        Expect(await A("unsplash", time: clock).Search(Photos(), default), StockFault.Refused, calls: 1);
    }

    [TestCase("nonsense"), TestCase("99999999999999"), TestCase("9999999999999999999999"), TestCase("")]
    public async Task A_reset_that_makes_no_sense_is_not_believed(string reset)
    {
        Site.Pexels.Headers = Site.Pexels.Headers.Add("X-Ratelimit-Remaining", "0").Add("X-Ratelimit-Reset", reset);
        var pexels = A("pexels", time: clock);
        await Found(pexels, Photos());
        Assert.That((await pexels.Search(Photos(), default)).Fault?.RetryAt, Is.EqualTo(clock.GetUtcNow() + TimeSpan.FromMinutes(40)));
    }

    [Test]
    public async Task A_reset_that_has_passed_by_our_clock_is_near()
    {
        Site.Pexels.Headers = Site.Pexels.Headers.Add("X-Ratelimit-Remaining", "0").Add("X-Ratelimit-Reset", "1700000000");
        var pexels = A("pexels", time: clock);
        await Found(pexels, Photos());
        Assert.That((await pexels.Search(Photos(), default)).Fault?.RetryAt, Is.EqualTo(clock.GetUtcNow() + Second));
    }

    [Test]
    public async Task The_hour_that_is_used_up_does_not_close_until_the_month_is_over()
    {
        var month = (clock.GetUtcNow() + TimeSpan.FromDays(20)).ToUnixTimeSeconds().ToString();
        Site.Pexels.Reply(new StockReply(429, "", ("X-Ratelimit-Remaining", "19000"), ("X-Ratelimit-Reset", month)));
        var limited = await A("pexels", time: clock).Search(Photos(), default);
        Assert.That(limited.Fault?.RetryAt, Is.EqualTo(clock.GetUtcNow() + TimeSpan.FromMinutes(40)));
    }

    [Test]
    public async Task The_same_question_is_answered_from_memory_for_a_day()
    {
        Site.Pixabay.Photos = [new("1", 100, 100)];
        var pixabay = A("pixabay", Options with { KeepAnswers = TimeSpan.FromDays(1) }, clock);
        await Found(pixabay, Photos());

        clock.Advance(TimeSpan.FromDays(1) - Second);
        var known = await pixabay.Search(Photos(), default);
        Assert.That((known.Items.Single().ProviderId, known.Calls, known.Fault), Is.EqualTo(("1", 0, (StockFault?)null)));
        foreach (var other in new[] { Photos("shore"), Photos(count: 6), Photos() with { MinWidth = 1 }, Videos(), Videos() with { MinDurationMs = 1 } }) await Found(pixabay, other);

        clock.Advance(Second);
        await Found(pixabay, Photos());
    }

    [Test]
    public async Task Failures_are_not_remembered()
    {
        Site.Pixabay.Reply(StockReply.Garbage);
        var pixabay = A("pixabay", Options with { KeepAnswers = TimeSpan.FromDays(1) }, clock);
        Expect(await pixabay.Search(Photos(), default), StockFault.AnswerUnreadable, calls: 1);
        await Found(pixabay, Photos());
    }

    private static StockReply TooMany(string? retryAfter, string? reset)
    {
        var headers = new List<(string, string)>();
        if (retryAfter is not null) headers.Add(("Retry-After", retryAfter));
        if (reset is not null) headers.AddRange([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", reset)]);
        return new(429, "Too Many Requests", [.. headers]);
    }
}
