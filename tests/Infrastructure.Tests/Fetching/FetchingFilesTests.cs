using System.Diagnostics;
using MediaPlatform.Application.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MediaPlatform.Infrastructure.Tests.Fetching;

/// <summary>Against real servers of this process.</summary>
internal sealed class FetchingFilesTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20); // and not the hour that a broken limit would take
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 1, 2, 3];

    private Site site = null!;

    [OneTimeSetUp]
    public async Task Start() => site = await Site.Start(app =>
    {
        app.MapGet("/photos/{name}", () => Results.Bytes(Photo, "image/JPEG; q=1"));
        app.MapGet("/named", (string as_) => Results.Extensions.With(Photo, "Content-Disposition", as_));
        app.MapGet("/hop/{left:int}", (int left) => Results.Redirect(left == 0 ? "/photos/end.jpg" : $"/hop/{left - 1}"));
        app.MapGet("/loop", () => Results.Redirect("/loop"));
        app.MapGet("/to", (string url, int status) => Results.Extensions.Status(status, "Location", url));
        app.MapGet("/status/{status:int}", (int status) => Results.StatusCode(status));
        app.MapGet("/encoded", (string by) => Results.Extensions.With(Photo, "Content-Encoding", by));
        app.MapGet("/silent", Silent);
        app.MapGet("/mute", (HttpContext context) => Gone(context));
        app.MapGet("/drip", Drip);
        app.MapGet("/endless", Endless);
        app.MapGet("/announced", (HttpContext context) =>
        {
            context.Response.ContentLength = 1 << 20;
            return Endless(context);
        });
    });

    [OneTimeTearDown]
    public async Task Stop() => await site.DisposeAsync();

    [Test]
    public async Task A_file_comes_with_its_name_and_its_length()
    {
        using var fetcher = site.Fetcher();
        await using var file = await fetcher.Open(site.At("/photos/B%C3%A4r%20am%20See.jpg?token=hunter2#top"), default);

        Assert.That(file.FileName, Is.EqualTo("Bär am See.jpg"));
        Assert.That(file.Length, Is.EqualTo(Photo.Length));
        Assert.That(await All(file), Is.EqualTo(Photo));
    }

    [Test]
    public async Task Servers_learn_nothing_of_us_but_a_name()
    {
        using var fetcher = site.Fetcher(new() { UserAgent = "Archive/1 (+mailto:ann@example.com)" });
        site.Heads.Clear();
        using var trace = new Activity("a job of ours").Start();
        await (await fetcher.Open(site.At("/photos/a.jpg"), default)).DisposeAsync();

        Assert.That(site.Heads.Single().Select(header => $"{header.Key}: {header.Value}"), Is.EquivalentTo(new[]
        {
            $"Host: 127.0.0.1:{site.Port}", "User-Agent: Archive/1 (+mailto:ann@example.com)", "Accept: */*", "Accept-Encoding: identity",
        }));
    }

    [TestCase("attachment; filename=\"a photo.jpg\"", "a photo.jpg")]
    [TestCase("attachment; filename=x.jpg; filename*=UTF-8''%E2%82%AC%20rates.jpg", "€ rates.jpg")]
    [TestCase("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [TestCase("attachment; filename=\"..\"", "unnamed")]
    [TestCase("attachment; filename=\"\"", "named")]
    [TestCase("attachment", "named")]
    [TestCase("no;;; such \" header", "named")]
    public async Task The_name_is_the_servers_and_safe(string disposition, string name)
    {
        using var fetcher = site.Fetcher();
        await using var file = await fetcher.Open(site.At($"/named?as_={Uri.EscapeDataString(disposition)}"), default);
        Assert.That(file.FileName, Is.EqualTo(name));
    }

    [Test]
    public async Task Three_redirects_are_followed_and_a_fourth_is_not()
    {
        using var fetcher = site.Fetcher();
        await using (var file = await fetcher.Open(site.At("/hop/2"), default)) Assert.That((file.FileName, await All(file)), Is.EqualTo(("end.jpg", Photo)));
        await Expect("URL_TOO_MANY_REDIRECTS", retryable: false, () => fetcher.Open(site.At("/hop/3"), default));
        await Expect("URL_TOO_MANY_REDIRECTS", retryable: false, () => fetcher.Open(site.At("/loop"), default));
    }

    [TestCase("http://127.0.0.2:PORT/photos/a.jpg", "URL_FORBIDDEN")]
    [TestCase("http://[::ffff:127.0.0.1]:PORT/photos/a.jpg", "URL_FORBIDDEN")]
    [TestCase("http://[::1]:PORT/photos/a.jpg", "URL_FORBIDDEN")]
    [TestCase("//127.0.0.2:PORT/photos/a.jpg", "URL_FORBIDDEN")]
    [TestCase("http://ann:hunter2@127.0.0.1:PORT/photos/a.jpg", "URL_INVALID")]
    [TestCase("http://127.0.0.1:22/photos/a.jpg", "URL_INVALID")]
    [TestCase("ftp://127.0.0.1/photos/a.jpg", "URL_INVALID")]
    [TestCase("file:///etc/passwd", "URL_INVALID")]
    [TestCase("", "URL_REFUSED")]
    public async Task A_redirect_is_held_to_the_same_rules(string location, string code)
    {
        using var fetcher = site.Fetcher();
        foreach (var status in new[] { 301, 302, 303, 307, 308 })
        {
            site.Asked.Clear();
            var url = Uri.EscapeDataString(location.Replace("PORT", site.Port.ToString(), StringComparison.Ordinal));
            await Expect(code, retryable: false, () => fetcher.Open(site.At($"/to?status={status}&url={url}"), default));
            Assert.That(site.Asked, Has.Count.EqualTo(1), "only the first server was asked");
        }
    }

    [TestCase("127.0.0.1"), TestCase("2130706433"), TestCase("0x7f.1"), TestCase("127.1"), TestCase("0177.0.0.1"), TestCase("017700000001"), TestCase("0x7f000001"), TestCase("127.0.0.1.")]
    [TestCase("[::1]"), TestCase("[::ffff:127.0.0.1]"), TestCase("[::ffff:7f00:1]"), TestCase("[0:0:0:0:0:ffff:127.0.0.1]"), TestCase("[::127.0.0.1]"), TestCase("0.0.0.0"), TestCase("0")]
    [TestCase("localhost"), TestCase("LOCALHOST"), TestCase("localhost."), TestCase("[::]"), TestCase("１２７.0.0.1"), TestCase("127。0。0。1")]
    public async Task However_it_is_written_this_machine_is_refused(string host)
    {
        using var fetcher = Site.Closed(new() { Ports = [site.Port] });
        site.Asked.Clear();
        var read = fetcher.Read($"http://{host}:{site.Port}/photos/a.jpg");
        var code = read.Succeeded ? (await Refused(() => fetcher.Open(read.Value, default))).Error.Code : read.Errors[0].Code;

        Assert.That(code, Is.AnyOf("URL_FORBIDDEN", "URL_INVALID", "URL_UNREACHABLE"));
        Assert.That(site.Asked, Is.Empty);
        if (host is "127.0.0.1" or "2130706433" or "127.1" or "localhost" or "[::1]" or "[::ffff:127.0.0.1]") Assert.That(code, Is.EqualTo("URL_FORBIDDEN"));
    }

    [Test]
    public async Task A_name_that_stands_for_a_private_address_is_refused()
    {
        using var fetcher = site.Fetcher(resolver: new Names("127.0.0.2"));
        site.Asked.Clear();
        await Expect("URL_FORBIDDEN", retryable: false, () => fetcher.Open(site.At("/photos/a.jpg", "photos.example"), default));
        Assert.That(site.Asked, Is.Empty);
    }

    [Test]
    public async Task What_was_checked_is_what_is_connected_to()
    {
        var names = new Names("127.0.0.1", "127.0.0.2"); // 127.0.0.1 stands for the public internet here
        using var fetcher = site.Fetcher(resolver: names);
        site.Asked.Clear();
        await (await fetcher.Open(site.At("/photos/a.jpg", "rebinding.example"), default)).DisposeAsync();

        Assert.That(names.Asked, Is.EqualTo(1));
        Assert.That(site.Asked, Is.EqualTo(new[] { "127.0.0.1/photos/a.jpg" }));
    }

    [Test]
    public async Task A_name_that_changes_its_mind_between_two_redirects_is_refused()
    {
        using var fetcher = site.Fetcher(resolver: new Names("127.0.0.1", "127.0.0.2"));
        site.Asked.Clear();
        await Expect("URL_FORBIDDEN", retryable: false, () => fetcher.Open(site.At("/hop/1", "rebinding.example"), default));
        Assert.That(site.Asked, Is.EqualTo(new[] { "127.0.0.1/hop/1" }));
    }

    [Test]
    public async Task Of_several_addresses_only_those_that_are_allowed_are_tried()
    {
        using var fetcher = site.Fetcher(resolver: new Names("127.0.0.2,::ffff:127.0.0.1,127.0.0.1"));
        site.Asked.Clear();
        await (await fetcher.Open(site.At("/photos/a.jpg", "photos.example"), default)).DisposeAsync();
        Assert.That(site.Asked, Is.EqualTo(new[] { "127.0.0.1/photos/a.jpg" }));
    }

    [TestCase("ftp://example.com/a.jpg"), TestCase("file:///etc/passwd"), TestCase("/etc/passwd"), TestCase("gopher://example.com/"), TestCase("data:image/png;base64,AAAA")]
    [TestCase("http://ann@example.com/a.jpg"), TestCase("http://ann:hunter2@example.com/a.jpg"), TestCase("http://example.com:22/a.jpg"), TestCase("https://example.com:6379/"), TestCase("http:///a.jpg")]
    [TestCase("a photo"), TestCase("")]
    public async Task What_is_no_URL_of_ours_is_refused_before_the_network_is_asked(string url)
    {
        using var fetcher = Site.Closed(new(), new Names());
        Assert.That(fetcher.Read(url).Errors.Single().Code, Is.EqualTo("URL_INVALID"));
        if (Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out var read)) await Expect("URL_INVALID", retryable: false, () => fetcher.Open(read, default));
    }

    [Test]
    public void A_URL_may_not_be_endless()
    {
        using var fetcher = Site.Closed(new());
        Assert.That(fetcher.Read("https://example.com/" + new string('a', 4076)).Succeeded, Is.True);
        Assert.That(fetcher.Read("https://example.com/" + new string('a', 4077)).Succeeded, Is.False);
    }

    [TestCase(404, false), TestCase(401, false), TestCase(403, false), TestCase(410, false), TestCase(204, false), TestCase(206, false), TestCase(304, false), TestCase(501, false)]
    [TestCase(408, true), TestCase(425, true), TestCase(429, true), TestCase(500, true), TestCase(502, true), TestCase(503, true), TestCase(504, true)]
    public async Task A_status_says_whether_asking_again_may_help(int status, bool retryable)
    {
        using var fetcher = site.Fetcher();
        await Expect("URL_REFUSED", retryable, () => fetcher.Open(site.At($"/status/{status}"), default));
    }

    [TestCase("gzip"), TestCase("br"), TestCase("deflate, gzip"), TestCase("made-up")]
    public async Task What_was_compressed_all_the_same_is_refused(string encoding)
    {
        using var fetcher = site.Fetcher();
        await Expect("URL_ENCODED", retryable: false, () => fetcher.Open(site.At($"/encoded?by={Uri.EscapeDataString(encoding)}"), default));
    }

    [Test]
    public async Task To_say_that_nothing_is_compressed_is_fine()
    {
        using var fetcher = site.Fetcher();
        await using var file = await fetcher.Open(site.At("/encoded?by=identity"), default);
        Assert.That(await All(file), Is.EqualTo(Photo));
    }

    [Test]
    public async Task An_endless_file_ends_at_the_limit()
    {
        using var fetcher = site.Fetcher(maxBytes: 300_000);
        await using var file = await fetcher.Open(site.At("/endless"), default);
        Assert.That(file.Length, Is.Null);
        await Expect("URL_TOO_LARGE", retryable: false, () => All(file));
    }

    [Test]
    public async Task A_file_that_is_announced_as_too_large_is_not_begun()
    {
        using var fetcher = site.Fetcher(maxBytes: (1 << 20) - 1);
        await Expect("URL_TOO_LARGE", retryable: false, () => fetcher.Open(site.At("/announced"), default));
        using var roomier = site.Fetcher(maxBytes: 1 << 20);
        await using var file = await roomier.Open(site.At("/announced"), default);
        Assert.That(file.Length, Is.EqualTo(1 << 20));
    }

    [Test]
    public async Task A_server_that_falls_silent_is_left()
    {
        using var fetcher = site.Fetcher(new() { IdleTimeout = TimeSpan.FromSeconds(0.3), TimeLimit = Enough });
        await using var file = await fetcher.Open(site.At("/silent"), default);
        var refused = await Expect("URL_TIMED_OUT", retryable: true, () => All(file));
        Assert.That(refused.Message, Does.Contain("said nothing for 0.3 s"));
    }

    [Test]
    public async Task A_server_that_drips_is_left_although_it_is_never_silent()
    {
        using var fetcher = site.Fetcher(new() { IdleTimeout = TimeSpan.FromSeconds(4), MinBytesPerSecond = 1000, TimeLimit = Enough });
        await using var file = await fetcher.Open(site.At("/drip"), default);
        var refused = await Expect("URL_TIMED_OUT", retryable: true, () => All(file));
        Assert.That(refused.Message, Does.Contain("less than 1000 bytes in a second"));
    }

    [Test]
    public async Task A_file_that_takes_too_long_as_a_whole_is_left()
    {
        using var fetcher = site.Fetcher(new() { TimeLimit = TimeSpan.FromSeconds(0.5), MinBytesPerSecond = 0 });
        await using var file = await fetcher.Open(site.At("/drip"), default);
        var refused = await Expect("URL_TIMED_OUT", retryable: true, () => All(file));
        Assert.That(refused.Message, Does.Contain("within 0.5 s"));
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_left()
    {
        using var fetcher = site.Fetcher(new() { ConnectTimeout = TimeSpan.FromSeconds(0.1), IdleTimeout = TimeSpan.FromSeconds(0.2) });
        await Expect("URL_TIMED_OUT", retryable: true, () => fetcher.Open(site.At("/mute"), default));
    }

    [Test]
    public async Task A_caller_who_stops_is_not_told_of_a_timeout()
    {
        using var fetcher = site.Fetcher();
        using var stop = new CancellationTokenSource();
        var opening = fetcher.Open(site.At("/mute"), stop.Token);
        await stop.CancelAsync();
        Assert.That(async () => await opening, Throws.InstanceOf<OperationCanceledException>());

        await using var file = await fetcher.Open(site.At("/silent"), default);
        using var stopReading = new CancellationTokenSource();
        var buffer = new byte[10];
        Assert.That(await file.Content.ReadAsync(buffer, stopReading.Token), Is.EqualTo(1));
        var reading = file.Content.ReadAsync(buffer, stopReading.Token).AsTask();
        await stopReading.CancelAsync();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Nobody_at_the_door_may_be_somebody_later()
    {
        await using var liar = new Liar("");
        using var fetcher = liar.Fetcher();
        var url = liar.Url;
        await Expect("URL_UNREACHABLE", retryable: true, () => fetcher.Open(url, default)); // it hangs up
        await liar.DisposeAsync();
        await Expect("URL_UNREACHABLE", retryable: true, () => fetcher.Open(url, default)); // it is gone
        using var lost = Site.Closed(new(), new Names());
        await Expect("URL_UNREACHABLE", retryable: false, () => lost.Open(new Uri("https://nowhere.example/a.jpg"), default));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes!")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nten bytes!")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nten bytes!\r\n")]
    public async Task A_file_that_ends_early_is_not_a_file(string answer)
    {
        await using var liar = new Liar(answer);
        using var fetcher = liar.Fetcher();
        await using var file = await fetcher.Open(liar.Url, default);
        await Expect("URL_INCOMPLETE", retryable: true, () => All(file));
    }

    [Test]
    public async Task Of_a_file_that_is_longer_than_announced_the_announced_bytes_come()
    {
        await using var liar = new Liar("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nten bytes! and more");
        using var fetcher = liar.Fetcher();
        await using var file = await fetcher.Open(liar.Url, default);
        Assert.That(await All(file), Is.EqualTo("ten bytes!"u8.ToArray()));
    }

    [Test]
    public async Task Chunks_count_more_than_an_announced_length()
    {
        await using var liar = new Liar("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\na\r\nten bytes!\r\n0\r\n\r\n");
        using var fetcher = liar.Fetcher();
        await using var file = await fetcher.Open(liar.Url, default);
        Assert.That(file.Length, Is.Null);
        Assert.That(await All(file), Is.EqualTo("ten bytes!"u8.ToArray()));
    }

    [Test]
    public async Task What_is_not_HTTP_or_has_an_endless_head_is_refused()
    {
        foreach (var answer in new[] { "SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/1.1 200 OK\r\nX-Long: " + new string('a', 40_000) + "\r\n\r\n" })
        {
            await using var liar = new Liar(answer);
            using var fetcher = liar.Fetcher();
            await Expect("URL_ANSWER_UNREADABLE", retryable: false, () => fetcher.Open(liar.Url, default));
        }
    }

    [Test]
    public async Task No_failure_tells_of_the_path_or_the_query()
    {
        using var fetcher = site.Fetcher();
        foreach (var path in new[] { "/status/404?token=hunter2", "/loop?token=hunter2", "/to?status=302&url=http%3A%2F%2Fhunter2%40example.com", "/to?status=302&url=http%3A%2F%2F10.0.0.1%2Fhunter2" })
        {
            var refused = await Refused(() => fetcher.Open(site.At(path), default));
            Assert.That(refused.ToString() + refused.Error, Does.Not.Contain("hunter2"));
        }
    }

    private static async Task<byte[]> All(FetchedUrl file)
    {
        using var all = new MemoryStream();
        await file.Content.CopyToAsync(all);
        return all.ToArray();
    }

    private static async Task<UrlFetchException> Refused<T>(Func<Task<T>> fetch)
    {
        try
        {
            await fetch();
        }
        catch (UrlFetchException exception)
        {
            return exception;
        }

        throw new AssertionException("It was fetched.");
    }

    private static async Task<UrlFetchException> Expect<T>(string code, bool retryable, Func<Task<T>> fetch)
    {
        var refused = await Refused(fetch);
        Assert.That((refused.Error.Code, refused.Retryable), Is.EqualTo((code, retryable)), refused.ToString());
        return refused;
    }

    private static async Task Silent(HttpContext context)
    {
        await context.Response.Body.WriteAsync(new byte[1]);
        await context.Response.Body.FlushAsync();
        await Gone(context);
    }

    private static async Task Drip(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(new byte[1], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(20, context.RequestAborted);
        }
    }

    private static async Task Endless(HttpContext context)
    {
        var some = new byte[65_536];
        for (var sent = 0L; sent < (context.Response.ContentLength ?? long.MaxValue); sent += some.Length) await context.Response.Body.WriteAsync(some, context.RequestAborted);
    }

    private static Task Gone(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }
}

file static class Answers
{
    public static IResult With(this IResultExtensions _, byte[] body, string header, string value) => new Answer(200, header, value, body);

    public static IResult Status(this IResultExtensions _, int status, string header, string? value) => new Answer(status, header, value, []);

    private sealed class Answer(int status, string header, string? value, byte[] body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            if (value is not null) httpContext.Response.Headers[header] = value;
            if (body.Length > 0) await httpContext.Response.Body.WriteAsync(body);
        }
    }
}
