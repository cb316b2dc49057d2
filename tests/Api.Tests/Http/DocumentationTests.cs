using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi.Reader;

namespace MediaPlatform.Api.Tests.Http;

/// <summary>Endpoints as a resource would have them.</summary>
internal static class ParcelEndpoints
{
    /// <summary>A parcel as it is sent.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Label">What stands on it.</param>
    /// <param name="Size">How large it is.</param>
    /// <param name="SentAt">When it left.</param>
    /// <param name="Contents">What is in it.</param>
    internal sealed record Parcel(Guid Id, string Label, ParcelSize Size, DateTimeOffset? SentAt, IReadOnlyList<Content> Contents);

    internal sealed record Content(string Name, int Count, Content? Inside = null);

    internal enum ParcelSize { Small, VeryLarge }

    /// <summary>What makes a parcel.</summary>
    /// <param name="Label">What shall stand on it.</param>
    [ReadOnlyFields(typeof(Parcel))]
    internal sealed record MakeParcel(string Label, ParcelSize Size = ParcelSize.Small, string? Note = null);

    public static void Map(IEndpointRouteBuilder api)
    {
        var parcels = api.MapGroup("/parcels");
        parcels.MapGet("/", List).Lists<Parcel>(["label", "size"], ["label", "sent_at"]);
        parcels.MapGet("/{id:guid}", Get).Returns<Parcel>(versioned: true).Problems(404, "PARCEL_NOT_FOUND");
        parcels.MapPost("/", Make).Returns<Parcel>(201, versioned: true).Problems(409, "LABEL_TAKEN").Example(new { Label = "Fragile", Size = ParcelSize.VeryLarge });
        parcels.MapPut("/{id:guid}", Replace).Returns<Parcel>(versioned: true);
        parcels.MapGet("/{id:guid}/content", Content_).ReturnsPlain(302, "To where the bytes are.").AllowAnonymous();
    }

    /// <summary>List parcels.</summary>
    /// <remarks>The newest first.</remarks>
    private static IResult List(ListQuery query) => Respond.Ok(query.Request);

    /// <summary>Get a parcel.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="includeNotes">Also its notes.</param>
    private static IResult Get(Guid id, [FromQuery(Name = "include_notes")] bool? includeNotes) => Respond.Ok($"{id}{includeNotes}");

    /// <summary>Make a parcel.</summary>
    private static IResult Make(Body<MakeParcel> body, Preference prefer) => Respond.Ok($"{body.Value}{prefer.Wait}");

    /// <summary>Replace a parcel.</summary>
    private static IResult Replace(Guid id, Body<MakeParcel> body, IfMatch ifMatch) => Respond.Ok($"{id}{body.Value}{ifMatch.Version}");

    /// <summary>Go to its content.</summary>
    private static IResult Content_(Guid id) => Results.Redirect($"/{id}");
}

internal sealed class DocumentationTests
{
    private FrameHost host = null!;
    private string text = null!;
    private JsonNode document = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await FrameHost.Start(ParcelEndpoints.Map);
        var answer = await host.Get("/swagger/v1/swagger.json");
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        (text, document) = (answer.Text, answer.Json);
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    private JsonNode Operation(string path, string method) => document["paths"]![path]![method]!;

    private JsonObject Schema(string name) => document["components"]!["schemas"]![name]?.AsObject()
        ?? throw new AssertionException($"No {name} among {string.Join(", ", document["components"]!["schemas"]!.AsObject().Select(s => s.Key))}");

    private static IEnumerable<string> Names(JsonNode operation, string place) =>
        operation["parameters"]!.AsArray().Where(p => p!["in"]!.ToString() == place).Select(p => p!["name"]!.ToString());

    [Test]
    public void The_document_is_valid_openapi()
    {
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(text, "json", new OpenApiReaderSettings());

        Assert.That(read.Diagnostic!.Errors, Is.Empty);
        Assert.That(read.Document!.Paths, Has.Count.EqualTo(3));
    }

    [Test]
    public void An_endpoint_says_what_its_handler_says()
    {
        var list = Operation("/api/v1/parcels", "get");

        Assert.That(list["summary"]!.ToString(), Is.EqualTo("List parcels."));
        Assert.That(list["description"]!.ToString(), Is.EqualTo("The newest first."));
        Assert.That(list["operationId"]!.ToString(), Is.EqualTo("Parcel_List"));
        Assert.That(list["tags"]![0]!.ToString(), Is.EqualTo("Parcel"));
        Assert.That(Operation("/api/v1/parcels", "post")["summary"]!.ToString(), Is.EqualTo("Make a parcel."));
    }

    [Test]
    public void Answers_are_described_in_their_envelope()
    {
        var schema = Operation("/api/v1/parcels/{id}", "get")["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.ToString();

        Assert.That(schema, Is.EqualTo("#/components/schemas/ParcelEnvelope"));
        Assert.That(Schema("ParcelEnvelope")["properties"]!["data"]!.ToJsonString(), Is.EqualTo("""{"$ref":"#/components/schemas/Parcel"}"""));
        Assert.That(Schema("ParcelPageEnvelope")["properties"]!["data"]!["items"]!["$ref"]!.ToString(), Is.EqualTo("#/components/schemas/Parcel"));
        Assert.That(Schema("PageMetadata")["properties"]!.AsObject().ContainsKey("page"));
    }

    [Test]
    public void Members_are_spelt_required_and_nullable_as_on_the_wire()
    {
        Assert.That(Schema("Parcel")["required"]!.AsArray().Select(r => r!.ToString()), Is.EquivalentTo(new[] { "id", "label", "size", "sent_at", "contents" }));
        Assert.That(Schema("MakeParcel")["required"]!.AsArray().Select(r => r!.ToString()), Is.EquivalentTo(new[] { "label" }));
        Assert.That(Schema("ParcelSize")["enum"]!.ToJsonString(), Is.EqualTo("""["small","very_large"]"""));
        Assert.That(Schema("Parcel")["properties"]!["label"]!["description"]!.ToString(), Is.EqualTo("What stands on it."));
        Assert.That(Schema("Parcel")["properties"]!["sent_at"]!["nullable"]?.GetValue<bool>(), Is.True, Schema("Parcel").ToJsonString());
        Assert.That(Schema("Parcel")["properties"]!["label"]!["nullable"], Is.Null);
        Assert.That(Schema("ParcelContent")["properties"]!["inside"]!.ToJsonString(), Is.EqualTo("""{"type":"object","allOf":[{"$ref":"#/components/schemas/ParcelContent"}],"nullable":true}"""));
        Assert.That(Schema("Metadata")["required"]!.AsArray().Select(r => r!.ToString()), Does.Not.Contain("warnings"));
    }

    [Test]
    public void A_body_has_its_schema_and_an_example()
    {
        var body = Operation("/api/v1/parcels", "post")["requestBody"]!;

        Assert.That(body["required"]!.GetValue<bool>(), Is.True);
        Assert.That(body["content"]!["application/json"]!["schema"]!["$ref"]!.ToString(), Is.EqualTo("#/components/schemas/MakeParcel"));
        Assert.That(body["content"]!["application/json"]!["example"]!.ToJsonString(), Is.EqualTo("""{"label":"Fragile","size":"very_large"}"""));
    }

    [Test]
    public void Problems_name_their_codes()
    {
        var responses = Operation("/api/v1/parcels", "post")["responses"]!;

        Assert.That(responses["409"]!["description"]!.ToString(), Does.Contain("LABEL_TAKEN"));
        Assert.That(responses["409"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.ToString(), Is.EqualTo("#/components/schemas/Problem"));
        Assert.That(responses.AsObject().Select(r => r.Key), Is.SupersetOf(new[] { "201", "400", "401", "403", "409", "413", "415", "422", "503" }));
        Assert.That(Operation("/api/v1/parcels/{id}", "get")["responses"]!["404"]!["description"]!.ToString(), Does.Contain("PARCEL_NOT_FOUND"));
    }

    [Test]
    public void Versions_show_in_the_headers()
    {
        var (get, put) = (Operation("/api/v1/parcels/{id}", "get"), Operation("/api/v1/parcels/{id}", "put"));

        Assert.That(get["responses"]!["200"]!["headers"]!["ETag"], Is.Not.Null);
        Assert.That(get["responses"]!["304"], Is.Not.Null);
        Assert.That(Names(get, "header"), Is.EqualTo(new[] { "If-None-Match", "X-Client-Id" }));
        Assert.That(Names(put, "header"), Is.EqualTo(new[] { "If-Match", "X-Client-Id" }));
        Assert.That(Operation("/api/v1/parcels", "post")["responses"]!["201"]!["headers"]!["Location"], Is.Not.Null);
        Assert.That(Names(Operation("/api/v1/parcels", "post"), "header"), Is.EqualTo(new[] { "Idempotency-Key", "Prefer", "X-Client-Id" }));
    }

    [Test]
    public void Parameters_are_those_of_the_wire()
    {
        var get = Operation("/api/v1/parcels/{id}", "get");

        Assert.That(Names(get, "query"), Is.EqualTo(new[] { "include_notes", "_fields" }));
        Assert.That(get["parameters"]!.AsArray().Single(p => p!["name"]!.ToString() == "id")!["description"]!.ToString(), Is.EqualTo("Which one."));
        Assert.That(Names(Operation("/api/v1/parcels", "get"), "query"), Is.EqualTo(
            new[] { "q", "sort", "limit", "cursor", "count", "include_deleted", "_fields", "label", "size" }));
    }

    [Test]
    public void Endpoints_ask_for_a_key_unless_they_are_open()
    {
        Assert.That(Operation("/api/v1/parcels", "get")["security"]!.ToJsonString(), Is.EqualTo("""[{"ApiKey":[]},{"Bearer":[]}]"""));
        Assert.That(Operation("/api/v1/parcels/{id}/content", "get")["security"]?.AsArray() ?? [], Is.Empty);
        Assert.That(document["components"]!["securitySchemes"]!["ApiKey"]!["name"]!.ToString(), Is.EqualTo("X-Api-Key"));
    }

    [Test]
    public void Nothing_of_the_frame_shows_in_the_schemas()
    {
        var names = document["components"]!["schemas"]!.AsObject().Select(s => s.Key).ToList();

        Assert.That(names, Has.None.Contains("ListQuery").And.None.Contains("IfMatch").And.None.Contains("Preference").And.None.Contains("`"), string.Join(", ", names));
        Assert.That(document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Key), Has.None.EqualTo("head"));
    }

    [Test]
    public async Task The_ui_is_served_with_a_policy_that_lets_it_run()
    {
        var page = await host.Get("/swagger/index.html");

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK), page.Text);
        Assert.That(page.Header("Content-Security-Policy"), Does.Contain("script-src 'self'").And.Contain("connect-src 'self'").And.Contain("frame-ancestors 'none'"));
        Assert.That(page.Text, Does.Not.Match("<script(?![^>]*src=)[^>]*>"), "an inline script would not run");
        var start = await host.Get("/swagger");
        Assert.That((int)start.Status is 200 or 301 or 302 or 308, start.Text);
        Assert.That((await host.Get("/swagger/index.js")).Text + page.Text, Does.Contain("persistAuthorization").IgnoreCase.And.Contain("swagger.json").And.Contain("\"filter\":\"\""), "with a box that finds a group by its name");
    }
}
