using System.Collections.Concurrent;
using System.Diagnostics;
using MediaPlatform.Application.Library;
using MediaPlatform.Infrastructure.Library;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Library;

internal sealed class FailingProvidersTests : StockFixture
{
    private static readonly string[] Providers = ["pexels", "unsplash", "pixabay"];

    [TestCaseSource(nameof(Providers))]
    public async Task What_failed_for_a_moment_is_asked_again(string name)
    {
        var shelf = Site.Shelf(name);
        shelf.Photos = [new("1", 100, 100)];
        shelf.Reply(new StockReply(500), new StockReply(408));

        var answer = await A(name).Search(Photos(), default);
        Assert.That((answer.Fault, answer.Calls, answer.Items.Count), Is.EqualTo(((StockFault?)null, 3, 1)));
        Assert.That(Log.All, Is.Empty);
    }

    [TestCase(500), TestCase(502), TestCase(503), TestCase(504), TestCase(408), TestCase(-1)]
    public async Task Retries_have_an_end(int status)
    {
        Site.Pexels.Reply([.. Enumerable.Repeat(status < 0 ? StockReply.HangUp : new StockReply(status), 10)]);
        Expect(await A("pexels").Search(Photos(), default), StockFault.Unavailable, calls: 3);
        Expect(await A("pexels", Options with { MaxRetries = 0 }).Search(Photos(), default), StockFault.Unavailable, calls: 1);
        Assert.That(Log.All, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Each_wait_is_about_twice_the_one_before()
    {
        var clock = new ManualClock();
        Site.Pexels.Reply([.. Enumerable.Repeat(new StockReply(500), 4)]);
        var searching = A("pexels", Options with { MaxRetries = 3, FirstBackoff = TimeSpan.FromSeconds(4) }, clock).Search(Photos(), default);
        foreach (var longest in new[] { 4, 8, 16 })
        {
            var wait = await clock.Waiting(TimeSpan.FromSeconds(longest / 2.0), TimeSpan.FromSeconds(longest));
            clock.Advance(wait);
        }

        Expect(await Soon(searching), StockFault.Unavailable, calls: 4);
    }

    [Test]
    public async Task A_provider_that_says_how_long_it_will_be_away_is_believed()
    {
        var clock = new ManualClock();
        Site.Pexels.Reply(new StockReply(503, "", ("Retry-After", "9")), new StockReply(503, "", ("Retry-After", "3600")));
        var searching = A("pexels", time: clock).Search(Photos(), default);
        await clock.Waiting(TimeSpan.FromSeconds(9));
        clock.Advance(TimeSpan.FromSeconds(9));

        var answer = await Soon(searching);
        Expect(answer, StockFault.Unavailable, calls: 2);
        Assert.That(answer.Fault!.RetryAt, Is.EqualTo(clock.GetUtcNow() + TimeSpan.FromHours(1)));
    }

    [TestCaseSource(nameof(Providers))]
    public async Task Who_does_not_answer_is_left(string name)
    {
        var clock = new ManualClock();
        Site.Shelf(name).Reply(StockReply.Hang);
        var searching = A(name, Options with { Timeout = TimeSpan.FromSeconds(9) }, clock).Search(Photos(), default);
        await Site.Shelf(name).Hanging();
        clock.Advance(TimeSpan.FromSeconds(9));
        Expect(await Soon(searching), StockFault.TimedOut, calls: 1);
    }

    [Test]
    public async Task No_request_lasts_longer_than_the_patience()
    {
        var clock = new ManualClock();
        Site.Pexels.Reply(StockReply.Hang);
        var searching = A("pexels", Options with { Patience = TimeSpan.FromSeconds(3) }, clock).Search(Photos(), default);
        await Site.Pexels.Hanging();
        clock.Advance(TimeSpan.FromSeconds(3));
        Expect(await Soon(searching), StockFault.TimedOut, calls: 1);
    }

    [Test]
    public async Task Who_stops_is_not_told_of_a_timeout()
    {
        Site.Pexels.Reply(StockReply.Hang);
        using var stop = new CancellationTokenSource();
        var searching = A("pexels").Search(Photos(), stop.Token);
        await Site.Pexels.Hanging();
        await stop.CancelAsync();
        Assert.That(async () => await Soon(searching), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Log.All, Is.Empty);
    }

    [TestCase("<html>Be right back</html>"), TestCase(""), TestCase("{}"), TestCase("null"), TestCase("[]"), TestCase("{\"photos\": 7, \"results\": 7, \"hits\": 7}"), TestCase("{\"photos\": [")]
    [TestCase("{\"photos\": null, \"results\": null, \"hits\": null}")]
    public async Task What_is_no_answer_is_said_to_be_none(string body)
    {
        foreach (var name in Providers)
        {
            Site.Shelf(name).Reply(StockReply.Json(body));
            Expect(await A(name).Search(Photos(), default), StockFault.AnswerUnreadable, calls: 1);
        }
    }

    [TestCase("gzip"), TestCase("br"), TestCase("deflate")]
    public async Task What_is_not_compressed_as_it_says_cannot_be_read(string encoding)
    {
        Site.Pexels.Reply(new StockReply(200, "{\"photos\": []}", ("Content-Encoding", encoding)));
        Expect(await A("pexels").Search(Photos(), default), StockFault.AnswerUnreadable, calls: 1);
    }

    [Test]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        Site.Pexels.Reply(StockReply.Json("{\"photos\": []}" + new string(' ', 4 << 20)));
        Expect(await A("pexels").Search(Photos(), default), StockFault.AnswerUnreadable, calls: 1);
    }

    [TestCase(301), TestCase(302), TestCase(307), TestCase(204)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = await StockSite.Start();
        Site.Pexels.Reply(new StockReply(status, "", ("Location", $"{elsewhere.Url}/v1/search?query=sea&per_page=10")));
        Expect(await A("pexels").Search(Photos(), default), StockFault.AnswerUnreadable, calls: 1);
        Assert.That(elsewhere.Pexels.Asked, Is.Empty);
    }

    [TestCaseSource(nameof(Providers))]
    public async Task A_wrong_key_is_refused_and_said_nowhere(string name)
    {
        const string Wrong = "wrong-key-7Qz4";
        var account = new StockAccount { Key = Wrong, BaseUrl = Site.Url };
        var answer = await A(name, Options with { Pexels = account, Unsplash = account, Pixabay = account }).Search(Photos(), default);

        Expect(answer, StockFault.Refused, calls: 1);
        Assert.That(answer.ToString() + string.Concat(Log.All), Does.Contain(name).IgnoreCase.And.Not.Contains(Wrong));
    }

    [Test]
    public async Task Keys_and_addresses_are_in_no_message_no_log_and_no_trace()
    {
        var traced = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("System.Net", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traced.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(one => one.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);

        var said = new List<string>();
        foreach (var name in Providers)
        {
            StockReply[] replies = [new(500), new(401), new(400), new(429), new(301), StockReply.Garbage, StockReply.HangUp];
            foreach (var reply in replies)
            {
                Site.Shelf(name).Reply(reply);
                said.Add((await A(name, Options with { MaxRetries = 0 }).Search(Photos(), default)).Fault!.ToString());
            }
        }

        await using (var gone = await StockSite.Start())
        {
            var url = gone.Url;
            await gone.DisposeAsync();
            var account = new StockAccount { Key = Site.Pixabay.Key, BaseUrl = url };
            var answer = await A("pixabay", Options with { Pixabay = account }).Search(Photos(), default);
            Expect(answer, StockFault.Unavailable, calls: 3);
            said.Add(answer.Fault!.ToString());
        }

        Assert.That(traced, Has.Count.GreaterThanOrEqualTo(21));
        Assert.That(Log.All, Has.Count.EqualTo(22));
        foreach (var line in traced.Concat(Log.All).Concat(said))
            foreach (var shelf in Shelves) Assert.That(line, Does.Not.Contain(shelf.Key));
        foreach (var line in Log.All.Concat(said)) Assert.That(line, Does.Not.Contain("127.0.0.1").And.Not.Contains("http").And.Not.Contains("per_page"));
        Assert.That(Options.ToString(), Does.Not.Contain(Site.Pexels.Key).And.Not.Contains(Site.Pixabay.Key));
    }

    [Test]
    public async Task Providers_learn_nothing_of_us_but_a_name()
    {
        using var trace = new Activity("a job of ours").Start();
        await Found(A("pixabay"), Photos());
        Assert.That(Site.Pixabay.Asked.Single().Headers.Keys, Is.EquivalentTo(new[] { "Host", "User-Agent", "Accept", "Accept-Encoding" }));
    }
}
