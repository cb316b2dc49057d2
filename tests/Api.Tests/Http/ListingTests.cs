using System.Net;
using MediaPlatform.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class ListingTests
{
    private FrameHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await FrameHost.Start(api =>
    {
        api.MapGet("/things", (ListQuery query) => Respond.Ok(query.Request));
        api.MapGet("/things/search", (ListQuery query, [FromQuery(Name = "include_media")] bool? includeMedia) => Respond.Ok(new { query.Request.Conditions, includeMedia }));
        api.MapGet("/things/{id:guid}", (Guid id, [FromQuery(Name = "include_media")] bool? includeMedia, int? depth, string[]? tags, CancellationToken ct) => Respond.Ok(new { id, includeMedia, depth, tags }));
        api.MapGet("/required", ([FromQuery(Name = "from_version")] int from) => Respond.Ok(from));
        api.MapPost("/things", (Body<object> body) => Respond.Ok(1));
        api.MapPost("/waits", (Preference prefer) =>
        {
            if (prefer.Wait > TimeSpan.Zero) prefer.Applied();
            return Respond.Ok(prefer.Wait.TotalSeconds);
        });
    });

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Nothing_asked_means_the_defaults()
    {
        var data = (await host.Get("/api/v1/things")).Json["data"]!;

        Assert.That(data.ToJsonString(), Is.EqualTo("""{"conditions":[],"text":null,"sort":[],"limit":50,"cursor":null,"count":"capped","include_deleted":false}"""));
    }

    [Test]
    public async Task Everything_reserved_is_read()
    {
        var data = (await host.Get("/api/v1/things?q=red%20shoes&sort=-publish_date,title&limit=200&cursor=abc&count=exact&include_deleted=true")).Json["data"]!;

        Assert.That(data.ToJsonString(), Is.EqualTo(
            """{"conditions":[],"text":"red shoes","sort":[{"field":"publish_date","descending":true},{"field":"title","descending":false}],"limit":200,"cursor":"abc","count":"exact","include_deleted":true}"""));
    }

    [TestCase("status=published", "status eq published")]
    [TestCase("duration_seconds[gte]=60", "duration_seconds gte 60")]
    [TestCase("status[in]=draft,published", "status in draft|published")]
    [TestCase("tags[all]=a%5C,b,c%5C%5C,%5Cd", @"tags all a,b|c\|\d")]
    [TestCase("title=Hello, world", "title eq Hello, world")]
    [TestCase("wardrobe.shoes.color[starts_with]=nu", "wardrobe.shoes.color starts_with nu")]
    [TestCase("a[gte]=1&a[lt]=5", "a gte 1;a lt 5")]
    [TestCase("a=1&a=2", "a eq 1;a eq 2")]
    [TestCase("a=", "a eq ")]
    [TestCase("a[null]=true", "a null true")]
    public async Task Filters_become_conditions(string query, string expected)
    {
        var answer = await host.Get("/api/v1/things?" + query);

        var conditions = answer.Json["data"]!["conditions"]!.AsArray().Select(c => $"{c!["field"]} {c["operator"]} {string.Join('|', c["values"]!.AsArray())}");
        Assert.That(string.Join(';', conditions), Is.EqualTo(expected));
    }

    [Test]
    public async Task All_problems_of_a_query_come_at_once()
    {
        var answer = await host.Get("/api/v1/things?limit=0&count=some&include_deleted=yes&a[gtee]=1&b[=1&[eq]=2&c[eq][ne]=1&sort=a,,-a&q=1&q=2&d=%00");

        answer.IsProblem(
            HttpStatusCode.BadRequest,
            "INVALID_PARAMETER limit", "INVALID_PARAMETER count", "INVALID_PARAMETER include_deleted", "UNKNOWN_OPERATOR a", "MALFORMED_FILTER b[",
            "MALFORMED_FILTER [eq]", "MALFORMED_FILTER c[eq][ne]", "INVALID_PARAMETER sort", "INVALID_PARAMETER sort", "INVALID_PARAMETER q", "INVALID_TEXT d");
        Assert.That(answer.Message(0), Is.EqualTo("limit must be a whole number from 1 to 200."));
        Assert.That(answer.Message(3), Does.Contain("eq, ne, gt").And.EndWith("Did you mean \"gte\"?"));
    }

    [TestCase("limit=201")]
    [TestCase("limit=-1")]
    [TestCase("limit=ten")]
    [TestCase("limit=")]
    public async Task A_limit_outside_its_bounds_is_refused(string query)
    {
        (await host.Get("/api/v1/things?" + query)).IsProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER limit");
    }

    [Test]
    public async Task The_endpoints_own_parameters_are_no_fields()
    {
        var data = (await host.Get("/api/v1/things/search?include_media=true&status=x")).Json["data"]!;

        Assert.That(data["conditions"]!.AsArray().Single()!["field"]!.ToString(), Is.EqualTo("status"));
        Assert.That(data["include_media"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task Known_parameters_are_taken()
    {
        var answer = await host.Get("/api/v1/things/019a0000-0000-7000-8000-000000000001?include_media=true&depth=2&tags=a&tags=b");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Json["data"]!["tags"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Unknown_parameters_are_named_with_the_nearest()
    {
        var answer = await host.Get("/api/v1/things/019a0000-0000-7000-8000-000000000001?include_meda=true&id=1&ct=2");

        answer.IsProblem(HttpStatusCode.BadRequest, "UNKNOWN_PARAMETER include_meda", "UNKNOWN_PARAMETER id", "UNKNOWN_PARAMETER ct");
        Assert.That(answer.Message(), Does.EndWith("Did you mean \"include_media\"?"));
    }

    [Test]
    public async Task A_parameter_with_text_that_cannot_be_stored_is_named()
    {
        (await host.Get("/api/v1/things/019a0000-0000-7000-8000-000000000001?tags=%00")).IsProblem(HttpStatusCode.BadRequest, "INVALID_TEXT tags");
    }

    [Test]
    public async Task A_parameter_where_none_is_taken_is_named()
    {
        (await host.Post("/api/v1/things?dry_run=true", "{}")).IsProblem(HttpStatusCode.BadRequest, "UNKNOWN_PARAMETER dry_run");
    }

    [Test]
    public async Task A_parameter_of_another_type_says_what_was_expected()
    {
        var answer = await host.Get("/api/v1/things/019a0000-0000-7000-8000-000000000001?include_media=maybe");

        answer.IsProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER include_media");
        Assert.That(answer.Message(), Is.EqualTo("include_media must be true or false."));
    }

    [Test]
    public async Task A_missing_parameter_is_named()
    {
        (await host.Get("/api/v1/required")).IsProblem(HttpStatusCode.BadRequest, "MISSING_PARAMETER from_version");
    }

    [TestCase("wait=10", 10, "wait=10")]
    [TestCase("respond-async, wait=5", 5, "wait=5")]
    [TestCase("wait=600", 30, "wait=30")]
    [TestCase("wait=soon", 0, null)]
    [TestCase(null, 0, null)]
    public async Task A_preferred_wait_is_read_and_confirmed(string? header, int seconds, string? applied)
    {
        var answer = await host.Send(HttpMethod.Post, "/api/v1/waits", null, header is null ? [] : [("Prefer", header)]);

        Assert.That(answer.Json["data"]!.GetValue<double>(), Is.EqualTo(seconds));
        Assert.That(answer.Header("Preference-Applied"), Is.EqualTo(applied));
    }
}
