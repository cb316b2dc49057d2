using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Uploads whose bytes clients send to the storage: on local disk and on S3, by configuration alone.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class LinkedUploadsTests(string origin) : PlatformFixture(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal)
{
    ["Media:PartsAboveBytes"] = $"{6 << 20}", ["Media:PartBytes"] = $"{5 << 20}",
})
{
    private static int numbers;

    [Test]
    public async Task A_file_that_is_sent_by_a_link_becomes_an_asset()
    {
        var bytes = File();
        var more = new JsonObject { ["mime_type"] = "image/jpeg", ["title"] = "Dach é", ["tags"] = new JsonArray("Red", "dot"), ["sha256"] = Hash(bytes).ToUpperInvariant() };

        var upload = (await Owner.UploadByLinks(Platform, bytes, "Dach.jpg", more)).Data;

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("completed"), upload.ToJsonString());
        Assert.That(upload["kind"]!.GetValue<string>(), Is.EqualTo("presigned"));
        var asset = (await Owner.Get($"/media/{upload["asset_id"]}")).Data;
        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"), asset.ToJsonString());
        Assert.That(asset["sha256"]!.GetValue<string>(), Is.EqualTo(Hash(bytes)));
        Assert.That(asset["title"]!.GetValue<string>(), Is.EqualTo("Dach é"));
        Assert.That(asset["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()), Is.EqualTo(new[] { "red", "dot" }));
        Assert.That(asset["storage_provider"]!.GetValue<string>(), Is.EqualTo(origin));
        Assert.That(asset["source"]!.GetValue<string>(), Is.EqualTo("upload"));
        Assert.That(asset["created_by"]!.GetValue<Guid>(), Is.EqualTo(upload["created_by"]!.GetValue<Guid>()), "whoever began the upload has it");
        Assert.That(await Original(asset), Is.EqualTo(bytes));
        await Eventually.Is("what was sent is gone", async () => (await ObjectsOf(upload)).All(key => !key.EndsWith("/incoming", StringComparison.Ordinal)));
    }

    [Test]
    public async Task A_long_file_comes_in_parts_and_goes_on_where_it_broke_off()
    {
        var bytes = File((11 << 20) + 3);
        var begun = (await Owner.BeginUpload(bytes)).Expect(HttpStatusCode.Created).Data;
        var id = begun["upload"]!["id"]!;
        Assert.That(begun["upload"]!["kind"]!.GetValue<string>(), Is.EqualTo("multipart"));
        Assert.That(begun["parts"]!.AsArray().Select(part => part!["size_bytes"]!.GetValue<int>()), Is.EqualTo(new[] { 5 << 20, 5 << 20, (1 << 20) + 3 }));
        Assert.That(await Platform.SendPart(begun["parts"]![2]!, bytes, 10 << 20), Is.EqualTo(HttpStatusCode.OK));

        var missing = (await Owner.Post($"/uploads/{id}/complete")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_PARTS_MISSING");
        Assert.That(missing.Text, Does.Contain("Parts that have not arrived: 1, 2."));
        var parts = (await Owner.Get($"/uploads/{id}/parts")).Data;
        Assert.That(parts.AsArray().Select(part => part!["received"]!.GetValue<bool>()), Is.EqualTo(new[] { false, false, true }));
        Assert.That(parts[2]!["target"], Is.Null);
        await Platform.SendParts(parts, bytes);

        var upload = (await Owner.Post($"/uploads/{id}/complete?sha256={Hash(bytes)}", headers: ("Prefer", "wait=30"))).Data;
        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("completed"), upload.ToJsonString());
        var asset = (await Owner.Get($"/media/{upload["asset_id"]}")).Data;
        Assert.That(asset["sha256"]!.GetValue<string>(), Is.EqualTo(Hash(bytes)));
        Assert.That(SHA256.HashData(await Original(asset)), Is.EqualTo(SHA256.HashData(bytes)));
    }

    [TestCase(1000)]
    [TestCase(7 << 20)]
    public async Task Bytes_that_are_known_end_in_their_asset_and_are_kept_once(int size)
    {
        var bytes = File(size);
        var first = (await Owner.UploadByLinks(Platform, bytes)).Data;

        var again = (await Owner.UploadByLinks(Platform, bytes, "again.jpg", new JsonObject { ["tags"] = new JsonArray("again") })).Data;

        Assert.That(again["status"]!.GetValue<string>(), Is.EqualTo("completed"), again.ToJsonString());
        Assert.That(again["asset_id"]!.GetValue<Guid>(), Is.EqualTo(first["asset_id"]!.GetValue<Guid>()));
        Assert.That((await Owner.Get($"/media/{first["asset_id"]}")).Data["tags"]!.ToJsonString(), Is.EqualTo("[\"again\"]"));
        await Eventually.Is("its objects are gone", async () => (await ObjectsOf(again)).Length == 0);
        Assert.That(await ObjectsOf(first), Has.Some.EndsWith("/original"));
    }

    [Test]
    public async Task Of_many_at_once_with_the_same_bytes_one_becomes_the_asset()
    {
        var bytes = File();

        var uploads = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ => (await Owner.UploadByLinks(Platform, bytes)).Data));

        Assert.That(uploads.Select(upload => upload["status"]!.GetValue<string>()), Is.All.EqualTo("completed"));
        Assert.That(uploads.Select(upload => upload["asset_id"]!.GetValue<Guid>()).Distinct().Count(), Is.EqualTo(1));
        await Eventually.Is("one original stays", async () =>
        {
            var all = await Task.WhenAll(uploads.Select(ObjectsOf));
            return all.SelectMany(keys => keys).Count(key => key.EndsWith("/original", StringComparison.Ordinal)) == 1
                && !all.SelectMany(keys => keys).Any(key => key.EndsWith("/incoming", StringComparison.Ordinal));
        });
    }

    [Test]
    public async Task An_upload_that_is_completed_many_times_at_once_is_verified_once()
    {
        var bytes = File();
        var begun = (await Owner.BeginUpload(bytes)).Data;
        var id = begun["upload"]!["id"]!;
        await Platform.SendParts(begun["parts"]!, bytes);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Owner.Post($"/uploads/{id}/complete", headers: ("Prefer", "wait=30"))));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(replies.Select(reply => reply.Data["asset_id"]!.GetValue<Guid>()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Platform.Sql<long>($"select count(*) from jobs where subject_id = '{id}' and type = 'UPLOAD_VERIFY'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_hash_that_lies_is_refused_and_nothing_stays()
    {
        var bytes = File();

        var upload = (await Owner.UploadByLinks(Platform, bytes, more: new JsonObject { ["sha256"] = new string('0', 64) })).Data;

        Assert.That(upload["status"]!.GetValue<string>(), Is.EqualTo("rejected"), upload.ToJsonString());
        Assert.That(upload["error_code"]!.GetValue<string>(), Is.EqualTo("UPLOAD_HASH_MISMATCH"));
        var job = (await Owner.Get($"/jobs?subject_id={upload["id"]}")).Data[0]!;
        Assert.That(job["status"]!.GetValue<string>(), Is.EqualTo("failed"));
        Assert.That(job.ToJsonString(), Does.Contain("UPLOAD_HASH_MISMATCH"), "the timeline says why");
        await Eventually.Is("its objects are gone", async () => (await ObjectsOf(upload)).Length == 0);
    }

    [Test]
    public async Task Bytes_in_the_trash_are_restored_when_the_upload_says_so()
    {
        var bytes = File();
        var asset = (await Owner.UploadByLinks(Platform, bytes)).Data["asset_id"]!;
        _ = (await Owner.Delete($"/media/{asset}")).Data;

        var restored = (await Owner.UploadByLinks(Platform, bytes, more: new JsonObject { ["on_trashed"] = "restore" })).Data;
        Assert.That(restored["asset_id"]!.GetValue<Guid>(), Is.EqualTo(asset.GetValue<Guid>()), restored.ToJsonString());
        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Two_hashes_that_differ_are_refused_whenever_they_are_told()
    {
        var bytes = File();
        var begun = (await Owner.BeginUpload(bytes, more: new JsonObject { ["sha256"] = Hash(bytes) })).Data;
        await Platform.SendParts(begun["parts"]!, bytes);
        var complete = $"/uploads/{begun["upload"]!["id"]}/complete?sha256=";

        (await Owner.Post(complete + new string('0', 64))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_HASH_MISMATCH");
        (await Owner.Post(complete + Hash(bytes), headers: ("Prefer", "wait=30"))).Expect(HttpStatusCode.Accepted);
        (await Owner.Post(complete + new string('0', 64))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_HASH_MISMATCH");
    }

    [Test]
    public async Task Nothing_is_completed_before_its_bytes_are_there()
    {
        var begun = (await Owner.BeginUpload(File())).Data;

        (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_NOT_RECEIVED");
    }

    [TestCase(1000)]
    [TestCase(7 << 20)]
    public async Task An_upload_that_is_given_up_leaves_nothing(int size)
    {
        var bytes = File(size);
        var begun = (await Owner.BeginUpload(bytes)).Data;
        var (id, part) = (begun["upload"]!["id"]!, begun["parts"]![0]!);
        Assert.That(await Platform.SendPart(part, bytes, 0), Is.EqualTo(HttpStatusCode.OK));

        var aborted = (await Owner.Delete($"/uploads/{id}")).Data;

        Assert.That(aborted["status"]!.GetValue<string>(), Is.EqualTo("rejected"));
        Assert.That(aborted["error_code"]!.GetValue<string>(), Is.EqualTo("UPLOAD_ABORTED"));
        (await Owner.Delete($"/uploads/{id}")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_OPEN");
        (await Owner.Get($"/uploads/{id}/parts")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_OPEN");
        (await Owner.Post($"/uploads/{id}/complete")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_OPEN");
        await Eventually.Is("its objects are gone", async () => (await ObjectsOf(aborted)).Length == 0);

        if (size > 6 << 20) await Eventually.Is("there is nothing to be part of", async () => await Platform.SendPart(part, bytes, 0) is HttpStatusCode.NotFound);
        else await Platform.SendPart(part, bytes, 0);
        await Platform.Sql<object>($"update object_deletions set due_at = now() where client_id = '{Owner.ClientId}' and storage_key like '%{id.GetValue<Guid>():n}%'"); // when the link has expired
        await Eventually.Is("what came late is gone", async () => (await ObjectsOf(aborted)).Length == 0);
    }

    [TestCase(1000)]
    [TestCase(7 << 20)]
    public async Task An_upload_that_nobody_completes_expires_and_leaves_nothing(int size)
    {
        var tenant = await Platform.CreateTenant($"late-{origin}-{size}");
        var bytes = File(size);
        var begun = (await tenant.BeginUpload(bytes)).Data;
        var id = begun["upload"]!["id"]!;
        await Platform.SendPart(begun["parts"]![0]!, bytes, 0);

        await Platform.Sql<object>($"update uploads set expires_at = now() - interval '1 second' where id = '{id}'");

        (await tenant.Get($"/uploads/{id}/parts")).Expect(HttpStatusCode.Gone);
        var expired = await Eventually.Get("it expires", async () =>
        {
            await Platform.Sql<object>($"insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, created_by_kind, updated_at) select '{tenant.ClientId}', gen_random_uuid(), 'UPLOAD_EXPIRE', 'maintenance', 5, now(), now(), 'system', now() where not exists (select from jobs where client_id = '{tenant.ClientId}' and type = 'UPLOAD_EXPIRE')");
            return (await tenant.Get($"/uploads/{id}")).Data is { } upload && upload["status"]!.GetValue<string>() == "expired" ? upload : null;
        });
        (await tenant.Post($"/uploads/{id}/complete")).ExpectProblem(HttpStatusCode.Gone, "UPLOAD_EXPIRED");
        await Eventually.Is("its objects are gone", async () => (await ObjectsOf(expired)).Length == 0);
    }

    [Test]
    public async Task A_link_changes_nothing_once_the_upload_is_completed()
    {
        var bytes = File();
        var begun = (await Owner.BeginUpload(bytes)).Data;
        await Platform.SendParts(begun["parts"]!, bytes);
        var upload = (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete", headers: ("Prefer", "wait=30"))).Data;

        await Platform.SendPart(begun["parts"]![0]!, File(), 0);

        var asset = (await Owner.Get($"/media/{upload["asset_id"]}")).Data;
        Assert.That(await Original(asset), Is.EqualTo(bytes));
    }

    [Test]
    public async Task A_link_takes_no_other_bytes_than_those_it_was_made_for()
    {
        var bytes = File();
        var begun = (await Owner.BeginUpload(bytes)).Data;
        var target = begun["parts"]![0]!["target"]!;
        JsonNode With(string from, string to)
        {
            var changed = target.DeepClone();
            changed["url"] = changed["url"]!.GetValue<string>().Replace(from, to, StringComparison.OrdinalIgnoreCase);
            Assert.That(changed["url"]!.GetValue<string>(), Is.Not.EqualTo(target["url"]!.GetValue<string>()));
            return changed;
        }

        Assert.That((int)await Platform.SendTo(target, bytes.AsMemory(1)), Is.EqualTo(origin is "s3" ? 403 : 422), "shorter");
        Assert.That((int)await Platform.SendTo(target, new byte[bytes.Length + 1]), Is.EqualTo(origin is "s3" ? 403 : 422), "longer");
        Assert.That((int)await Platform.SendTo(With("/incoming?", "/original?"), bytes), Is.EqualTo(403), "another key");
        Assert.That((int)await Platform.SendTo(With("expires=", "expires=9"), bytes), Is.EqualTo(origin is "s3" ? 400 : 403).Or.EqualTo(403), "another time");
        var other = target.DeepClone();
        other["headers"]!["content-type"] = "text/html";
        Assert.That((int)await Platform.SendTo(other, bytes), Is.EqualTo(origin is "s3" ? 403 : 415), "another type");
        (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_NOT_RECEIVED");
    }

    [Test]
    public async Task What_is_asked_wrongly_is_told_all_at_once()
    {
        var reply = await Owner.Post("/uploads", new { FileName = "", SizeBytes = 0, Sha256 = "12", Tags = new[] { "" }, Title = new string('x', 501) });

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(reply.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "file_name", "size_bytes", "sha256", "title", "tags[0]" }), reply.Text);
        (await Owner.Post("/uploads", new { FileName = "a.jpg", SizeBytes = 11L << 30 })).ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "UPLOAD_TOO_LARGE");
    }

    [TestCase("nonsense")]
    [TestCase("image/jpég")]
    [TestCase("image/jpeg\r\nX: y")]
    [TestCase("")]
    public async Task A_type_that_cannot_stand_in_a_header_is_refused(string mimeType) =>
        (await Owner.Post("/uploads", new { FileName = "a.jpg", SizeBytes = 8 << 20, MimeType = mimeType })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [Test]
    public async Task What_an_attempt_left_of_an_upload_that_was_given_up_meanwhile_goes()
    {
        var bytes = File();
        await using var own = await Platform.Start(overrides: Platform.StoredIn(origin));
        var begun = (await own.Tenant.BeginUpload(bytes)).Data;
        await own.SendParts(begun["parts"]!, bytes);
        var id = (await own.Tenant.Post($"/uploads/{begun["upload"]!["id"]}/complete")).Id;
        var key = (await own.StoredObjects()).Single().Replace("/incoming", "/original", StringComparison.Ordinal);
        _ = (await own.Tenant.Delete($"/uploads/{id}")).Data;
        await own.Sql<object>("delete from object_deletions"); // it was swept, and then
        await own.Store.Put(key, new MemoryStream(bytes), "image/jpeg", CancellationToken.None); // an attempt that was killed had stored it

        await own.StartWorker();

        await Eventually.Is("it is gone", async () => (await own.StoredObjects()).Length == 0);
    }

    [Test]
    public async Task An_upload_of_a_form_is_not_sent_by_links()
    {
        var id = (await Owner.Upload(File())).Id;

        (await Owner.Get($"/uploads/{id}/parts")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_SENT");
        (await Owner.Post($"/uploads/{id}/complete")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_SENT");
        (await Owner.Delete($"/uploads/{id}")).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_OPEN");
    }

    [Test]
    public async Task Known_files_are_told_by_their_hashes_and_to_their_owner_alone()
    {
        var (kept, trashed, unknown) = (File(), File(), File());
        var keptId = (await Owner.Upload(kept)).Id;
        var trashedId = (await Owner.Upload(trashed)).Id;
        _ = (await Owner.Delete($"/media/{trashedId}")).Data;
        var body = new { Hashes = new[] { Hash(kept).ToUpperInvariant(), Hash(trashed), Hash(unknown), Hash(kept) } };

        var known = (await Owner.Post("/uploads/check", body)).Expect(HttpStatusCode.OK).Data.AsArray();
        var strange = (await Platform.Stranger.Post("/uploads/check", body)).Data.AsArray();

        Assert.That(known.Select(one => (one!["sha256"]!.GetValue<string>(), one["asset_id"]?.GetValue<Guid>(), one["in_trash"]!.GetValue<bool>())), Is.EqualTo(new (string, Guid?, bool)[]
        {
            (Hash(kept), keptId, false), (Hash(trashed), trashedId, true), (Hash(unknown), null, false),
        }));
        Assert.That(strange.Select(one => one!["asset_id"]), Is.All.Null);
        (await Owner.Post("/uploads/check", new { Hashes = Enumerable.Repeat(Hash(kept), 1001) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/uploads/check", new { Hashes = new[] { "xyz" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task A_hash_that_a_form_declares_is_checked()
    {
        var bytes = File();

        (await Owner.Upload(bytes, fields: ("sha256", Hash(File())))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_HASH_MISMATCH");
        (await Owner.Upload(bytes, fields: ("sha256", "no"))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Upload(bytes, fields: ("sha256", Hash(bytes)))).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_viewer_gets_no_links()
    {
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);
        var begun = (await Owner.BeginUpload(File())).Data;

        (await viewer.Get($"/uploads/{begun["upload"]!["id"]}/parts")).Expect(HttpStatusCode.Forbidden);
    }

    private static byte[] File(int size = 1000) => Samples.LargeJpeg(size, Interlocked.Increment(ref numbers));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task<byte[]> Original(JsonNode asset)
    {
        var link = (await Owner.Get($"/media/{asset["id"]}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!;
        using var http = new HttpClient();
        return await http.GetByteArrayAsync(new Uri(Platform.Address, link));
    }

    /// <summary>What the storage holds for an upload.</summary>
    private async Task<string[]> ObjectsOf(JsonNode upload)
    {
        var id = upload["id"]!.GetValue<Guid>();
        var folder = $"/{id:n}/";
        return [.. (await Platform.StoredObjects()).Where(key => key.Contains(folder, StringComparison.Ordinal))];
    }
}
