using System.Net;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Media;

/// <summary>An asset is purged while the worker has it.</summary>
internal sealed class PurgingTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    [Test]
    public async Task A_fault_of_what_was_purged_meanwhile_is_none()
    {
        var gate = new Gate();
        await Platform.StartWorker(services => services.AddSingleton<IImageDecoder>(provider => new Lingering(provider.GetRequiredService<ImageDecoderPool>(), gate)));
        var asset = (await Owner.Upload(Samples.Png()[..^30], "cut.png", "image/png")).Id;
        var job = await Platform.JobOf(asset);
        await Eventually.Is("the picture was found to be cut", () => Task.FromResult(gate.Arrived == 1));

        (await Owner.Delete($"/media/{asset}?purge=true")).Expect(HttpStatusCode.OK);
        gate.Open();

        var done = await Owner.JobBecomes(job, "succeeded");
        Assert.That(done.Attempts(), Is.EqualTo(1));
        Assert.That(done.Stages(), Does.Contain("1:purge"));
    }

    [Test]
    public async Task What_the_last_attempt_stored_after_the_purge_goes_with_its_job()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        var job = await GivenSwept(asset);
        await Platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 5, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{job}'");

        await Platform.StartWorker();

        await Owner.JobBecomes(job, "dead");
        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task What_an_attempt_stored_after_the_purge_goes_when_its_job_is_canceled()
    {
        var asset = (await Owner.Upload(Samples.Jpeg(1))).Id;
        var job = await GivenSwept(asset);

        (await Owner.Post($"/jobs/{job}/cancel")).Expect(HttpStatusCode.OK);
        await Platform.StartWorker();

        await Eventually.Is("nothing is stored", () => Task.FromResult(Platform.StoredKeys().Length == 0));
    }

    /// <summary>Purged, swept, and only then stored by an attempt that was killed; its job waits.</summary>
    private async Task<Guid> GivenSwept(Guid asset)
    {
        var job = await Platform.JobOf(asset);
        await Platform.Sql<object>($"update jobs set run_after = now() + interval '1 hour' where id = '{job}'");
        var original = Path.Combine(Platform.StorageRoot, Platform.StoredKeys().Single());
        (await Owner.Delete($"/media/{asset}?purge=true")).Expect(HttpStatusCode.OK);
        await Platform.StartWorker();
        await Eventually.Is("the original is swept", async () => await Platform.Count("object_deletions") == 0 && !File.Exists(original));
        await Platform.StopWorker();

        foreach (var late in new[] { Path.Combine(Path.GetDirectoryName(original)!, "original.1.jpg"), Path.Combine(Platform.StorageRoot, (await Platform.Sql<string>($"select renditions_folder('{asset}')"))!, "thumb.1.jpg") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(late)!);
            await File.WriteAllBytesAsync(late, Samples.Jpeg(1));
        }

        return job;
    }

    /// <summary>The decoder, whose outcome comes when the test lets it.</summary>
    private sealed class Lingering(ImageDecoderPool decoder, Gate gate) : IImageDecoder
    {
        public async Task<RenderOutcome> Render(RenderRequest request, CancellationToken cancellationToken)
        {
            var outcome = await decoder.Render(request, cancellationToken);
            await gate.Pass(cancellationToken);
            return outcome;
        }
    }
}
