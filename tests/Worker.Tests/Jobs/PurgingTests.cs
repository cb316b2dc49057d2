using System.Net;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>An asset is purged while the worker has it.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class PurgingTests
{
    private Platform platform = null!;

    [SetUp]
    public async Task Start() => platform = await Platform.Start(overrides: JobRows.NoBroker);

    [TearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task A_fault_of_what_was_purged_meanwhile_is_none()
    {
        var gate = new Gate();
        await platform.StartWorker(services => services.AddSingleton<IImageDecoder>(provider => new Lingering(provider.GetRequiredService<ImageDecoderPool>(), gate)));
        var asset = (await platform.Tenant.Upload(Samples.Png()[..^30], "cut.png", "image/png")).Id;
        var job = await platform.JobOf(asset);
        await Eventually.Is("the picture was found to be cut", () => Task.FromResult(gate.Arrived == 1));

        (await platform.Tenant.Delete($"/media/{asset}?purge=true")).Expect(HttpStatusCode.OK);
        gate.Open();

        var done = await platform.Tenant.JobBecomes(job, "succeeded");
        Assert.That(done.Attempts(), Is.EqualTo(1));
        Assert.That(done.Stages(), Does.Contain("1:purge"));
    }

    [Test]
    public async Task What_the_last_attempt_stored_after_the_purge_goes_with_its_job()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var job = await GivenSwept(asset);
        await platform.Sql<object>(
            $"update jobs set status = 'running', attempts = 5, lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where id = '{job}'");

        await platform.StartWorker();

        await platform.Tenant.JobBecomes(job, "dead");
        await Eventually.Is("nothing is stored", () => Task.FromResult(platform.StoredKeys().Length == 0));
    }

    [Test]
    public async Task What_an_attempt_stored_after_the_purge_goes_when_its_job_is_canceled()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var job = await GivenSwept(asset);

        (await platform.Tenant.Post($"/jobs/{job}/cancel")).Expect(HttpStatusCode.OK);
        await platform.StartWorker();

        await Eventually.Is("nothing is stored", () => Task.FromResult(platform.StoredKeys().Length == 0));
    }

    /// <summary>Purged, swept, and only then stored by an attempt that was killed; its job waits.</summary>
    private async Task<Guid> GivenSwept(Guid asset)
    {
        var job = await platform.JobOf(asset);
        await platform.Sql<object>($"update jobs set run_after = now() + interval '1 hour' where id = '{job}'");
        var original = Path.Combine(platform.StorageRoot, platform.StoredKeys().Single());
        (await platform.Tenant.Delete($"/media/{asset}?purge=true")).Expect(HttpStatusCode.OK);
        await platform.StartWorker();
        await Eventually.Is("the original is swept", async () => await platform.Count("object_deletions") == 0 && !File.Exists(original));
        await platform.StopWorker();

        foreach (var late in new[] { Path.Combine(Path.GetDirectoryName(original)!, "original.1.jpg"), Path.Combine(platform.StorageRoot, (await platform.Sql<string>($"select renditions_folder('{asset}')"))!, "thumb.1.jpg") })
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
