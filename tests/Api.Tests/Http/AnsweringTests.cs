using System.Net;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Query;
using Microsoft.AspNetCore.Builder;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class AnsweringTests
{
    private enum PublishState { InReview }

    private sealed record Shoe(string Color, int Size);

    private sealed record Thing(Guid Id, string DisplayTitle, PublishState State, DateTimeOffset CreatedAt, Shoe? Shoe = null, IReadOnlyList<Shoe>? Spares = null);

    private static readonly Thing Sample = new(
        Guid.Parse("019a0000-0000-7000-8000-000000000001"), "Ánn's <b> & 日本", PublishState.InReview,
        new(2026, 1, 31, 18, 0, 0, TimeSpan.FromHours(2)), new("nude", 38), [new("red", 39), new("blue", 40)]);

    private FrameHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await FrameHost.Start(api =>
    {
        api.MapGet("/ok", () => Respond.Ok(Sample));
        api.MapGet("/warned", () => Respond.Item(Sample, 1, [new("SHORT_CLIP", "The clip is short.", "duration_seconds", [Sample.Id])]));
        api.MapGet("/item/{version:long}", (long version) => Respond.Item(Sample, version));
        api.MapPost("/created", () => Respond.Created("/api/v1/item/1", Sample, 1));
        api.MapPost("/accepted", () => Respond.Accepted("/api/v1/jobs/1", Sample));
        api.MapGet("/list", (ListQuery query) => Respond.Page(new Page<Thing>([Sample, Sample], query.Request.Limit, "next", 1234, true))).Lists<Thing>([], []);
        api.MapGet("/long", () => Respond.Ok(Enumerable.Repeat(Sample, 5000)));
    });

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Data_is_snake_case_with_utc_times_and_readable_text_in_the_envelope()
    {
        var answer = await host.Get("/api/v1/ok");

        Assert.That(answer.Text, Does.StartWith("{\"data\":{\"id\":\"019a0000-0000-7000-8000-000000000001\",\"display_title\":\"Ánn's <b> & 日本\",\"state\":\"in_review\",\"created_at\":\"2026-01-31T16:00:00Z\""));
        Assert.That(answer.Header("Content-Type"), Is.EqualTo("application/json; charset=utf-8"));
        Assert.That(answer.Response.Content.Headers.ContentLength, Is.EqualTo(System.Text.Encoding.UTF8.GetByteCount(answer.Text)));
        var metadata = answer.Json["metadata"]!;
        Assert.That(metadata["schema_version"]!.GetValue<string>(), Is.EqualTo("1.0"));
        Assert.That(metadata["timestamp"]!.GetValue<DateTimeOffset>(), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(1)));
        Assert.That(metadata["request_id"]!.GetValue<string>(), Is.EqualTo(answer.Header("X-Request-Id")));
        Assert.That(metadata.AsObject().ContainsKey("page"), Is.False);
        Assert.That(answer.Json["errors"]!.AsArray(), Is.Empty);
    }

    [TestCase("/api/v1/ok")]
    [TestCase("/api/v1/item/7")]
    [TestCase("/api/v1/list")]
    public async Task No_shared_cache_keeps_an_answer_and_no_other_uses_one_unasked(string path)
    {
        var answer = await host.Get(path);
        var again = await host.Get(path, ("If-None-Match", answer.Header("ETag") ?? "\"none\""));

        foreach (var cached in new[] { answer, again })
        {
            Assert.That(cached.Response.Headers.CacheControl!.Private, Is.True);
            Assert.That(cached.Response.Headers.CacheControl.NoCache, Is.True);
        }
    }

    [Test]
    public async Task Warnings_stand_in_the_metadata()
    {
        var warning = (await host.Get("/api/v1/warned")).Json["metadata"]!["warnings"]![0]!;

        Assert.That(warning.ToJsonString(), Is.EqualTo("""{"code":"SHORT_CLIP","message":"The clip is short.","field":"duration_seconds","related_ids":["019a0000-0000-7000-8000-000000000001"]}"""));
    }

    [Test]
    public async Task An_etag_is_the_version_and_the_hash_of_the_data_alone()
    {
        var (first, again, next) = (await host.Get("/api/v1/item/7"), await host.Get("/api/v1/item/7"), await host.Get("/api/v1/item/8"));

        Assert.That(first.Header("ETag"), Does.Match("^\"7-[A-Za-z0-9_-]{22}\"$"));
        Assert.That(again.Header("ETag"), Is.EqualTo(first.Header("ETag")), "another timestamp and request id change nothing");
        Assert.That(next.Header("ETag"), Is.EqualTo(first.Header("ETag")!.Replace("\"7-", "\"8-")));
    }

    [TestCase("{0}")]
    [TestCase("W/{0}")]
    [TestCase("\"1-x\", {0} , \"2-y\"")]
    [TestCase("*")]
    public async Task What_the_caller_has_is_not_sent_again(string header)
    {
        var tag = (await host.Get("/api/v1/item/7")).Header("ETag")!;

        var answer = await host.Get("/api/v1/item/7", ("If-None-Match", string.Format(header, tag)));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotModified), answer.Text);
        Assert.That(answer.Header("ETag"), Is.EqualTo(tag));
        Assert.That(answer.Text, Is.Empty);
    }

    [Test]
    public async Task Another_etag_gets_the_data()
    {
        var answer = await host.Get("/api/v1/item/7", ("If-None-Match", "\"7-AAAAAAAAAAAAAAAAAAAAAA\""));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task What_was_created_has_a_location_and_an_etag()
    {
        var answer = await host.Post("/api/v1/created", "{}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That(answer.Header("Location"), Is.EqualTo("/api/v1/item/1"));
        Assert.That(answer.Header("ETag"), Does.StartWith("\"1-"));
    }

    [Test]
    public async Task What_was_accepted_says_where_to_look()
    {
        var answer = await host.Post("/api/v1/accepted", "{}");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Accepted), answer.Text);
        Assert.That(answer.Header("Location"), Is.EqualTo("/api/v1/jobs/1"));
    }

    [Test]
    public async Task A_page_says_where_it_stands()
    {
        var answer = await host.Get("/api/v1/list?limit=2");

        Assert.That(answer.Json["data"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(answer.Json["metadata"]!["page"]!.ToJsonString(), Is.EqualTo("""{"limit":2,"next_cursor":"next","total":1234,"total_is_capped":true}"""));
    }

    [Test]
    public async Task Selected_fields_are_all_that_is_sent()
    {
        var answer = await host.Get("/api/v1/list?_fields=display_title,shoe.color,spares.size");

        Assert.That(answer.Json["data"]![0]!["spares"]!.ToJsonString(), Is.EqualTo("""[{"size":39},{"size":40}]"""));
        Assert.That(answer.Json["data"]![0]!["shoe"]!.ToJsonString(), Is.EqualTo("""{"color":"nude"}"""));
        Assert.That(answer.Json["data"]![0]!.AsObject().Select(m => m.Key), Is.EquivalentTo(new[] { "display_title", "shoe", "spares" }));
    }

    [Test]
    public async Task Selecting_what_does_not_exist_names_it()
    {
        var answer = await host.Get("/api/v1/list?_fields=display_titel,shoe.colour,created_at.x");

        answer.IsProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD _fields", "UNKNOWN_FIELD _fields", "UNKNOWN_FIELD _fields");
        Assert.That(answer.Message(), Does.Contain("\"display_titel\"").And.Contain("Did you mean \"display_title\"?"));
    }

    [Test]
    public async Task Head_answers_as_get_would_without_the_body()
    {
        var (get, head) = (await host.Get("/api/v1/item/7"), await host.Send(HttpMethod.Head, "/api/v1/item/7", null));

        Assert.That(head.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(head.Text, Is.Empty);
        Assert.That(head.Header("ETag"), Is.EqualTo(get.Header("ETag")));
        Assert.That(head.Header("Content-Length"), Is.Not.Null.And.Not.EqualTo("0"));
    }

    [Test]
    public async Task Long_and_parallel_answers_do_not_mix()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => host.Get(i % 2 == 0 ? "/api/v1/long" : $"/api/v1/item/{i}")));

        for (var i = 0; i < answers.Length; i++)
        {
            if (i % 2 == 0) Assert.That(answers[i].Json["data"]!.AsArray(), Has.Count.EqualTo(5000));
            else Assert.That(answers[i].Header("ETag"), Does.StartWith($"\"{i}-"));
        }
    }
}
