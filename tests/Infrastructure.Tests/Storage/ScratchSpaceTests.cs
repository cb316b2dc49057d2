using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Infrastructure.Tests.Storage;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class ScratchSpaceTests : IDisposable
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string folder = Directory.CreateTempSubdirectory("mediaplatform-scratch-").FullName;

    private string Root => Path.Combine(folder, "root");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_folder_is_for_its_owner_alone_and_goes_with_all_that_is_in_it()
    {
        using (var scratch = SpaceAt(Root).Create(AJob()))
        {
            Assert.That(File.GetUnixFileMode(Root), Is.EqualTo(OwnerAlone));
            Assert.That(File.GetUnixFileMode(scratch.Folder), Is.EqualTo(OwnerAlone));
            File.WriteAllText(Path.Combine(scratch.Folder, "thumb.jpg"), "x");
        }

        Assert.That(Directory.EnumerateFileSystemEntries(Root), Is.Empty);
    }

    [Test]
    public void A_root_of_the_workers_own_that_was_open_to_others_is_closed_to_them()
    {
        Directory.CreateDirectory(Root, OwnerAlone | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);

        SpaceAt(Root).Prepare();

        Assert.That(File.GetUnixFileMode(Root), Is.EqualTo(OwnerAlone));
    }

    [Test]
    public void A_root_that_another_user_made_is_refused()
    {
        const string foreign = "/var/lib/postgresql"; // of the user postgres, wherever these tests run
        var refused = Assert.Throws<OutageException>(() => SpaceAt(foreign).Prepare())!;

        Assert.That(refused.Message, Does.Contain("Media:ScratchRoot").And.Contain(foreign));
        Assert.That(refused.Error.Code, Is.EqualTo("SCRATCH_UNAVAILABLE"));
        Assert.That(refused.Error.Message, Does.Not.Contain("/"));
    }

    [Test]
    public void A_root_that_is_a_link_is_refused()
    {
        File.CreateSymbolicLink(Root, Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName);

        Assert.Throws<OutageException>(() => SpaceAt(Root).Create(AJob()).Dispose());
        Assert.That(Directory.EnumerateFileSystemEntries(Path.Combine(folder, "elsewhere")), Is.Empty);
    }

    [Test]
    public void A_folder_that_has_gone_already_does_not_hide_what_came_of_the_attempt()
    {
        using var scratch = SpaceAt(Root).Create(AJob());

        Directory.Delete(Root, recursive: true);
    }

    [Test]
    public void A_disk_without_room_is_named()
    {
        using var disk = TinyDisk.Mount(1 << 20, files: 10);
        var space = SpaceAt(Path.Combine(disk.Root, "scratch"));
        space.Prepare();
        var full = Assert.Throws<OutageException>(() =>
        {
            for (var folders = 0; folders < 10; folders++) _ = space.Create(AJob());
        })!;

        Assert.That(full.Error.Code, Is.EqualTo("DISK_FULL"));
    }

    [Test]
    public void Leftovers_go_when_they_are_old()
    {
        var (old, young) = (SpaceAt(Root).Create(AJob()).Folder, SpaceAt(Root).Create(AJob()).Folder);
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        SpaceAt(Root).RemoveLeftovers(TimeSpan.FromDays(1));

        Assert.That(Directory.EnumerateDirectories(Root), Is.EqualTo(new[] { young }));
    }

    [Test]
    public async Task A_worker_starts_while_another_finishes_its_jobs()
    {
        SpaceAt(Root).Prepare();
        using var done = new CancellationTokenSource();
        var other = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                foreach (var job in Enumerable.Range(0, 50).Select(_ => SpaceAt(Root).Create(AJob())).ToArray()) job.Dispose();
        });

        try
        {
            for (var start = 0; start < 500; start++) SpaceAt(Root).RemoveLeftovers(TimeSpan.FromDays(1));
        }
        finally
        {
            await done.CancelAsync();
            await other;
        }
    }

    private static ScratchSpace SpaceAt(string root) => new(new MediaOptions { ScratchRoot = root }, NullLogger<ScratchSpace>.Instance);

    private static ClaimedJob AJob() => new(
        Guid.NewGuid(), Guid.NewGuid(), "TEST", SubjectType: null, SubjectId: null, Attempt: 1, MaxAttempts: 5, Guid.NewGuid(), RequestId: null,
        TriedSince: null, EarlierStages: 0);
}
