using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>Guests who send files in by the token of a session, and reach nothing else.</summary>
internal sealed class SendingAsGuestTests() : PlatformFixture(withWorker: true, new Dictionary<string, string?> { ["Media:MaxOpenUploadsPerGuest"] = $"{MostUnderWay}" })
{
    private const int MostUnderWay = 4;

    private static int numbers = 7_000;

    [Test]
    public async Task A_guest_sends_a_file_by_form_and_one_by_links_and_sees_what_became_of_them()
    {
        var (guest, sender) = await AGuest();
        var direct = (await sender.Upload(Bytes(), "by-form.png", fields: ("tags", "guest"))).Expect(HttpStatusCode.Created);
        Assert.That($"{direct.Data["created_by"]} {direct.Data["created_by_kind"]}", Is.EqualTo($"{guest} guest"));
        var linked = (await sender.UploadByLinks(Platform, Bytes(), "by-links.png")).Data;
        Assert.That(linked["status"]!.GetValue<string>(), Is.EqualTo("completed"), linked.ToJsonString());
        (await sender.Get($"/media/{linked["asset_id"]}")).Expect(HttpStatusCode.OK);

        var own = (await sender.Get("/uploads")).Data.AsArray();
        Assert.That(own.Select(upload => upload!["file_name"]!.GetValue<string>()), Is.EqualTo(new[] { "by-links.png", "by-form.png" }));
        Assert.That((await Owner.Get($"/uploads?created_by={guest}")).Data.AsArray(), Has.Count.EqualTo(2));
        var begun = (await sender.BeginUpload(Bytes(), "given-up.png")).Expect(HttpStatusCode.Created).Data["upload"]!["id"];
        (await sender.Get($"/uploads/{begun}/parts")).Expect(HttpStatusCode.OK);
        (await sender.Delete($"/uploads/{begun}")).Expect(HttpStatusCode.OK);
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where actor_kind = 'guest' and actor_id = '{guest}' and entity = 'upload'"), Is.GreaterThan(0));
    }

    [Test]
    public async Task A_guest_has_so_many_uploads_under_way_and_leaves_the_others_theirs()
    {
        var ((_, sender), (_, other)) = (await AGuest(), await AGuest());

        var replies = await Task.WhenAll(Enumerable.Range(0, MostUnderWay + 3).Select(_ => sender.BeginUpload(Bytes(), "many.png")));

        var refused = replies.Where(reply => reply.Status is not HttpStatusCode.Created).ToArray();
        Assert.That(refused, Has.Length.EqualTo(3), "however many begin at once");
        foreach (var reply in refused) reply.ExpectProblem(HttpStatusCode.TooManyRequests, "TOO_MANY_UPLOADS");
        (await other.BeginUpload(Bytes(), "another.png")).Expect(HttpStatusCode.Created);
        (await Owner.BeginUpload(Bytes(), "owner.png")).Expect(HttpStatusCode.Created);
        (await sender.Delete($"/uploads/{replies.First(reply => reply.Status is HttpStatusCode.Created).Data["upload"]!["id"]}")).Expect(HttpStatusCode.OK);
        (await sender.BeginUpload(Bytes(), "one-more.png")).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task What_others_have_sent_is_not_there_for_a_guest()
    {
        var ((_, sender), (_, other)) = (await AGuest(), await AGuest());
        var (asset, upload) = ((await Owner.Upload(Bytes(), "mine.png")).Id, (await Owner.BeginUpload(Bytes(), "mine.png")).Data["upload"]!["id"]);
        var theirs = (await other.BeginUpload(Bytes(), "other.png")).Data["upload"]!["id"];

        (await sender.Get($"/media/{asset}")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        foreach (var id in new[] { upload, theirs })
        {
            (await sender.Get($"/uploads/{id}")).ExpectProblem(HttpStatusCode.NotFound, "UPLOAD_NOT_FOUND");
            (await sender.Get($"/uploads/{id}/parts")).ExpectProblem(HttpStatusCode.NotFound, "UPLOAD_NOT_FOUND");
            (await sender.Post($"/uploads/{id}/complete")).ExpectProblem(HttpStatusCode.NotFound, "UPLOAD_NOT_FOUND");
            (await sender.Delete($"/uploads/{id}")).ExpectProblem(HttpStatusCode.NotFound, "UPLOAD_NOT_FOUND");
        }

        Assert.That((await sender.Get("/uploads")).Data.AsArray(), Is.Empty);
        Assert.That((await sender.Get($"/uploads?created_by={Owner.ClientId}")).Data.AsArray(), Is.Empty);
        (await sender.Get("/uploads", ("X-Client-Id", Platform.Stranger.ClientId.ToString()))).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
    }

    [Test]
    public async Task All_else_is_refused()
    {
        var (guest, sender) = await AGuest();
        var asset = (await sender.Upload(Bytes(), "own.png")).Id;
        var reached = new List<string>();
        foreach (var (path, operations) in (await Owner.Get("/swagger/v1/swagger.json")).Json["paths"]!.AsObject())
        {
            foreach (var (method, _) in operations!.AsObject().Where(operation => operation.Key is "get" or "post" or "put" or "patch" or "delete"))
            {
                if (path.StartsWith("/api/v1/files", StringComparison.Ordinal) || path.StartsWith("/api/v1/shared", StringComparison.Ordinal)) continue; // their links are the credential
                var filled = path.Replace("{preset}", "thumb", StringComparison.Ordinal).Replace("{owner_type}", "scene", StringComparison.Ordinal);
                var id = path.Contains("/guests", StringComparison.Ordinal) ? guest : path.Contains("/clients", StringComparison.Ordinal) ? Owner.ClientId : asset;
                foreach (var name in filled.Split('/').Where(part => part.StartsWith('{'))) filled = filled.Replace(name, id.ToString(), StringComparison.Ordinal);
                var reply = await sender.Send(new HttpMethod(method.ToUpperInvariant()), filled, method is "get" or "delete" ? null : new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
                if (reply.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)) reached.Add($"{method} {path}");
            }
        }

        Assert.That(reached, Is.EquivalentTo(new[]
        {
            "post /api/v1/media/upload", "get /api/v1/media/{id}", "get /api/v1/uploads", "post /api/v1/uploads", "get /api/v1/uploads/{id}", "delete /api/v1/uploads/{id}",
            "get /api/v1/uploads/{id}/parts", "post /api/v1/uploads/{id}/complete",
        }));
        Assert.That((await Owner.Get($"/media/{asset}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_guest_changes_nothing_that_is_there()
    {
        var (_, sender) = await AGuest();
        var (bytes, trashed) = (Bytes(), Bytes());
        var asset = (await Owner.Upload(bytes, "first.png", fields: ("title", "The owner's"))).Expect(HttpStatusCode.Created).Id;

        var again = (await sender.Upload(bytes, "again.png", fields: ("tags", "mine"))).Expect(HttpStatusCode.Accepted);
        Assert.That($"{again.Data["status"]} {again.Data["file_name"]}", Is.EqualTo("completed again.png"));
        Assert.That(again.Text, Does.Not.Contain("The owner's"));
        (await sender.Get($"/media/{asset}")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        var linked = (await sender.UploadByLinks(Platform, bytes, "more.png", new JsonObject { ["tags"] = new JsonArray("mine") })).Data;
        Assert.That(linked["status"]!.GetValue<string>(), Is.EqualTo("completed"));
        Assert.That((await Owner.Get($"/media/{asset}")).Data["tags"]!.AsArray(), Is.Empty);

        var gone = (await Owner.Upload(trashed, "gone.png")).Id;
        await Owner.Delete($"/media/{gone}");
        (await sender.Upload(trashed, "back.png", fields: ("on_trashed", "restore"))).ExpectProblem(HttpStatusCode.Conflict, "DUPLICATE_IN_TRASH");
        var conflict = (await sender.UploadByLinks(Platform, trashed, "back.png", new JsonObject { ["on_trashed"] = "restore" })).Data;
        Assert.That(conflict["status"]!.GetValue<string>(), Is.EqualTo("conflict"));
        (await Owner.Get($"/media/{gone}")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
        (await sender.Post($"/uploads/{conflict["id"]}/resolve", new { Action = "restore" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Owner.Post($"/uploads/{conflict["id"]}/resolve", new { Action = "restore" })).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/media/{gone}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task The_token_is_shown_once_and_lies_nowhere()
    {
        var (guest, _) = await AGuest();
        var opened = (await Owner.Post($"/guests/{guest}/sessions", null, ("Idempotency-Key", "open-once-" + guest))).Expect(HttpStatusCode.Created);
        var token = opened.Data["token"]!.GetValue<string>();
        Assert.That(token, Does.Match("^mpg_[A-Za-z0-9_-]{43}$"));
        Assert.That(opened.Headers.CacheControl!.NoStore, Is.True);
        (await Owner.Post($"/guests/{guest}/sessions", null, ("Idempotency-Key", "open-once-" + guest))).ExpectProblem(HttpStatusCode.Conflict, "IDEMPOTENCY_ANSWER_LOST");

        var listed = (await Owner.Get($"/guests/{guest}/sessions")).Expect(HttpStatusCode.OK);
        Assert.That(listed.Text, Does.Not.Contain(token).And.Contains(token[..12]));
        foreach (var table in new[] { "guest_sessions", "change_log", "idempotency_keys" })
            Assert.That(await Platform.Sql<long>($"select count(*) from {table} t where to_jsonb(t)::text like '%{token}%'"), Is.Zero, table);
        var lifetime = opened.Data["session"]!["expires_at"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow;
        Assert.That(lifetime.TotalDays, Is.EqualTo(30).Within(0.1));
    }

    [TestCase("revoked")]
    [TestCase("expired")]
    [TestCase("withdrawn")]
    [TestCase("converted")]
    [TestCase("erased")]
    [TestCase("trashed")]
    public async Task A_session_that_has_ended_lets_in_no_more(string how)
    {
        var (guest, sender) = await AGuest();
        (await sender.Get("/uploads")).Expect(HttpStatusCode.OK);
        var session = (await Owner.Get($"/guests/{guest}/sessions")).Data[0]!["id"];
        _ = how switch
        {
            "revoked" => (await Owner.Delete($"/guests/{guest}/sessions/{session}")).Expect(HttpStatusCode.OK),
            "withdrawn" => (await Owner.Post($"/guests/{guest}/withdraw-consent")).Expect(HttpStatusCode.OK),
            "erased" => (await Owner.Post($"/guests/{guest}/erase", new { })).Expect(HttpStatusCode.OK),
            "trashed" => (await Owner.Delete($"/guests/{guest}")).Expect(HttpStatusCode.OK),
            "converted" => await Convert(guest),
            _ => null,
        };
        if (how is "expired") await Platform.Sql<object>($"update guest_sessions set expires_at = now() - interval '1 second' where id = '{session}'");

        await Eventually.Is("the session is out", async () => (await sender.Get("/uploads")).Status is HttpStatusCode.Unauthorized);
        (await sender.Upload(Bytes(), "late.png")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Test]
    public async Task A_session_is_its_own_guests_and_of_its_client()
    {
        var ((guest, _), (other, _)) = (await AGuest(), await AGuest());
        var session = (await Owner.Get($"/guests/{guest}/sessions")).Data[0]!["id"];
        (await Owner.Get($"/guests/{other}/sessions/{session}")).ExpectProblem(HttpStatusCode.NotFound, "GUEST_SESSION_NOT_FOUND");
        (await Owner.Delete($"/guests/{other}/sessions/{session}")).ExpectProblem(HttpStatusCode.NotFound, "GUEST_SESSION_NOT_FOUND");
        (await Platform.Stranger.Delete($"/guests/{guest}/sessions/{session}")).ExpectProblem(HttpStatusCode.NotFound, "GUEST_SESSION_NOT_FOUND");
        (await Platform.Stranger.Post($"/guests/{guest}/sessions")).ExpectProblem(HttpStatusCode.NotFound, "GUEST_NOT_FOUND");
        Assert.That((await Owner.Get($"/guests/{guest}/sessions/{session}")).Data["revoked_at"], Is.Null);
    }

    private async Task<Reply> Convert(Guid guest)
    {
        await Owner.Post("/members", new { Email = $"{guest}@example.com", Role = "viewer" });
        return (await Owner.Post($"/guests/{guest}/convert", new { Email = $"{guest}@example.com" })).Expect(HttpStatusCode.OK);
    }

    private async Task<(Guid Guest, Tenant Sender)> AGuest()
    {
        var guest = (await Owner.Post("/guests", new { Name = $"Guest {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Post($"/guests/{guest}/consent", new { NoticeVersion = "1" })).Expect(HttpStatusCode.OK);
        return (guest, Tenant.By(Platform, (await Owner.Post($"/guests/{guest}/sessions")).Expect(HttpStatusCode.Created).Data["token"]!.GetValue<string>()));
    }

    private static byte[] Bytes() => Samples.Png(Interlocked.Increment(ref numbers));
}
