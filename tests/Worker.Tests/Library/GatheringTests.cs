using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;

namespace MediaPlatform.Worker.Tests.Library;

/// <summary>S2's gather, from the request to the manifest: the library first, then providers by their documented JSON.</summary>
internal sealed class GatheringTests() : PlatformForEachTest
{
    private StockSite site = null!;
    private static int numbers = 700;

    protected override async Task<Platform> Begin()
    {
        site = Held(await StockSite.Start());
        return await Platform.Start(overrides: new Dictionary<string, string?>(site.Settings(), StringComparer.Ordinal) { ["Library:ProcessingPatience"] = "00:00:30", ["Worker:FirstBackoff"] = "00:00:00.3" });
    }

    [SetUp]
    public async Task Restock()
    {
        foreach (var shelf in new[] { site.Pexels, site.Unsplash, site.Pixabay })
        {
            shelf.Reset();
            (shelf.Photos, shelf.Videos) = ([], []);
        }

        await Platform.StartWorker();
    }

    [Test]
    public async Task What_is_missing_is_downloaded_and_the_second_time_everything_is_there()
    {
        site.Pexels.Videos = [Film("1", "harbour"), Film("2", "harbour")];
        site.Pexels.Photos = [.. Enumerable.Range(10, 6).Select(i => Photo($"{i}", "harbour"))];

        var first = await Gather(new { Key = "opening", Tags = new[] { "Harbour", "dawn" } });
        var entries = first["entries"]!.AsArray();

        Assert.That(Types(entries), Is.EqualTo(new[] { "video", "video", "image", "image", "image", "image", "image" }), "films first, and no more than the limit");
        Assert.That(entries.Select(entry => entry!["source"]!.GetValue<string>()).Distinct(), Is.EqualTo(new[] { "pexels" }));
        Assert.That(entries.Select(entry => entry!["library_id"]), Has.None.Null);
        Assert.That(entries.Select(entry => entry!["source_url"]!.GetValue<string>()), Is.Unique);
        var gathering = first["gathering"]!;
        Assert.That((Number(gathering, "downloaded"), Number(gathering, "reused"), Number(gathering, "searches_saved"), gathering["status"]!.GetValue<string>(), Number(gathering, "progress")), Is.EqualTo((7, 0, 0, "done", 100)));
        Assert.That((gathering["providers"]![0]!["name"]!.GetValue<string>(), Number(gathering["providers"]![0]!, "calls"), Number(gathering["providers"]![0]!, "downloaded")), Is.EqualTo(("pexels", 2, 7)));
        var asset = (await Owner.Get($"/media/{entries[0]!["library_id"]}")).Data;
        Assert.That((asset["source"]!.GetValue<string>(), asset["provider"]!.GetValue<string>(), asset["source_url"]!.GetValue<string>()), Is.EqualTo(("stock", "pexels", entries[0]!["source_url"]!.GetValue<string>())));
        Assert.That(asset["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()), Is.SupersetOf(new[] { "harbour", "dawn" }));
        Assert.That(asset["last_used_at"], Is.Not.Null);

        foreach (var shelf in new[] { site.Pexels, site.Unsplash, site.Pixabay }) shelf.Asked.Clear();
        var second = (await Owner.Post("/library/gather", new { Title = "Again", Segments = new[] { new { Key = "opening", Tags = new[] { "harbour" } } } })).Expect(HttpStatusCode.Created).Data;

        Assert.That(second["entries"]!.AsArray().Select(entry => entry!["source"]!.GetValue<string>()).Distinct(), Is.EqualTo(new[] { "local-library" }));
        Assert.That(second["entries"]!.AsArray().Select(entry => entry!["provider"]!.GetValue<string>()).Distinct(), Is.EqualTo(new[] { "pexels" }), "where it came from is kept");
        Assert.That((Number(second["gathering"]!, "downloaded"), Number(second["gathering"]!, "reused"), Number(second["gathering"]!, "searches_saved")), Is.EqualTo((0, 7, 2)));
        Assert.That(site.Pexels.Asked.Concat(site.Unsplash.Asked).Concat(site.Pixabay.Asked), Is.Empty, "nobody else was asked");
    }

    [Test]
    public async Task With_enough_in_the_library_nobody_is_asked()
    {
        site.Pexels.Photos = [Photo("1", "market")];
        site.Pexels.Videos = [Film("2", "market")];
        LibraryItem[] items = [new("market") { Type = "video", DurationMs = 9_000 }, new("market"), new("market"), new("market")];
        await Platform.GivenItems(Owner, items);

        var gathered = (await Owner.Post("/library/gather", new { Title = "Local", Segments = new[] { new { Key = "one", Tags = new[] { "market" } } } })).Expect(HttpStatusCode.Created).Data;

        Assert.That(gathered["entries"]!.AsArray().Select(entry => entry!["library_id"]!.GetValue<Guid>()), Is.EquivalentTo(items.Select(item => item.Id)));
        Assert.That(Types(gathered["entries"]!.AsArray())[0], Is.EqualTo("video"));
        Assert.That(gathered["entries"]![1]!["reasons"]!["matched"]![0]!.GetValue<string>(), Is.EqualTo("market"));
        Assert.That(gathered["entries"]![1]!["score"]!.GetValue<double>(), Is.GreaterThan(1.5));
        Assert.That(site.Pexels.Asked, Is.Empty);
    }

    [Test]
    public async Task A_segment_is_told_by_its_text()
    {
        site.Pexels.Photos = [Photo("1", "lighthouse")];
        await Gather(new { Key = "one", Text = "The lighthouse. Nobody is at the lighthouse!", Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(site.Pexels.Asked.Single().Query["query"], Is.EqualTo("lighthouse nobody"));
    }

    [Test]
    public async Task No_segment_repeats_an_item_while_others_fit()
    {
        var items = Enumerable.Range(0, 5).Select(_ => new LibraryItem("sea")).ToArray();
        await Platform.GivenItems(Owner, items);
        object Segment(string key) => new { Key = key, Tags = new[] { "sea" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 2, Limit = 2 } };

        var gathered = (await Owner.Post("/library/gather", new { Title = "Sea", Segments = new[] { Segment("a"), Segment("b"), Segment("c") }, Download = false })).Expect(HttpStatusCode.Created).Data["entries"]!.AsArray();

        var repeated = gathered.Where(entry => entry!["is_repeated"]!.GetValue<bool>()).ToList();
        Assert.That(gathered.Except(repeated).Select(entry => entry!["library_id"]!.GetValue<Guid>()), Is.EquivalentTo(items.Select(item => item.Id)), "each once");
        Assert.That(repeated.Select(entry => entry!["segment"]!.GetValue<string>()), Is.EqualTo(new[] { "c" }), "one alone lacked another");
    }

    [Test]
    public async Task What_is_still_missing_is_told_with_its_reasons()
    {
        var gathered = (await Owner.Post("/library/gather", new { Title = "Nothing", Segments = new[] { new { Key = "one", Tags = new[] { "unheard" } } }, Download = false })).Expect(HttpStatusCode.Created).Data;
        Assert.That(Shortages(gathered), Is.EqualTo(new[] { "one video 1/0 DOWNLOADS_NOT_WANTED", "one image 3/0 DOWNLOADS_NOT_WANTED" }));

        Assert.That(Shortages(await Gather(new { Key = "one", Tags = new[] { "unheard" } })), Is.EqualTo(new[] { "one video 1/0 NOTHING_FOUND", "one image 3/0 NOTHING_FOUND" }));
    }

    [Test]
    public async Task A_provider_that_fails_leaves_the_others_working_and_is_reported()
    {
        site.Pexels.Reply([.. Enumerable.Repeat(new StockReply(500), 20)]);
        site.Unsplash.Photos = [Photo("u1", "roof"), Photo("u2", "roof"), Photo("u3", "roof")];

        var gathered = await Gather(new { Key = "one", Tags = new[] { "roof" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 3, Limit = 3 } });

        Assert.That(gathered["entries"]!.AsArray().Select(entry => entry!["source"]!.GetValue<string>()), Is.EqualTo(new[] { "unsplash", "unsplash", "unsplash" }));
        var reports = gathered["gathering"]!["providers"]!.AsArray().ToDictionary(report => report!["name"]!.GetValue<string>(), report => report!["error_code"]?.GetValue<string>());
        Assert.That(reports, Is.EqualTo(new Dictionary<string, string?> { ["pexels"] = "PROVIDER_UNAVAILABLE", ["unsplash"] = null }));
        Assert.That(site.Unsplash.Noted, Has.Count.EqualTo(3), "Unsplash wants to know of downloads");
    }

    [Test]
    public async Task What_came_before_is_not_downloaded_again_and_gets_the_tags()
    {
        var known = Photo("1", "tower");
        site.Pexels.Photos = [known];
        var first = await Gather(new { Key = "one", Tags = new[] { "tower" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });
        site.Pexels.Photos = [known with { Tags = ["steeple"] }];

        var second = await Gather(new { Key = "one", Tags = new[] { "steeple" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(second["entries"]![0]!["library_id"]!.GetValue<Guid>(), Is.EqualTo(first["entries"]![0]!["library_id"]!.GetValue<Guid>()));
        Assert.That(second["entries"]![0]!["source"]!.GetValue<string>(), Is.EqualTo("local-library"));
        Assert.That(site.Pexels.Downloaded, Has.Count.EqualTo(1));
        Assert.That((await Owner.Get("/library/search?type=image&tags=steeple")).Data["items"]!.AsArray(), Has.Count.EqualTo(1), "the next time it is found here");
    }

    [Test]
    public async Task The_same_bytes_from_two_providers_are_one_asset()
    {
        var bytes = Samples.Jpeg(Interlocked.Increment(ref numbers));
        site.Pexels.Photos = [Photo("1", "bridge") with { Bytes = bytes }];
        site.Pixabay.Photos = [Photo("2", "bridge") with { Bytes = bytes }];

        var gathered = await Gather(new { Key = "one", Tags = new[] { "bridge" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 2, Limit = 2 } });

        Assert.That(await Platform.Count("media_assets"), Is.EqualTo(1));
        Assert.That(gathered["entries"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Owner.Get("/library/stats")).Data["reserved_bytes"]!.GetValue<long>(), Is.EqualTo(0));
        Assert.That(Platform.StoredKeys(), Has.Length.EqualTo(3), "an original, a thumbnail and a preview");
    }

    [Test]
    public async Task What_cannot_be_read_is_in_no_manifest()
    {
        site.Pexels.Photos =
        [
            Photo("1", "lake") with { Bytes = [.. "<html>not a picture</html>"u8] }, // no picture at all
            Photo("2", "lake") with { Bytes = Samples.Jpeg(Interlocked.Increment(ref numbers))[..^30] }, // begins as one
            Photo("3", "lake"),
        ];

        var gathered = await Gather(new { Key = "one", Tags = new[] { "lake" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 2, Limit = 3 } });

        var readable = gathered["entries"]!.AsArray().Select(entry => entry!["status"]!.GetValue<string>()).ToList();
        Assert.That(readable, Is.All.EqualTo("ready"), gathered.ToJsonString());
        Assert.That(Number(gathered["gathering"]!["providers"]![0]!, "failed"), Is.EqualTo(1));
        Assert.That((await Owner.Get("/uploads?status=rejected")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_somebody_has_put_into_the_trash_is_not_brought_back()
    {
        site.Pexels.Photos = [Photo("1", "pier")];
        var first = await Gather(new { Key = "one", Tags = new[] { "pier" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });
        var asset = first["entries"]![0]!["library_id"]!.GetValue<Guid>();
        (await Owner.Delete($"/media/{asset}")).Expect(HttpStatusCode.OK);

        var second = await Gather(new { Key = "one", Tags = new[] { "pier" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(second["entries"]!.AsArray(), Is.Empty);
        Assert.That(Shortages(second), Is.EqualTo(new[] { "one image 1/0 DUPLICATE_IN_TRASH" }));
    }

    [Test]
    public async Task Beyond_the_quota_nothing_comes_an_eviction_is_queued_and_the_gathering_says_so()
    {
        site.Pexels.Photos = [Photo("1", "dune")];
        await GivenQuota(1_000);

        var gathered = await Gather(new { Key = "one", Tags = new[] { "dune" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(Shortages(gathered), Is.EqualTo(new[] { "one image 1/0 LIBRARY_QUOTA_EXCEEDED" }));
        Assert.That(await Platform.Count("jobs where type = 'LIBRARY_GC'"), Is.GreaterThan(0));
        Assert.That(await Platform.Count("media_assets"), Is.EqualTo(0));
        Assert.That((await Owner.Get("/library/stats")).Data["reserved_bytes"]!.GetValue<long>(), Is.EqualTo(0));
        Assert.That(Platform.StoredKeys(), Is.Empty);
    }

    [TestCase(1_000, 72_000_000, 1)] // 64 MiB and 4 for variants are kept
    [TestCase(1_000, 71_000_000, 0)]
    [TestCase(68_000_000, 100_000_000, 0)] // the next step is not to be had
    public async Task Room_is_kept_in_steps_for_what_does_not_say_how_long_it_is(int bytes, long quota, int taken)
    {
        site.Pexels.TellsLength = false;
        site.Pexels.Photos = [Photo("1", "dune") with { Bytes = Samples.LargeJpeg(bytes, Interlocked.Increment(ref numbers)) }];
        await GivenQuota(quota);

        var gathered = await Gather(new { Key = "one", Tags = new[] { "dune" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(gathered["entries"]!.AsArray(), Has.Count.EqualTo(taken), gathered.ToJsonString());
        Assert.That((await Owner.Get("/library/stats")).Data["reserved_bytes"]!.GetValue<long>(), Is.EqualTo(0));
        await Eventually.Is("nothing else is stored", () => Task.FromResult(Platform.StoredKeys().Length == 3 * taken));
    }

    [Test]
    public async Task A_film_that_is_offered_as_a_picture_is_not_taken()
    {
        site.Pexels.Photos = [Photo("1", "gate") with { Bytes = Film("3", "gate").Bytes }];

        var gathered = await Gather(new { Key = "one", Tags = new[] { "gate" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(gathered["entries"]!.AsArray(), Is.Empty);
        Assert.That(await Platform.Count("media_assets"), Is.EqualTo(0));
    }

    [Test]
    public async Task What_is_evicted_meanwhile_makes_room_and_the_gathering_goes_on()
    {
        site.Pexels.Photos = [Photo("1", "dune")];
        await Platform.GivenItems(Owner, [new LibraryItem("old") { Size = 9_000_000, UsedAt = DateTimeOffset.UtcNow.AddDays(-90) }.Of("pexels")]);
        await GivenQuota(9_500_000);

        var gathered = await Gather(new { Key = "one", Tags = new[] { "dune" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(gathered["entries"]!.AsArray(), Has.Count.EqualTo(1), gathered.ToJsonString());
        Assert.That(await Platform.Count("media_assets where source_url like 'https://pexels.example/%'"), Is.EqualTo(0), "the old one went for it");
    }

    [Test]
    public async Task Where_the_storage_is_away_nothing_is_begun()
    {
        Directory.Delete(Platform.StorageRoot, recursive: true);
        (await Owner.Post("/library/gather", new { Title = "Away", Segments = new[] { new { Key = "one", Tags = new[] { "sea" } } } })).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");

        Assert.That((await Platform.Count("manifests"), await Platform.Count("gathers"), await Platform.Count("jobs where type = 'LIBRARY_GATHER'")), Is.EqualTo((0, 0, 0)));
        Assert.That(site.Pexels.Asked, Is.Empty);
    }

    [Test]
    public async Task A_storage_that_goes_away_holds_a_gathering_up_before_any_download_and_it_is_done_when_that_is_back()
    {
        await Platform.StopWorker();
        site.Pexels.Photos = [Photo("1", "cliff")];
        var id = (await Owner.Post("/library/gather", new { Title = "Cliff", Segments = new[] { new { Key = "one", Tags = new[] { "cliff" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } } } })).Expect(HttpStatusCode.Accepted).Data["manifest"]!["id"]!.GetValue<Guid>();
        Directory.Delete(Platform.StorageRoot, recursive: true);
        await Platform.StartWorker();

        await Eventually.Is("it waits", async () => await Platform.Count("jobs where type = 'LIBRARY_GATHER' and error_code = 'STORAGE_UNAVAILABLE'") == 1);
        Assert.That(site.Pexels.Asked, Is.Empty);
        (await Owner.Get($"/manifests/{id}/export")).ExpectProblem(HttpStatusCode.Locked, "MANIFEST_BEING_GATHERED");
        (await Owner.Post($"/manifests/{id}/complete")).ExpectProblem(HttpStatusCode.Locked, "MANIFEST_BEING_GATHERED");
        Directory.CreateDirectory(Platform.StorageRoot);

        Assert.That((await Gathered(id))["entries"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_gathering_whose_worker_is_killed_is_finished_by_another_without_doing_anything_twice()
    {
        await Platform.StopWorker();
        site.Pexels.Photos = [.. Enumerable.Range(1, 4).Select(i => Photo($"{i}", "cape"))];
        var id = (await Owner.Post("/library/gather", new { Title = "Cape", Segments = new[] { new { Key = "one", Tags = new[] { "cape" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 4, Limit = 4 } } } })).Expect(HttpStatusCode.Accepted).Data["manifest"]!["id"]!.GetValue<Guid>();
        using (var victim = ChildWorker.StartPlain(Platform))
        {
            await Eventually.Is("one is there", async () => await Platform.Count("manifest_entries") > 0);
            await victim.Kill();
        }

        await Platform.StartWorker();
        var entries = (await Gathered(id))["entries"]!.AsArray();

        Assert.That(entries.Select(entry => entry!["library_id"]!.GetValue<Guid>()).ToArray(), Is.Unique.And.Length.EqualTo(4));
        Assert.That(await Platform.Count("media_assets"), Is.EqualTo(4));
    }

    [Test]
    public async Task A_manifest_that_is_abandoned_meanwhile_gets_nothing_more()
    {
        await Platform.StopWorker();
        site.Pexels.Photos = [Photo("1", "isle")];
        var id = (await Owner.Post("/library/gather", new { Title = "Isle", Segments = new[] { new { Key = "one", Tags = new[] { "isle" }, Videos = new { Limit = 0 } } } })).Expect(HttpStatusCode.Accepted).Data["manifest"]!["id"]!.GetValue<Guid>();
        (await Owner.Post($"/manifests/{id}/abandon")).Expect(HttpStatusCode.OK);
        await Platform.StartWorker();

        await Eventually.Is("the job ends", async () => await Platform.Count("jobs where type = 'LIBRARY_GATHER' and status = 'succeeded'") == 1);
        Assert.That((await Platform.Count("manifest_entries"), await Platform.Count("media_assets"), site.Pexels.Asked.Count), Is.EqualTo((0, 0, 0)));
        Assert.That((await Owner.Get($"/manifests/{id}/gathering")).Data["status"]!.GetValue<string>(), Is.EqualTo("failed"), "and not running for ever");

        (await Owner.Post($"/manifests/{id}/renew")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/manifests/{id}/complete")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/manifests/{id}/export")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task What_is_larger_than_what_is_free_gets_room_by_an_eviction_of_as_much()
    {
        site.Pexels.Photos = [Photo("1", "dune") with { Bytes = Samples.LargeJpeg(3_000_000, Interlocked.Increment(ref numbers)) }];
        await Platform.GivenItems(Owner, Enumerable.Range(1, 8).Select(day => new LibraryItem("old") { Size = 1_000_000, UsedAt = DateTimeOffset.UtcNow.AddDays(-day) }.Of("pexels")));
        await GivenQuota(10_000_000); // nine tenths are not taken yet

        var gathered = await Gather(new { Key = "one", Tags = new[] { "dune" }, Videos = new { Limit = 0 }, Images = new { MinMatches = 1, Limit = 1 } });

        Assert.That(gathered["entries"]!.AsArray(), Has.Count.EqualTo(1), gathered.ToJsonString());
    }

    [Test]
    public async Task A_provider_that_is_not_there_is_refused_by_name() =>
        Assert.That((await Owner.Post("/library/gather", new { Title = "Who", Providers = new[] { "shutterstock" }, Segments = new[] { new { Key = "one", Tags = new[] { "isle" } } } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "PROVIDER_NOT_CONFIGURED").Text, Does.Contain("pexels, unsplash, pixabay"));

    private StockPhoto Photo(string id, string tag) => new(id, 1_200, 800) { Tags = [tag], Bytes = Samples.Jpeg(Interlocked.Increment(ref numbers)) };

    private static StockVideo Film(string id, string tag) =>
        new(id, 3, new StockVideoFile(320, 240)) { Tags = [tag], Bytes = Samples.Made($"stock-{id}.mp4", $"-f lavfi -i color=c=0x20{id}040:s=320x240:d=1:r=10 -pix_fmt yuv420p") };

    private async Task<JsonNode> Gather(params object[] segments)
    {
        var begun = (await Owner.Post("/library/gather", new { Title = "Gathered", Segments = segments }, ("Prefer", "wait=20"))).Data;
        return await Gathered(begun["manifest"]!["id"]!.GetValue<Guid>());
    }

    private async Task<JsonNode> Gathered(Guid id)
    {
        var gathering = await Eventually.Get("it is gathered", async () => (await Owner.Get($"/manifests/{id}/gathering")).Data is var now && now["status"]!.GetValue<string>() != "running" ? now : null);
        return new JsonObject { ["gathering"] = gathering.DeepClone(), ["entries"] = (await Owner.Get($"/manifests/{id}/entries")).Data.DeepClone() };
    }

    private async Task GivenQuota(long bytes) => (await Owner.Patch($"/clients/{Owner.ClientId}", new { LibraryQuotaBytes = bytes })).Expect(HttpStatusCode.OK);

    private static string[] Types(JsonArray entries) => [.. entries.Select(entry => entry!["type"]!.GetValue<string>())];

    private static int Number(JsonNode node, string name) => node[name]!.GetValue<int>();

    private static string[] Shortages(JsonNode gathered) =>
    [
        .. gathered["gathering"]!["shortages"]!.AsArray().Select(shortage =>
            $"{shortage!["segment"]} {shortage["type"]} {shortage["wanted"]}/{shortage["found"]} {string.Join(',', shortage["reasons"]!.AsArray().Select(reason => reason!.GetValue<string>()))}"),
    ];
}
