using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>What the API answers to who sends bytes by its own links, where media lie on local disk.</summary>
internal sealed class SendingToDiskTests() : PlatformFixture(withWorker: true, new Dictionary<string, string?>
{
    ["Media:PartsAboveBytes"] = $"{6 << 20}", ["Media:PartBytes"] = $"{5 << 20}", ["Media:UploadLinkGrace"] = "00:00:00",
})
{
    private static int numbers;

    [TestCase(1 << 20, "HTTP/1.1 200")]
    [TestCase(7 << 20, "HTTP/1.1 404")]
    public async Task What_was_on_its_way_when_its_upload_expired_goes_a_day_later(int size, string answer)
    {
        await using var own = await Platform.Start(withWorker: true, new Dictionary<string, string?> { ["Media:PartsAboveBytes"] = $"{6 << 20}", ["Media:PartBytes"] = $"{5 << 20}" });
        var bytes = File(size);
        var begun = (await own.Tenant.BeginUpload(bytes)).Data;
        var part = bytes.AsMemory(0, begun["parts"]![0]!["size_bytes"]!.GetValue<int>());
        using var sending = await RawUpload.Begin(own, begun["parts"]![0]!["target"]!);
        await sending.Send(part[..(part.Length / 2)]);
        await Eventually.Is("bytes are coming", () => Task.FromResult(own.StoredKeys().Length > 0));

        await own.Sql<object>("update uploads set expires_at = now() - interval '1 minute'");
        await own.Sql<object>($"insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, created_by_kind, updated_at) values ('{own.Tenant.ClientId}', gen_random_uuid(), 'UPLOAD_EXPIRE', 'maintenance', 5, now(), now(), 'system', now())");
        await Eventually.Is("it is expired and swept", async () => await own.Sql<bool>(
            "select (select status from uploads) = 'expired' and not exists (select from object_deletions where due_at <= now())"));
        await sending.Send(part[(part.Length / 2)..]);
        Assert.That(await sending.ReadAnswer(), Does.StartWith(answer));

        Assert.That(await own.Sql<bool>("select bool_and(due_at > now() + interval '23 hours') from object_deletions"), Is.True, "a day later, by when no request lasts");
        await own.Sql<object>("update object_deletions set due_at = now()");
        await Eventually.Is("nothing is left", async () => own.StoredKeys().Length == 0 && await own.Sql<long>("select count(*) from object_deletions") == 0);
    }

    [Test]
    public async Task A_body_that_outlives_its_link_is_cut_off()
    {
        var bytes = File();
        var target = Link(bytes, expires: DateTimeOffset.UtcNow.AddSeconds(2));
        using var sending = await RawUpload.Begin(Platform, target);
        await sending.Send(bytes.AsMemory(0, 500));

        Assert.That(await sending.ReadAnswer(), Does.StartWith("HTTP/1.1 403").And.Contain("LINK_EXPIRED"));
    }

    [Test]
    public async Task An_expired_link_takes_nothing()
    {
        var bytes = File();

        Assert.That(await Answer(Link(bytes, expires: DateTimeOffset.UtcNow.AddSeconds(-1)), bytes), Does.StartWith("HTTP/1.1 403").And.Contain("LINK_EXPIRED"));
    }

    [Test]
    public async Task A_body_has_the_length_and_the_type_that_its_link_says()
    {
        var bytes = File();
        var target = Link(bytes, expires: DateTimeOffset.UtcNow.AddHours(1));
        JsonNode With(string header, string? value)
        {
            var changed = target.DeepClone();
            if (value is null) changed["headers"]!.AsObject().Remove(header);
            else changed["headers"]![header] = value;
            return changed;
        }

        Assert.That(await Answer(With("content-length", null), default), Does.StartWith("HTTP/1.1 411").And.Contain("LENGTH_REQUIRED"));
        Assert.That(await Answer(With("content-length", "999"), bytes.AsMemory(0, 999)), Does.StartWith("HTTP/1.1 422").And.Contain("LENGTH_MISMATCH"));
        Assert.That(await Answer(With("content-type", "text/html"), bytes), Does.StartWith("HTTP/1.1 415").And.Contain("CONTENT_TYPE_MISMATCH"));
        Assert.That(await Answer(With("content-type", null), bytes), Does.StartWith("HTTP/1.1 415").And.Contain("CONTENT_TYPE_MISMATCH"));
    }

    [Test]
    public async Task A_link_of_one_upload_is_none_of_another()
    {
        var bytes = File(7 << 20);
        var (mine, other) = ((await Owner.BeginUpload(bytes)).Data, (await Platform.Stranger.BeginUpload(bytes)).Data);
        var (url, foreign) = (UrlOf(mine), UrlOf(other));
        string Of(string link, string name) => link.Split('?', '&').Single(one => one.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

        await Task.WhenAll(new[]
        {
            url.Replace(PathOf(url), PathOf(foreign), StringComparison.Ordinal), // another upload's key
            url.Replace(Of(url, "multipart"), Of(foreign, "multipart"), StringComparison.Ordinal),
            url.Replace("&part=1", "&part=2", StringComparison.Ordinal),
            url.Replace("&part=1", "", StringComparison.Ordinal),
            url.Replace($"&multipart={Of(url, "multipart")}&part=1", "", StringComparison.Ordinal),
            url.Replace(Of(url, "signature"), Of(foreign, "signature"), StringComparison.Ordinal),
            url.Replace("/original?", "/incoming?", StringComparison.Ordinal),
        }.Select(async changed =>
        {
            Assert.That(changed, Is.Not.EqualTo(url));
            var target = mine["parts"]![0]!["target"]!.DeepClone();
            target["url"] = changed;
            Assert.That(await Answer(target, default), Does.StartWith("HTTP/1.1 403").And.Contain("LINK_INVALID"), changed);
        }));

        Assert.That((await Owner.Get($"/uploads/{mine["upload"]!["id"]}/parts")).Data[0]!["received"]!.GetValue<bool>(), Is.False);
    }

    [Test]
    public async Task A_part_comes_too_late_for_an_upload_that_was_given_up()
    {
        var bytes = File(7 << 20);
        var begun = (await Owner.BeginUpload(bytes)).Data;
        _ = (await Owner.Delete($"/uploads/{begun["upload"]!["id"]}")).Data;
        await Eventually.Is("it is swept", async () => await Platform.Sql<long>($"select count(*) from object_deletions where due_at <= now() and storage_key like '%{begun["upload"]!["id"]!.GetValue<Guid>():n}%'") == 0);

        Assert.That(await Answer(begun["parts"]![1]!["target"]!, bytes.AsMemory(5 << 20)), Does.StartWith("HTTP/1.1 404").And.Contain("UPLOAD_ENDED"));
    }

    [Test]
    public async Task Who_sends_what_another_is_sending_is_told_to_wait()
    {
        var bytes = File(7 << 20);
        var begun = (await Owner.BeginUpload(bytes)).Data;
        await Platform.SendParts(begun["parts"]!, bytes);
        var parts = Directory.EnumerateFiles(Path.Combine(Platform.StorageRoot, ".incoming", "parts"), "layout", SearchOption.AllDirectories)
            .Single(path => path.Contains($"{begun["upload"]!["id"]!.GetValue<Guid>():n}", StringComparison.Ordinal));
        await using (new FileStream(Path.Combine(Path.GetDirectoryName(parts)!, "1.turn"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)) // as a writer does
        await using (new FileStream(parts, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.Conflict, "PART_BUSY");
            Assert.That(await Answer(begun["parts"]![0]!["target"]!, bytes.AsMemory(0, 5 << 20)), Does.StartWith("HTTP/1.1 409").And.Contain("PART_BUSY").And.Contain("Retry-After"));
        }

        (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete", headers: ("Prefer", "wait=30"))).Expect(HttpStatusCode.Accepted);
    }

    [TestCase(999)]
    [TestCase(1001)]
    public async Task What_lies_there_has_the_size_that_was_told(int stored)
    {
        var begun = (await Owner.BeginUpload(File())).Data;
        await Platform.Store.Put(Uri.UnescapeDataString(PathOf(UrlOf(begun))), new MemoryStream(File(stored)), "image/jpeg", CancellationToken.None);

        (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_SIZE_MISMATCH");
    }

    private static byte[] File(int size = 1000) => Samples.LargeJpeg(size, 4_000 + Interlocked.Increment(ref numbers));

    private static string UrlOf(JsonNode begun) => begun["parts"]![0]!["target"]!["url"]!.GetValue<string>();

    private static string PathOf(string url) => url[LocalLinks.Path.Length..url.IndexOf('?', StringComparison.Ordinal)];

    private JsonObject Link(byte[] bytes, DateTimeOffset expires) => new()
    {
        ["method"] = "PUT",
        ["url"] = Platform.ApiServices.GetRequiredService<LocalLinks>().ToPut($"{Guid.NewGuid():n}/media/aa/{Guid.NewGuid():n}/incoming", bytes.Length, "image/jpeg", expires),
        ["headers"] = new JsonObject { ["content-length"] = $"{bytes.Length}", ["content-type"] = "image/jpeg" },
    };

    private async Task<string> Answer(JsonNode target, ReadOnlyMemory<byte> body)
    {
        using var sending = await RawUpload.Begin(Platform, target);
        try
        {
            await sending.Send(body);
        }
        catch (IOException)
        {
            // answered before it had all
        }

        return await sending.ReadAnswer();
    }
}
