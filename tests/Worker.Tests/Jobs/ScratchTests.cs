using MediaPlatform.Application.Media;

namespace MediaPlatform.Worker.Tests.Jobs;

[Parallelizable(ParallelScope.Self)]
internal sealed class ScratchTests
{
    private string root = "";

    [SetUp]
    public void Make() => root = Directory.CreateTempSubdirectory("mediaplatform-scratch-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void What_a_killed_worker_left_is_removed_and_what_is_young_stays()
    {
        using var young = new Scratch(Path.Combine(root, "young"));
        var old = Directory.CreateDirectory(Path.Combine(root, "old"));
        File.WriteAllText(Path.Combine(old.FullName, "thumb.jpg"), "x");
        old.LastWriteTimeUtc = DateTime.UtcNow.AddDays(-2);

        Scratch.RemoveLeftovers(root, TimeSpan.FromDays(1));

        Assert.That(Directory.GetDirectories(root), Is.EqualTo(new[] { young.Folder }));
    }

    [Test]
    public async Task A_worker_starts_while_another_finishes_its_jobs()
    {
        using var done = new CancellationTokenSource();
        var other = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                foreach (var job in Enumerable.Range(0, 50).Select(_ => new Scratch(Path.Combine(root, $"{Guid.NewGuid():n}"))).ToArray()) job.Dispose();
        });

        try
        {
            for (var start = 0; start < 500; start++) Scratch.RemoveLeftovers(root, TimeSpan.FromDays(1));
        }
        finally
        {
            await done.CancelAsync();
            await other;
        }
    }
}
