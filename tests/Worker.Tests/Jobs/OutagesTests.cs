using MediaPlatform.Application.Jobs;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>What jobs need is away or full for a while: they say so, wait, and use up no attempt.</summary>
internal sealed class OutagesTests
{
    [Test]
    public async Task A_storage_that_is_gone_is_waited_out_without_an_attempt()
    {
        await using var platform = await Platform.Start(overrides: JobRows.NoBroker);
        var (sound, soundJob) = await platform.GivenSound();
        var picture = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var pictureJob = await platform.JobOf(picture);
        Directory.Move(platform.StorageRoot, platform.StorageRoot + ".away");

        await platform.StartWorker();
        await HasMetOften(platform, pictureJob, "1:fetch:STORAGE_UNAVAILABLE");
        await HasMetOften(platform, soundJob, "1:fetch:STORAGE_UNAVAILABLE");
        Assert.That((await platform.Tenant.Get($"/media/{picture}")).Data.Status(), Is.EqualTo("processing"));

        Directory.Move(platform.StorageRoot + ".away", platform.StorageRoot);
        await platform.Tenant.AssetBecomes(picture, "ready");
        await platform.Tenant.AssetBecomes(sound, "ready");
        Assert.That((await platform.Tenant.Job(pictureJob)).Attempts(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_original_that_is_away_with_its_disk_is_waited_out()
    {
        await using var platform = await Platform.Start(overrides: JobRows.NoBroker);
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var job = await platform.JobOf(asset);
        Directory.Move(platform.StorageRoot, platform.StorageRoot + ".away");
        Directory.CreateDirectory(platform.StorageRoot); // as where a disk is not mounted

        await platform.StartWorker();
        await HasMetOften(platform, job, "1:fetch:ORIGINAL_MISSING");

        Directory.Delete(platform.StorageRoot, recursive: true);
        Directory.Move(platform.StorageRoot + ".away", platform.StorageRoot);
        await platform.Tenant.AssetBecomes(asset, "ready");
    }

    [Test]
    public async Task A_full_storage_is_waited_out_and_keeps_no_part_of_a_rendition()
    {
        using var disk = TinyDisk.Mount(1 << 20);
        await using var platform = await Platform.Start(overrides: JobRows.With(("Broker:Enabled", "false"), ("Storage:Root", disk.Root), ("Storage:MinFreeBytes", "0")));
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var job = await platform.JobOf(asset);
        var ballast = GivenBallast(disk.Root);

        await platform.StartWorker();
        await HasMetOften(platform, job, "1:store:STORAGE_FULL");
        Assert.That(Directory.EnumerateFiles(disk.Root, "*.part", SearchOption.AllDirectories), Is.Empty);

        File.Delete(ballast);
        await platform.Tenant.AssetBecomes(asset, "ready");
    }

    [Test]
    public async Task A_full_scratch_disk_is_waited_out()
    {
        using var disk = TinyDisk.Mount(1 << 20);
        await using var platform = await Platform.Start(overrides: JobRows.With(("Broker:Enabled", "false"), ("Media:ScratchRoot", Path.Combine(disk.Root, "scratch"))));
        await platform.StartWorker(); // makes its folder while there is room
        var ballast = GivenBallast(disk.Root);

        var asset = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        var job = await platform.JobOf(asset);
        await HasMetOften(platform, job, ":DISK_FULL"); // making its folder, or writing into it

        File.Delete(ballast);
        await platform.Tenant.AssetBecomes(asset, "ready");
    }

    [Test]
    public async Task A_decoder_that_cannot_be_started_is_waited_out()
    {
        await using var platform = await Platform.Start(overrides: JobRows.NoBroker);
        var program = Path.Combine(platform.Root, "decoder");
        await File.WriteAllTextAsync(program, "exec \"$@\"\n");
        string[] decoder = ["sh", program, Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"), "decoder"];
        await platform.StartWorker(overrides: JobRows.With(
            [("Imaging:FilesPerProcess", "1"), .. decoder.Select((word, place) => ($"Imaging:Command:{place}", (string?)word))]));
        var before = (await platform.Tenant.Upload(Samples.Jpeg(1))).Id;
        await platform.Tenant.AssetBecomes(before, "ready"); // and its decoder has had its share

        await File.WriteAllTextAsync(program, "exit 1\n");
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(2))).Id;
        await HasMetOften(platform, await platform.JobOf(asset), "1:render:DECODER_UNAVAILABLE");

        await File.WriteAllTextAsync(program, "exec \"$@\"\n");
        await platform.Tenant.AssetBecomes(asset, "ready");
    }

    [Test]
    public async Task An_outage_that_outlasts_the_patience_ends_the_job_and_a_retry_waits_anew()
    {
        await using var platform = await Platform.Start(overrides: JobRows.NoBroker);
        var over = false;
        var handler = new TestHandler((_, _) => over ? Task.FromResult(JobResult.Nothing) : throw new OutageException(new("NOT_THERE", "It is not there.")));
        await platform.StartWorker(handler.Register, JobRows.With(("Worker:OutagePatience", "00:00:02"), ("Worker:Poll", "00:00:00.1")));
        var job = await platform.GivenJob();

        var dead = await platform.Tenant.JobBecomes(job, "dead");
        Assert.That(dead["error_code"]!.ToString(), Is.EqualTo("NOT_THERE"));
        Assert.That(handler.Runs, Has.Count.GreaterThan(2));
        Assert.That(dead.Stages(), Is.All.EqualTo("1:attempt:NOT_THERE"), "what no stage tells, the attempt does");

        var before = handler.Runs.Count;
        (await platform.Tenant.Post($"/jobs/{job}/retry")).Expect(System.Net.HttpStatusCode.OK);
        await Eventually.Is("it waits again", () => Task.FromResult(handler.Runs.Count > before + 1));
        over = true;
        await platform.Tenant.JobBecomes(job, "succeeded");
    }

    /// <summary>Waits until the job has met the outage again and again, and sees that it counts for nothing.</summary>
    private static async Task HasMetOften(Platform platform, Guid job, string stage)
    {
        await Eventually.Is($"the job has met {stage} often", async () => (await platform.Tenant.Job(job)).Stages().Count(met => met.EndsWith(stage, StringComparison.Ordinal)) > 2);
        Assert.That((await platform.Tenant.Job(job)).Attempts(), Is.LessThanOrEqualTo(1));
    }

    /// <summary>Fills a disk to its last byte.</summary>
    private static string GivenBallast(string root)
    {
        var path = Path.Combine(root, "ballast");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            return path; // full
        }
    }
}
