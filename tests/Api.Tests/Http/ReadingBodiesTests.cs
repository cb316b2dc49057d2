using System.Net;
using System.Text;
using System.Text.Json;
using MediaPlatform.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class ReadingBodiesTests
{
    private enum Visibility { OpenToAll, Hidden }

    private sealed record Settings(int RetentionDays, bool? Strict = null);

    private sealed record ThingBody(Guid Id, string Title, DateTimeOffset CreatedAt, int Version);

    [ReadOnlyFields(typeof(ThingBody))]
    private sealed record PutThing(
        string Title, Settings Settings, Visibility Visibility = Visibility.Hidden, string? Note = null, IReadOnlyList<Guid>? Owners = null,
        DateTimeOffset? PublishAt = null, IReadOnlyDictionary<string, int>? Counts = null, JsonElement? Extra = null, IReadOnlyList<Settings>? History = null);

    private const string Good = """{"title":"A","settings":{"retention_days":3}}""";

    private FrameHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await FrameHost.Start(api =>
    {
        api.MapPost("/things", (Body<PutThing> body) => Respond.Ok(body.Value));
        api.MapPost("/small", (Body<PutThing> body) => Respond.Ok(body.Value)).WithMetadata(new RequestSizeLimitAttribute(100));
        api.MapPut("/things/{id:int}", (int id, Body<PutThing> body, IfMatch ifMatch) => Respond.Ok(new { id, ifMatch.Version }));
    });

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    private Task<Answer> Put(string json) => host.Post("/api/v1/things", json);

    [Test]
    public async Task A_good_body_is_read_whole()
    {
        var answer = await Put("""
            {"title":"日本 😀","settings":{"retention_days":3,"strict":true},"visibility":"open_to_all","note":null,"owners":["019a0000-0000-7000-8000-000000000001"],
             "publish_at":"2026-01-31T18:00:00+02:00","counts":{"Any Key":1},"extra":{"free":[1,{"a":null}]},"history":[{"retention_days":1}]}
            """);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var data = answer.Json["data"]!;
        Assert.That(data["title"]!.GetValue<string>(), Is.EqualTo("日本 😀"));
        Assert.That(data["visibility"]!.GetValue<string>(), Is.EqualTo("open_to_all"));
        Assert.That(data["publish_at"]!.GetValue<string>(), Is.EqualTo("2026-01-31T16:00:00Z"));
        Assert.That(data["extra"]!.ToJsonString(), Is.EqualTo("""{"free":[1,{"a":null}]}"""));
        Assert.That(data["counts"]!.ToJsonString(), Is.EqualTo("""{"Any Key":1}"""));
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/json; charset=iso-8859-1")]
    [TestCase(null)]
    public async Task Only_json_is_taken(string? contentType)
    {
        var answer = await host.Post("/api/v1/things", Encoding.UTF8.GetBytes(Good), contentType);

        answer.IsProblem(HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_CONTENT_TYPE");
    }

    [TestCase("application/json; charset=utf-8")]
    [TestCase("application/json;charset=\"UTF-8\"")]
    [TestCase("application/merge-patch+json")]
    public async Task Json_in_every_spelling_is_taken(string contentType)
    {
        var answer = await host.Post("/api/v1/things", Good, contentType);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task More_than_a_mebibyte_is_refused(bool knownLength)
    {
        var bytes = Encoding.UTF8.GetBytes("{\"title\":\"" + new string('a', 1 << 20) + "\"}");
        HttpContent content = knownLength ? new ByteArrayContent(bytes) : new StreamContent(new UnknownLength(bytes));
        content.Headers.ContentType = new("application/json");

        var answer = await host.Send(HttpMethod.Post, "/api/v1/things", content);

        answer.IsProblem(HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE");
    }

    [Test]
    public async Task An_endpoint_can_have_its_own_limit()
    {
        var answer = await host.Post("/api/v1/small", $$"""{"title":"{{new string('a', 100)}}"}""");

        answer.IsProblem(HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE");
    }

    [TestCase("", "empty")]
    [TestCase("{\"title\":\"A\",\n  \"settings\": }", "line 2, position 15")]
    [TestCase("{\"title\":\"A\"", "line 1")]
    [TestCase("{\"title\":\"A\",}", "line 1, position 14")]
    [TestCase("{} {}", "line 1, position 4")]
    [TestCase("{\"title\": // no comments\n1}", "line 1")]
    [TestCase("\"\\ud8\"", "line 1")]
    public async Task What_is_not_json_is_refused_with_its_place(string body, string place)
    {
        var answer = await Put(body);

        answer.IsProblem(HttpStatusCode.BadRequest, "MALFORMED_JSON");
        Assert.That(answer.Message(), Does.Contain(place).And.Not.Contain("LineNumber"));
    }

    [Test]
    public async Task Nesting_has_a_limit()
    {
        var answer = await Put("{\"extra\":" + new string('[', 40) + new string(']', 40) + "}");

        answer.IsProblem(HttpStatusCode.BadRequest, "MALFORMED_JSON");
        Assert.That(answer.Message(), Does.Contain("deeper than 32"));
    }

    [TestCase("""{"title":"A","title":"B","settings":{"retention_days":3}}""", "DUPLICATE_FIELD title")]
    [TestCase("""{"title":"A","t\u0069tle":"B","settings":{"retention_days":3}}""", "DUPLICATE_FIELD title")]
    [TestCase("""{"title":"A","settings":{"retention_days":3,"retention_days":4}}""", "DUPLICATE_FIELD settings.retention_days")]
    [TestCase("""{"title":"A","settings":{"retention_days":3},"extra":{"a":[{"b":1,"b":2}]}}""", "DUPLICATE_FIELD extra.a[0].b")]
    [TestCase("""{"title":"A\u0000","settings":{"retention_days":3}}""", "INVALID_TEXT title")]
    [TestCase("""{"title":"\ud800","settings":{"retention_days":3}}""", "INVALID_TEXT title")]
    [TestCase("""{"title":"A","settings":{"retention_days":3},"extra":{"a":["\u0000"]}}""", "INVALID_TEXT extra.a[0]")]
    [TestCase("""{"title":"A","settings":{"retention_days":3},"extra":{"a\u0000":1}}""", "INVALID_TEXT extra")]
    [TestCase("""{"title":"A","settings":{"retention_days":3},"counts":{"\udc00":1}}""", "INVALID_TEXT counts")]
    public async Task Text_that_cannot_be_kept_and_doubled_names_are_refused_with_the_field(string body, string error)
    {
        (await Put(body)).IsProblem(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task Invalid_utf8_is_refused_with_the_field()
    {
        byte[] body = [.. "{\"title\":\""u8, 0xC3, 0x28, .. "\",\"settings\":{\"retention_days\":3}}"u8];

        (await host.Post("/api/v1/things", body)).IsProblem(HttpStatusCode.BadRequest, "INVALID_TEXT title");
    }

    [Test]
    public async Task Unknown_fields_are_each_named_with_the_nearest()
    {
        var answer = await Put("""{"titel":"A","title":"A","settings":{"retention_days":3,"stric":true},"nothing_like_it":1}""");

        answer.IsProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD titel", "UNKNOWN_FIELD settings.stric", "UNKNOWN_FIELD nothing_like_it");
        Assert.That(answer.Message(0), Does.EndWith("Did you mean \"title\"?"));
        Assert.That(answer.Message(1), Does.EndWith("Did you mean \"strict\"?"));
        Assert.That(answer.Message(2), Does.Not.Contain("Did you mean"));
    }

    [Test]
    public async Task What_was_read_can_be_put_back()
    {
        var answer = await Put("""{"id":"019a0000-0000-7000-8000-000000000001","version":4,"created_at":"2026-01-31T18:00:00Z","title":"A","settings":{"retention_days":3}}""");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task Everything_wrong_is_told_at_once()
    {
        var answer = await Put("""
            {"settings":{"retention_days":"three"},"visibility":"secret","owners":["x",null],"publish_at":"2026-01-31T18:00:00","counts":{"a":1.5},"history":[{},7],"note":5}
            """);

        answer.IsProblem(
            HttpStatusCode.UnprocessableEntity,
            "VALIDATION_ERROR settings.retention_days", "VALIDATION_ERROR visibility", "VALIDATION_ERROR owners[0]", "VALIDATION_ERROR owners[1]",
            "VALIDATION_ERROR publish_at", "VALIDATION_ERROR counts.a", "VALIDATION_ERROR history[0].retention_days", "VALIDATION_ERROR history[1]",
            "VALIDATION_ERROR note", "VALIDATION_ERROR title");
        Assert.That(answer.Message(0), Is.EqualTo("settings.retention_days must be a whole number from -2147483648 to 2147483647, not \"three\"."));
        Assert.That(answer.Message(1), Is.EqualTo("visibility must be one of open_to_all, hidden, not \"secret\"."));
        Assert.That(answer.Message(4), Does.StartWith("publish_at must be an RFC 3339 time"), "a time without an offset could be anywhere");
        Assert.That(answer.Message(9), Is.EqualTo("title is required: text."));
    }

    [TestCase("""{"title":null,"settings":{"retention_days":3}}""", "VALIDATION_ERROR title")]
    [TestCase("""{"title":"A","settings":{"retention_days":null}}""", "VALIDATION_ERROR settings.retention_days")]
    [TestCase("""{"title":"A","settings":[]}""", "VALIDATION_ERROR settings")]
    [TestCase("""{"title":"A","settings":{"retention_days":99999999999}}""", "VALIDATION_ERROR settings.retention_days")]
    [TestCase("""{"title":"A","settings":{"retention_days":3},"visibility":1}""", "VALIDATION_ERROR visibility")]
    [TestCase("[]", "VALIDATION_ERROR")]
    [TestCase("null", "VALIDATION_ERROR")]
    [TestCase("7", "VALIDATION_ERROR")]
    public async Task What_is_null_or_of_another_type_is_refused(string body, string error)
    {
        (await Put(body)).IsProblem(HttpStatusCode.UnprocessableEntity, error);
    }

    [Test]
    public async Task Unreadable_and_unacceptable_together_are_unreadable()
    {
        (await Put("""{"colour":"red","settings":{"retention_days":"x"}}""")).IsProblem(
            HttpStatusCode.BadRequest, "UNKNOWN_FIELD colour", "VALIDATION_ERROR settings.retention_days", "VALIDATION_ERROR title");
    }

    [Test]
    public async Task The_problems_of_header_and_body_come_together()
    {
        var content = new StringContent("{}", Encoding.UTF8, "application/json");

        var answer = await host.Send(HttpMethod.Put, "/api/v1/things/1", content, ("If-Match", "seven"));

        answer.IsProblem(HttpStatusCode.BadRequest, "VALIDATION_ERROR title", "VALIDATION_ERROR settings", "INVALID_HEADER If-Match");
    }

    [TestCase("\"7-AAAA\"", "7")]
    [TestCase("\"7\"", "7")]
    [TestCase("*", null)]
    [TestCase(null, null)]
    public async Task If_match_gives_the_version(string? header, string? version)
    {
        var content = new StringContent(Good, Encoding.UTF8, "application/json");

        var answer = await host.Send(HttpMethod.Put, "/api/v1/things/1", content, header is null ? [] : [("If-Match", header)]);

        Assert.That(answer.Json["data"]!["version"]?.ToString(), Is.EqualTo(version), answer.Text);
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
