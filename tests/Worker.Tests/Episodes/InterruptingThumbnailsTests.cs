using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Episodes;

/// <summary>Something changes, or goes, while a thumbnail is rendered.</summary>
internal sealed class InterruptingThumbnailsTests() : PlatformForEachTest(overrides: JobRows.NoBroker)
{
    private const string Red = "fe0000", Blue = "0000fe";

    [Test]
    public async Task A_change_while_it_is_rendered_renders_it_again_and_nothing_of_before_is_left()
    {
        var (red, blue) = (await Owner.Background("red"), await Owner.Background("blue"));
        await Processed();
        var episode = await Owner.Episode(red);
        var gate = await GivenHeldRendering();

        await Owner.Show(episode, blue);
        Assert.That(await Platform.Count("jobs where type = 'THUMBNAIL_RENDER' and status in ('queued', 'running')"), Is.EqualTo(2));
        gate.Open();

        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Blue);
        await OnlyInPlace(episode);
    }

    [Test]
    public async Task A_change_and_its_undoing_while_it_is_rendered_ends_as_it_was()
    {
        var (red, blue) = (await Owner.Background("red"), await Owner.Background("blue"));
        await Processed();
        var episode = await Owner.Episode(red);
        var gate = await GivenHeldRendering();

        await Owner.Show(episode, blue);
        await Owner.Show(episode, red);
        gate.Open();

        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
        await OnlyInPlace(episode);
    }

    [Test]
    public async Task What_is_purged_while_it_is_rendered_leaves_nothing()
    {
        var red = await Owner.Background("red");
        await Processed();
        var episode = await Owner.Episode(red);
        var gate = await GivenHeldRendering();

        _ = (await Owner.Delete($"/episodes/{episode}?purge=true")).Data;
        gate.Open();

        await Settled();
        Assert.That((await Platform.StoredObjects()).Where(key => key.StartsWith("thumbnails/", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task A_worker_that_is_killed_in_the_middle_costs_time_and_nothing_else()
    {
        var red = await Owner.Background("red");
        await Processed();
        var episode = await Owner.Episode(red);
        using (var child = ChildWorker.StartWithHangingDecoder(Platform))
        {
            var job = await Platform.Sql<Guid>("select id from jobs where type = 'THUMBNAIL_RENDER'");
            await Platform.IsAt(job, "1:render");
            await child.Kill();
        }

        await Platform.StartWorker();
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
        await OnlyInPlace(episode);
    }

    [Test]
    public async Task A_job_that_a_person_stops_says_so_and_a_retry_does_it()
    {
        var red = await Owner.Background("red");
        await Processed();
        var episode = await Owner.Episode(red);
        var job = await Platform.Sql<Guid>("select id from jobs where type = 'THUMBNAIL_RENDER'");

        _ = (await Owner.Post($"/jobs/{job}/cancel")).Data;
        var failed = await Owner.Thumbnail($"/episodes/{episode}");
        Assert.That((failed["status"]!.GetValue<string>(), failed["error_code"]!.GetValue<string>()), Is.EqualTo(("failed", "JOB_CANCELED")));
        _ = (await Owner.Post($"/jobs/{job}/retry")).Data;
        Assert.That((await Owner.Thumbnail($"/episodes/{episode}"))["status"]!.GetValue<string>(), Is.EqualTo("pending"));

        await Platform.StartWorker();
        (await Owner.Looks($"/episodes/{episode}", (.5, .5))).AreColors(Red);
    }

    /// <summary>All that was uploaded is processed, and the worker is gone again.</summary>
    private async Task Processed()
    {
        await Platform.StartWorker();
        await Settled();
        await Platform.StopWorker();
    }

    /// <remarks>The second store of the tests has no bucket here: what may lie in it waits.</remarks>
    private Task Settled() => Eventually.Is("nothing is to be done", async () =>
        await Platform.Sql<bool>("select not exists (select from jobs where status in ('queued', 'running')) and not exists (select from object_deletions where storage_provider = 'local')"));

    private async Task<Gate> GivenHeldRendering()
    {
        var gate = new Gate();
        await Platform.StartWorker(services => services.AddSingleton<IImageDecoder>(provider => new Held(provider.GetRequiredService<ImageDecoderPool>(), gate)));
        await Eventually.Is("a scene is rendered", () => Task.FromResult(gate.Arrived > 0));
        return gate;
    }

    private async Task OnlyInPlace(Guid episode)
    {
        await Settled();
        var folder = await Platform.Sql<string>($"select storage_folder from thumbnails where owner_id = '{episode}'");
        Assert.That(
            (await Platform.StoredObjects()).Where(key => key.StartsWith("thumbnails/", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { "1280x720", "640x360", "320x180" }.Select(size => $"{folder}{size}.jpg")));
    }

    /// <summary>The decoder, whose scenes come when the test lets them.</summary>
    private sealed class Held(ImageDecoderPool decoder, Gate gate) : IImageDecoder
    {
        public async Task<RenderOutcome> Render(RenderRequest request, CancellationToken cancellationToken)
        {
            var outcome = await decoder.Render(request, cancellationToken);
            if (request.Scene is not null) await gate.Pass(cancellationToken);
            return outcome;
        }
    }
}
