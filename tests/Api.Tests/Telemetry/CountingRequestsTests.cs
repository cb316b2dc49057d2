using System.Net;
using System.Text.RegularExpressions;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Telemetry;

/// <summary>
/// The figures of requests. ASP.NET has a meter for each host and OpenTelemetry takes those of one process for the same: a host that ends beside
/// this one would end its figures, too.
/// </summary>
[NonParallelizable]
internal sealed partial class CountingRequestsTests : PlatformFixture
{
    protected override Task<Platform> Begin() => Platform.StartAlone();

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

    /// <summary>Those that match no route are one for each method and status.</summary>
    private static IEnumerable<string> Unmatched(Figures figures) => figures.Samples.Where(line => line.StartsWith(Requests, StringComparison.Ordinal) && !line.Contains("http_route", StringComparison.Ordinal));

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-zA-Z_][a-zA-Z_0-9]*(\{[a-zA-Z_][a-zA-Z_0-9]*="([^"\\\n]|\\.)*"(,[a-zA-Z_][a-zA-Z_0-9]*="([^"\\\n]|\\.)*")*\})? (NaN|[+-]Inf|-?[0-9.]+(E[+-]?[0-9]+)?))$""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    [GeneratedRegex(@"^# TYPE (?<name>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Named();
}
