using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>How much may be under way: of a client, and in one process.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class LimitingUploadsTests
{
    private static int numbers = 60_000;

    [Test]
    public async Task A_client_has_so_many_uploads_under_way_and_no_more()
    {
        await using var platform = await Platform.Start(overrides: new Dictionary<string, string?> { ["Media:MaxOpenUploadsPerClient"] = "5" });

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => platform.Tenant.BeginUpload(File())));

        var refused = replies.Where(reply => reply.Status is not HttpStatusCode.Created).ToArray();
        Assert.That(refused, Has.Length.EqualTo(15), "however many begin at once");
        foreach (var reply in refused) reply.ExpectProblem(HttpStatusCode.TooManyRequests, "TOO_MANY_UPLOADS");
        Assert.That(refused[0].Headers.RetryAfter, Is.Not.Null);
        (await platform.Tenant.Post("/media/fetch", new { Url = "https://example.com/a.jpg" })).ExpectProblem(HttpStatusCode.TooManyRequests, "TOO_MANY_UPLOADS");
        (await platform.Stranger.BeginUpload(File())).Expect(HttpStatusCode.Created);

        _ = (await platform.Tenant.Delete($"/uploads/{replies.First(reply => reply.Status is HttpStatusCode.Created).Data["upload"]!["id"]}")).Data;
        (await platform.Tenant.BeginUpload(File())).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_process_takes_in_so_many_files_at_once_and_lets_others_wait()
    {
        await using var platform = await Platform.Start(overrides: new Dictionary<string, string?>
        {
            ["Media:MaxDirectUploads"] = "1", ["Media:DirectUploadPatience"] = "00:00:00.2",
        });
        var body = new Form().File(File(100_000), "slow.jpg").Bytes;
        using (var slow = await RawUpload.Begin(platform, platform.Tenant, body.Length))
        {
            await slow.Send(body.AsMemory(0, body.Length / 2));
            await Eventually.Is("it has its turn", async () => await platform.Sql<long>("select count(*) from uploads") == 1);

            var refused = (await platform.Tenant.Upload(File())).ExpectProblem(HttpStatusCode.ServiceUnavailable, "UPLOADS_BUSY");
            Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
            (await platform.Tenant.BeginUpload(File())).Expect(HttpStatusCode.Created);
        }

        await Eventually.Is("its turn has ended with its connection", async () => (await platform.Tenant.Upload(File())).Status is HttpStatusCode.Created);
    }

    private static byte[] File(int size = 1000) => Samples.LargeJpeg(size, Interlocked.Increment(ref numbers));
}
