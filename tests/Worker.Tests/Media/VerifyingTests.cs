using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Microsoft.AspNetCore.Builder;

namespace MediaPlatform.Worker.Tests.Media;

/// <summary>Uploads that the worker fetches or verifies, when it is killed in the middle.</summary>
internal sealed class VerifyingTests
{
    [TestCase("local")]
    [TestCase("s3")]
    public async Task An_upload_that_a_killed_worker_was_at_is_finished_by_another(string origin)
    {
        var (asked, bytes) = (0, Samples.LargeJpeg(12 << 20, 900));
        await using var site = await OtherServer.Start(app => app.Run(async context =>
        {
            context.Response.ContentLength = bytes.Length;
            var isFirst = Interlocked.Increment(ref asked) == 1;
            await context.Response.Body.WriteAsync(isFirst ? bytes.AsMemory(0, 9 << 20) : bytes); // by then a part is in the store
            if (!isFirst) return;
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));
        await using var platform = await Platform.Start(overrides: new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal)
        {
            ["Fetch:AllowedNetworks:0"] = "127.0.0.1/32", ["Fetch:Ports:0"] = $"{new Uri(site.Urls.First()).Port}",
        });
        var upload = (await platform.Tenant.Post("/media/fetch", new { Url = site.Urls.First() + "/photo.jpg" })).Data["id"]!;
        using (var victim = ChildWorker.StartPlain(platform))
        {
            await Eventually.Is("it is being fetched", async () => Volatile.Read(ref asked) == 1 && (await platform.Tenant.Get($"/uploads/{upload}")).Data["status"]!.GetValue<string>() == "verifying");
            await victim.Kill();
        }

        await platform.StartWorker();

        var asset = await Eventually.Get("it is an asset", async () => (await platform.Tenant.Get($"/uploads/{upload}")).Data["asset_id"]);
        await platform.Tenant.AssetBecomes(asset.GetValue<Guid>(), "ready");
        Assert.That((await platform.StoredObjects()).Select(key => key[(key.LastIndexOf('/') + 1)..].Split('.')[0]), Is.EquivalentTo(new[] { "original", "preview", "thumb" }));
    }
}
