using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;

namespace MediaPlatform.Worker.Tests.Library;

/// <summary>What the rows say, beside what lies in the stores.</summary>
internal sealed class VerifyingTheLibraryTests() : PlatformForEachTest(withWorker: true, overrides: JobRows.With(("Broker:Enabled", "false"), ("S3:Bucket", ""), ("Media:PartsAboveBytes", "6000000"), ("Media:PartBytes", "5242880")))
{
    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(3);

    [Test]
    public async Task A_library_that_is_whole_has_no_findings()
    {
        await GivenPicture(1);
        await GivenPicture(2);

        var found = await Verify(checksums: true, quarantine: true);

        Assert.That(Figures(found), Is.EqualTo("missing 0, orphaned 0, corrupted 0, quarantined 0, cleared 0, deleted 0"));
        Assert.That((found["objects"]!.GetValue<long>(), found["unseen"]!.GetValue<long>(), found["progress"]!.GetValue<int>()), Is.EqualTo((6L, 0L, 100)));
        Assert.That(found["bytes"]!.GetValue<long>(), Is.EqualTo(await Platform.Sql<long>("select (select sum(size_bytes) from media_assets)::bigint + (select sum(size_bytes) from media_variants)::bigint")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_original_that_is_gone_or_of_another_length_is_missing_and_its_row_stays(bool isGone)
    {
        var asset = await GivenPicture(1);
        await GivenPicture(2);
        var original = PathOf(KeyOf(asset));
        if (isGone) File.Delete(original);
        else await File.AppendAllTextAsync(original, "x");

        var found = await Verify(quarantine: true);

        var finding = (await Findings(found)).Single();
        Assert.That(($"{finding["kind"]}", $"{finding["status"]}", $"{finding["storage_key"]}", finding["asset_id"]!.GetValue<Guid>()), Is.EqualTo(("missing", "reported", KeyOf(asset), asset)));
        Assert.That(await Platform.Count("media_assets"), Is.EqualTo(2));
        Assert.That(await Platform.Count("object_deletions"), Is.Zero);
    }

    [Test]
    public async Task A_rendition_that_is_missing_is_made_again_when_that_is_asked_for()
    {
        var asset = await GivenPicture(1);
        var thumb = Platform.StoredKeys().Single(key => key.Contains("/thumb.", StringComparison.Ordinal));
        File.Delete(PathOf(thumb));

        var reported = await Verify();
        Assert.That(Figures(reported), Does.StartWith("missing 1, orphaned 0"));
        Assert.That(Platform.StoredKeys(), Does.Not.Contain(thumb), "it is only told of");

        var repaired = await Verify(quarantine: true);
        Assert.That(repaired["reprocessed"]!.GetValue<long>(), Is.EqualTo(1));
        await Owner.AssetBecomes(asset, "ready");
        await Eventually.Is("it is there again", () => Task.FromResult(Platform.StoredKeys().Contains(thumb)));
        var after = await Verify();
        Assert.That(Figures(after), Does.StartWith("missing 0").And.Contains("cleared 1"));
    }

    [Test]
    public async Task What_nobody_knows_is_quarantined_looked_at_again_and_deleted()
    {
        await GivenPicture(1);
        var stored = Platform.StoredKeys();
        var orphan = await GivenObject($"{Folder(Guid.CreateVersion7())}original");

        var reported = await Verify();
        Assert.That(($"{(await Findings(reported, "orphaned")).Single()["storage_key"]}", Figures(reported)), Is.EqualTo((orphan, "missing 0, orphaned 1, corrupted 0, quarantined 0, cleared 0, deleted 0")));

        var quarantined = await Verify(quarantine: true);
        var finding = (await Findings(quarantined)).Single();
        Assert.That(($"{finding["status"]}", finding["delete_after"]!.GetValue<DateTimeOffset>()), Is.EqualTo(("quarantined", DateTimeOffset.UtcNow.AddDays(7))).Using<(string, DateTimeOffset)>((a, b) => a.Item1 == b.Item1 && (a.Item2 - b.Item2).Duration() < TimeSpan.FromMinutes(5)));
        Assert.That(Figures(await Verify(quarantine: true)), Does.Contain("quarantined 1, cleared 0, deleted 0"), "it is not due yet");
        Assert.That(Platform.StoredKeys(), Does.Contain(orphan));

        await Platform.Sql<object>("update library_findings set delete_after = now() - interval '1 second'");
        var deleted = await Verify();

        Assert.That(Figures(deleted), Is.EqualTo("missing 0, orphaned 0, corrupted 0, quarantined 0, cleared 0, deleted 1"));
        await Eventually.Is("its object is gone, and no other", () => Task.FromResult(Platform.StoredKeys().SequenceEqual(stored)));
        Assert.That(await Platform.Count("library_findings"), Is.EqualTo(1), "it was one finding all the time");
        Assert.That(Platform.Logs, Has.None.StartsWith("Critical"));
    }

    [Test]
    public async Task What_is_known_by_the_time_it_is_due_is_cleared_and_stays()
    {
        var id = Guid.CreateVersion7();
        var orphan = await GivenObject($"{Folder(id)}original");
        await Verify(quarantine: true);
        await Platform.GivenItems(Owner, [new LibraryItem("found") { Id = id, Size = 1 }]);
        await Platform.Sql<object>($"update media_assets set storage_key = '{orphan}'; update library_findings set delete_after = now() - interval '1 second'");

        var cleared = await Verify(quarantine: true);

        Assert.That(Figures(cleared), Is.EqualTo("missing 0, orphaned 0, corrupted 0, quarantined 0, cleared 1, deleted 0"));
        Assert.That(await Platform.Count("object_deletions"), Is.Zero);
        Assert.That(Platform.StoredKeys(), Is.EqualTo(new[] { orphan }));
    }

    [TestCase("open")]
    [TestCase("received")]
    [TestCase("verifying")]
    [TestCase("conflict")]
    public async Task What_an_upload_has_stored_that_is_under_way_is_nobodys_orphan(string status)
    {
        var upload = (await Owner.BeginUpload(Samples.Jpeg(1))).Expect(HttpStatusCode.Created).Data["upload"]!["id"]!.GetValue<Guid>();
        await Platform.Sql<object>($"update uploads set status = '{status}', asset_id = '{Guid.CreateVersion7()}', expires_at = now() + interval '1 hour'");
        var stored = await GivenObject($"{Folder(upload)}incoming");

        Assert.That(Figures(await Verify(quarantine: true)), Does.Contain("orphaned 0, corrupted 0, quarantined 0"));
        Assert.That(Platform.StoredKeys(), Does.Contain(stored));
    }

    /// <summary>Every way in at once, and the verification over and over while they land.</summary>
    [Test]
    public async Task What_lands_while_it_is_looked_at_is_not_touched()
    {
        using var stop = new CancellationTokenSource();
        var landing = Task.WhenAll(
            Repeat(stop, n => Owner.Upload(Samples.Jpeg(100 + n / 2))), // each second one is known already, and its object is let go
            Repeat(stop, n => Owner.UploadByLinks(Platform, Samples.Jpeg(200 + n))),
            Repeat(stop, n => Owner.UploadByLinks(Platform, Samples.LargeJpeg(7_000_000 + n, 400)), 3),
            Repeat(stop, async n =>
            {
                var first = (await Owner.Get("/media?limit=1")).Data.AsArray().FirstOrDefault();
                if (first is not null) await Owner.Post($"/media/{first["id"]}/reprocess");
                return n;
            }),
            Repeat(stop, async n =>
            {
                foreach (var key in Platform.StoredKeys()) Age(PathOf(key)); // as though all had lain there for long: nothing is spared for its age
                await Task.Delay(20);
                return n;
            }, 1_000));
        for (var i = 0; i < 5; i++)
        {
            var found = await Verify(checksums: true, quarantine: true);
            Assert.That(Figures(found), Is.EqualTo("missing 0, orphaned 0, corrupted 0, quarantined 0, cleared 0, deleted 0"), string.Join('\n', (await Findings(found)).Select(one => one.ToJsonString())));
        }

        await stop.CancelAsync();
        await landing;
        await Eventually.Is("all is processed", async () => await Platform.Count("media_assets where status = 'processing'") == 0 && await Platform.Count("uploads where status <> 'completed'") == 0);
        Assert.That(await Platform.Count("media_assets"), Is.GreaterThan(2));
        Assert.That(Figures(await Verify(checksums: true)), Does.StartWith("missing 0, orphaned 0, corrupted 0"));
    }

    [Test]
    public async Task Others_are_neither_told_of_nor_touched()
    {
        var mine = await GivenObject($"{Folder(Guid.CreateVersion7())}original");
        string[] left =
        [
            await GivenObject($"{Platform.Stranger.ClientId:n}/media/aa/{Guid.CreateVersion7():n}/original"), // another client's
            await GivenObject($"{Owner.ClientId:n}/media/notes.txt"), // of no upload
            await GivenObject($"{Folder(Guid.CreateVersion7())}readme.txt"), // none that is made here
            await GivenObject($"{Owner.ClientId:n}/media/00/{Guid.Parse("0198c0de-0000-7000-8000-0000000000ff"):n}/original"), // the wrong shelf
            await GivenObject($"{Owner.ClientId:n}/exports/{Guid.CreateVersion7():n}/one.csv"),
            await GivenObject("backup/of/somebody"),
        ];

        var found = await Verify(quarantine: true);
        Assert.That((await Findings(found)).Select(one => $"{one["storage_key"]}"), Is.EqualTo(new[] { mine }));
        await Platform.Sql<object>("update library_findings set delete_after = now() - interval '1 second'");
        await Verify(quarantine: true);

        await Eventually.Is("only the orphan goes", () => Task.FromResult(Platform.StoredKeys().SequenceEqual(left.Order(StringComparer.Ordinal))));
        Assert.That((await Platform.Stranger.Get($"/library/verifications/{found["id"]}")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Platform.Stranger.Get("/library/verifications")).Data.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Other_bytes_of_the_same_length_are_found_by_their_hash_alone_and_stay()
    {
        var asset = await GivenPicture(1);
        var path = PathOf(KeyOf(asset));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        Assert.That(Figures(await Verify(quarantine: true)), Does.StartWith("missing 0, orphaned 0, corrupted 0"));
        var found = await Verify(checksums: true, quarantine: true);
        Assert.That(Figures(found), Does.StartWith("missing 0, orphaned 0, corrupted 1"));
        Assert.That((await Findings(found, "corrupted")).Single()["asset_id"]!.GetValue<Guid>(), Is.EqualTo(asset));
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(bytes));

        Assert.That(Figures(await Verify()), Does.EndWith("cleared 0, deleted 0"), "who does not look at hashes clears none");
    }

    [Test]
    public async Task What_is_let_go_of_already_is_no_orphan_and_one_verification_runs_at_a_time()
    {
        await Platform.StopWorker();
        var folder = Folder(Guid.CreateVersion7());
        await GivenObject($"{folder}original");
        await Platform.Sql<object>($"insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at) values ('{Owner.ClientId}', 'local', '{folder}', 'test', now() + interval '1 day')");

        var first = (await Owner.Post("/library/verify", new { })).Expect(HttpStatusCode.Accepted).Data;
        (await Owner.Post("/library/verify", new { })).ExpectProblem(HttpStatusCode.Conflict, "LIBRARY_BUSY");
        (await Platform.Stranger.Post("/library/verify", new { })).Expect(HttpStatusCode.Accepted);
        await Platform.StartWorker();

        Assert.That(Figures(await Done(first)), Does.Contain("orphaned 0"));
    }

    [Test]
    public async Task One_that_was_killed_begins_anew_and_finds_nothing_twice_and_one_that_is_cancelled_says_so()
    {
        await GivenObject($"{Folder(Guid.CreateVersion7())}original");
        var found = await Verify(quarantine: true);
        await Platform.StopWorker();
        await Platform.Sql<object>($"update library_verifications set status = 'running', finished_at = null; update jobs set status = 'running', lease_token = gen_random_uuid(), lease_until = now() - interval '1 second', finished_at = null where id = '{found["job_id"]}'");
        await Platform.StartWorker();

        Assert.That(Figures(await Done(found)), Does.Contain("orphaned 1, corrupted 0, quarantined 1"));
        Assert.That(await Platform.Count("library_findings"), Is.EqualTo(1));

        await Platform.StopWorker();
        var second = (await Owner.Post("/library/verify", new { })).Expect(HttpStatusCode.Accepted).Data;
        (await Owner.Post($"/jobs/{second["job_id"]}/cancel")).Expect(HttpStatusCode.OK);
        var canceled = (await Owner.Get($"/library/verifications/{second["id"]}")).Data;
        Assert.That(($"{canceled["status"]}", $"{canceled["error_code"]}"), Is.EqualTo(("failed", "JOB_CANCELED")));
    }

    [Test]
    public async Task An_operator_verifies_without_a_worker_and_finds_folders_of_renditions_that_nobody_has()
    {
        await GivenPicture(1);
        await Platform.StopWorker();
        var stored = Platform.StoredKeys();
        foreach (var key in stored) Age(PathOf(key));
        var slug = (await Platform.Sql<string>($"select slug from clients where id = '{Owner.ClientId}'"))!;

        var well = await Command("library", "verify", "--client", slug, "--checksums");
        Assert.That((well.Code, well.Said), Is.EqualTo((0, $"{slug}: 3 objects, {await Bytes()} bytes, 0 unseen; 0 missing, 0 orphaned, 0 corrupted; 0 quarantined, 0 cleared, 0 deleted\n")), well.Errors);
        Assert.That(well.Errors.Split('\n'), Does.Contain("100 %"));

        var (id, kept) = (Guid.CreateVersion7(), await Platform.Sql<string>($"select renditions_folder(id) || 'later.1.jpg' from media_assets"));
        var stray = await GivenObject($"{await Platform.Sql<string>($"select renditions_folder('{id}')")}thumb.1.jpg");
        await GivenObject(kept!); // of an asset that is there, though no row has it yet
        var others = await GivenObject("renditions/no/of-ours/thumb.1.jpg");
        var orphan = await GivenObject($"{Folder(id)}original");
        var found = await Command("library", "verify", "--quarantine");
        Assert.That(found.Code, Is.EqualTo(1));
        Assert.That(found.Said, Does.Contain($"{slug}: orphaned local {orphan}, kept until ").And.Contain($"renditions: orphaned local {stray[..^"thumb.1.jpg".Length]} 1 objects, 1 bytes").And.Contain("renditions: 2 folders, 1 orphaned, 0 cleared, 0 deleted"));
        Assert.That(Platform.StoredKeys(), Does.Contain(stray));

        await Platform.Sql<object>("update stray_renditions set delete_after = now() - interval '1 second'");
        Assert.That((await Command("library", "verify")).Said, Does.Contain("renditions: 1 folders, 0 orphaned, 0 cleared, 1 deleted").Or.Contain("renditions: 2 folders, 0 orphaned, 0 cleared, 1 deleted"));
        await Platform.StartWorker();
        await Eventually.Is("it is gone, and nothing else", () => Task.FromResult(Platform.StoredKeys().SequenceEqual(stored.Concat([kept!, others, orphan]).Order(StringComparer.Ordinal))));

        Assert.That((await Command("library", "verify", "--client", "nobody")).Code, Is.EqualTo(1));
        Assert.That((await Command("library", "stats", "--client", slug)).Said, Does.Contain("0 of 300000000000 bytes of stock"));
        Assert.That((await Command("library", "gc", "--client", slug)).Said, Does.Contain("0 bytes are to go"));
    }

    private Task<long> Bytes() => Platform.Sql<long>("select (select sum(size_bytes) from media_assets)::bigint + (select sum(size_bytes) from media_variants)::bigint");

    private async Task<(int Code, string Said, string Errors)> Command(params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Platform.Root,
        };
        foreach (var (name, value) in Platform.Environment) start.Environment[name] = value;
        using var process = System.Diagnostics.Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said, await errors);
    }

    private async Task<Guid> GivenPicture(int seed)
    {
        var id = (await Owner.Upload(Samples.Jpeg(seed), waitSeconds: 20)).Expect(HttpStatusCode.Created).Id;
        await Owner.AssetBecomes(id, "ready");
        return id;
    }

    /// <summary>One byte, three days ago.</summary>
    private async Task<string> GivenObject(string key)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
        await File.WriteAllTextAsync(PathOf(key), "x");
        Age(PathOf(key));
        return key;
    }

    private static void Age(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - LongAgo);
        }
        catch (FileNotFoundException)
        {
            // a temporary one
        }
        catch (DirectoryNotFoundException)
        {
            // or with its folder
        }
    }

    private string PathOf(string key) => Path.Combine(Platform.StorageRoot, key);

    private string KeyOf(Guid asset) => $"{Folder(asset)}original";

    private string Folder(Guid upload) => $"{Owner.ClientId:n}/media/{upload.ToString("n")[^2..]}/{upload:n}/";

    private async Task<JsonNode> Verify(bool checksums = false, bool quarantine = false) =>
        await Done((await Owner.Post("/library/verify", new { Checksums = checksums, Quarantine = quarantine })).Expect(HttpStatusCode.Accepted).Data);

    private Task<JsonNode> Done(JsonNode verification) => Eventually.Get(
        "it is verified", async () => (await Owner.Get($"/library/verifications/{verification["id"]}")).Data is var now && now.Status() == "done" && (await Owner.Job(now["job_id"]!.GetValue<Guid>())).Status() == "succeeded" ? now : null);

    private async Task<JsonNode[]> Findings(JsonNode verification, string? kind = null) =>
        [.. (await Owner.Get($"/library/verifications/{verification["id"]}/findings{(kind is null ? "" : $"?kind={kind}")}")).Expect(HttpStatusCode.OK).Data.AsArray().Select(one => one!)];

    private static string Figures(JsonNode verification) =>
        string.Join(", ", new[] { "missing", "orphaned", "corrupted", "quarantined", "cleared", "deleted" }.Select(name => $"{name} {verification[name]}"));

    private static async Task Repeat<T>(CancellationTokenSource stop, Func<int, Task<T>> work, int times = 25)
    {
        for (var n = 0; !stop.IsCancellationRequested && n < times; n++) await work(n);
    }
}
