using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Library;

internal sealed class EvictingTests() : PlatformForEachTest(withWorker: true)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Test]
    public async Task What_was_used_longest_ago_goes_until_the_library_is_within_its_budget()
    {
        var items = Enumerable.Range(1, 10).Select(day => Stock(1_000, usedDaysAgo: day)).ToArray();
        await Platform.GivenItems(Owner, items);
        await GivenQuota(6_000); // to 5,400: five of them go

        var plan = (await Owner.Post("/library/gc?preview=true")).Expect(HttpStatusCode.OK).Data;
        Assert.That(Ids(plan), Is.EqualTo(items[5..].Reverse().Select(item => item.Id)));
        Assert.That((plan["bytes"]!.GetValue<long>(), plan["found"]!.GetValue<long>(), plan["queued"]!.GetValue<bool>()), Is.EqualTo((4_600L, 5_000L, false)));
        Assert.That(await Left(), Is.EquivalentTo(items.Select(item => item.Id)), "a preview does nothing");

        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Left(), Is.EquivalentTo(items[..5].Select(item => item.Id)));
        Assert.That((await Stats())["used_bytes"]!.GetValue<long>(), Is.EqualTo(5_000));
        Assert.That((await Search("stock")).Count, Is.EqualTo(5), "nor is it found");
    }

    [Test]
    public async Task Providers_above_their_cap_go_first_however_lately_theirs_were_used()
    {
        var (old, capped) = (Stock(1_000, usedDaysAgo: 300), Enumerable.Range(1, 4).Select(day => Stock(1_000, usedDaysAgo: day, provider: "pixabay")).ToArray());
        await Platform.GivenItems(Owner, [old, .. capped]);
        await GivenQuota(1_000_000, new() { ["pixabay"] = 2_000 });

        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Left(), Is.EquivalentTo(new[] { old.Id, capped[0].Id, capped[1].Id }));
    }

    [Test]
    public async Task What_is_the_clients_own_never_goes()
    {
        var (own, stock) = (new LibraryItem("own") { Size = 10_000, UsedAt = Now.AddYears(-1) }, Stock(1_000, usedDaysAgo: 1));
        await Platform.GivenItems(Owner, [own, stock]);
        await GivenQuota(0);

        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Left(), Is.EqualTo(new[] { own.Id }));
    }

    [TestCase("attachment")]
    [TestCase("session")]
    [TestCase("clip")]
    [TestCase("wardrobe item")]
    [TestCase("outfit")]
    [TestCase("background")]
    [TestCase("ui element")]
    [TestCase("component")]
    [TestCase("thumbnail")]
    [TestCase("open manifest")]
    [TestCase("what was worn")]
    [TestCase("being public")]
    public async Task What_is_referred_to_stays(string by)
    {
        var (used, free) = (Stock(1_000, usedDaysAgo: 100), Stock(1_000, usedDaysAgo: 1));
        await Platform.GivenItems(Owner, [used, free]);
        await Refer(by, used.Id);
        await GivenQuota(0);

        Assert.That(Ids((await Owner.Post("/library/gc?preview=true")).Data), Is.EqualTo(new[] { free.Id }));
        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Left(), Is.EqualTo(new[] { used.Id }));
    }

    [TestCase("complete")]
    [TestCase("abandon")]
    public async Task What_a_manifest_had_may_go_when_that_is_closed_and_stays_written_in_it(string verb)
    {
        var item = Stock(1_000, usedDaysAgo: 100) with { Name = "kept.jpg" };
        await Platform.GivenItems(Owner, [item]);
        var manifest = await Refer("open manifest", item.Id);
        (await Owner.Post($"/manifests/{manifest}/{verb}")).Expect(HttpStatusCode.OK);
        await GivenQuota(0);

        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Left(), Is.Empty);
        var entry = (await Owner.Get($"/manifests/{manifest}/entries")).Data.AsArray().Single()!;
        Assert.That((entry["library_id"], entry["original_filename"]!.GetValue<string>(), entry["source_url"]!.GetValue<string>()), Is.EqualTo(((JsonNode?)null, "kept.jpg", item.SourceUrl!)));
    }

    [Test]
    public async Task A_lease_that_ends_abandons_its_manifest_and_renewing_opens_it()
    {
        var item = Stock(1_000, usedDaysAgo: 100);
        await Platform.GivenItems(Owner, [item]);
        var manifest = await Refer("open manifest", item.Id);

        await Platform.Sql<object>($"update manifests set lease_until = now() - interval '1 second' where id = '{manifest}'");
        Assert.That(await Platform.Sql<bool>($"select asset_is_in_use('{Owner.ClientId}', '{item.Id}')"), Is.False, "at once");

        await Platform.StopWorker();
        await Platform.StartWorker(); // its first round looks at leases
        await Eventually.Is("it is abandoned", async () => (await Owner.Get($"/manifests/{manifest}")).Data["status"]!.GetValue<string>() == "abandoned");
        var renewed = (await Owner.Post($"/manifests/{manifest}/renew")).Expect(HttpStatusCode.OK).Data;

        Assert.That(renewed["status"]!.GetValue<string>(), Is.EqualTo("open"));
        Assert.That(await Platform.Sql<bool>($"select asset_is_in_use('{Owner.ClientId}', '{item.Id}')"), Is.True);
    }

    /// <summary>Whoever comes to refer to an item while it is chosen for eviction holds it; the eviction waits for nobody and looks again.</summary>
    [Test]
    public async Task What_somebody_is_about_to_refer_to_is_passed_over()
    {
        var (held, free) = (Stock(1_000, usedDaysAgo: 100), Stock(1_000, usedDaysAgo: 1));
        await Platform.GivenItems(Owner, [held, free]);
        await GivenQuota(0);
        await using var rival = new Npgsql.NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using (var transaction = await rival.BeginTransactionAsync())
        {
            await using (var command = new Npgsql.NpgsqlCommand($"select from media_assets where id = '{held.Id}' for share", rival)) await command.ExecuteNonQueryAsync();
            (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
            await Collected();
            await transaction.CommitAsync();
        }

        Assert.That(await Left(), Is.EqualTo(new[] { held.Id }));
    }

    [Test]
    public async Task Its_objects_go_with_it_and_nothing_of_others()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 2; i++)
        {
            var id = (await Owner.Upload(Samples.Jpeg(70 + i), waitSeconds: 10, fields: [("tags", "stock")])).Expect(HttpStatusCode.Created).Id;
            await Platform.Sql<object>($"set session_replication_role = replica; update media_assets set source = 'stock', provider = 'pexels', last_used_at = now() - interval '{10 - i} days' where id = '{id}'; set session_replication_role = origin");
            ids.Add(id);
        }

        await Platform.Sql<object>($"insert into library_usage_changes (client_id, provider, items, bytes) select client_id, 'pexels', 1, size_bytes + (select sum(size_bytes) from media_variants v where v.asset_id = a.id) from media_assets a");
        var used = (await Stats())["used_bytes"]!.GetValue<long>();
        await GivenQuota(used - 1);

        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Left(), Is.EqualTo(new[] { ids[1] }));
        await Eventually.Is("its objects are gone", () => Task.FromResult(Platform.StoredKeys().Length == 3));
        var kept = await Platform.Sql<long>($"select size_bytes + (select sum(size_bytes)::bigint from media_variants v where v.asset_id = a.id) from media_assets a where id = '{ids[1]}'");
        Assert.That((await Stats())["used_bytes"]!.GetValue<long>(), Is.EqualTo(kept), "variants are counted off with their original, once");
        Assert.That((await Owner.Get($"/audit?entity_id={ids[0]}&operation=delete")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nobody_elses_items_count_or_go()
    {
        var (own, others) = (Stock(1_000, usedDaysAgo: 100), Stock(1_000, usedDaysAgo: 200));
        await Platform.GivenItems(Owner, [own]);
        await Platform.GivenItems(Platform.Stranger, [others]);
        await GivenQuota(0);

        (await Owner.Post("/library/gc")).Expect(HttpStatusCode.Accepted);
        await Collected();

        Assert.That(await Platform.Sql<long>("select count(*) from media_assets"), Is.EqualTo(1));
        Assert.That((await Platform.Stranger.Get("/library/stats")).Data["used_bytes"]!.GetValue<long>(), Is.EqualTo(1_000));
    }

    private static LibraryItem Stock(long bytes, int usedDaysAgo, string provider = "pexels") => new LibraryItem("stock") { Size = bytes, UsedAt = Now.AddDays(-usedDaysAgo) }.Of(provider);

    private async Task<Guid> Refer(string by, Guid asset)
    {
        switch (by)
        {
            case "attachment":
                (await Owner.Put("/owners/scene/1", new { Title = "One" })).Expect(HttpStatusCode.Created);
                return (await Owner.Post($"/media/{asset}/attach", new { OwnerType = "scene", OwnerId = "1", Role = "reference" })).Expect(HttpStatusCode.Created).Id;
            case "session":
                var session = (await Owner.Post("/sessions", new { Location = "Here" })).Expect(HttpStatusCode.Created).Id;
                (await Owner.Post($"/sessions/{session}/media", new { AssetIds = new[] { asset } })).Expect(HttpStatusCode.OK);
                return session;
            case "clip":
                return (await Owner.Post("/clips", new { AssetId = asset })).Expect(HttpStatusCode.Created).Id;
            case "wardrobe item":
                return (await Owner.Post("/wardrobe-items", new { Name = "Coat", Slot = "top", AssetId = asset })).Expect(HttpStatusCode.Created).Id;
            case "outfit":
                return (await Owner.Post("/outfits", new { Name = "Winter", AssetId = asset })).Expect(HttpStatusCode.Created).Id;
            case "background":
                return (await Owner.Post("/backgrounds", new { Name = "Wall", AssetId = asset })).Expect(HttpStatusCode.Created).Id;
            case "ui element":
                return (await Owner.Post("/ui-elements", new { Name = "Button", AssetId = asset })).Expect(HttpStatusCode.Created).Id;
            case "component":
                var episode = (await Owner.Post("/episodes", new { Title = "One" })).Expect(HttpStatusCode.Created).Id;
                return (await Owner.Post($"/episodes/{episode}/components", new { Type = "reference_image", AssetId = asset })).Expect(HttpStatusCode.Created).Id;
            case "thumbnail":
                var outfit = (await Owner.Post("/outfits", new { Name = "Summer" })).Expect(HttpStatusCode.Created).Id;
                (await Owner.Put($"/outfits/{outfit}/thumbnail", new { Source = "custom", AssetId = asset })).Expect(HttpStatusCode.OK);
                return outfit;
            case "what was worn":
                var dressed = (await Owner.Post("/episodes", new { Title = "Worn" })).Expect(HttpStatusCode.Created).Id;
                var worn = (await Owner.Post("/outfits", new { Name = "Then", AssetId = asset })).Expect(HttpStatusCode.Created).Id;
                (await Owner.Put($"/episodes/{dressed}/wardrobe", new { OutfitId = worn })).Expect(HttpStatusCode.OK);
                (await Owner.Patch($"/outfits/{worn}", new { AssetId = (Guid?)null })).Expect(HttpStatusCode.OK); // another picture since; what was worn stays
                return dressed;
            case "being public":
                (await Owner.Patch($"/media/{asset}", new { Visibility = "public" })).Expect(HttpStatusCode.OK);
                return asset;
            case "open manifest":
                var gathered = (await Owner.Post("/library/gather", new { Title = "Open", Download = false, Segments = new[] { new { Key = "one", Tags = new[] { "stock" } } } })).Expect(HttpStatusCode.Created).Data;
                var manifest = gathered["manifest"]!["id"]!.GetValue<Guid>();
                await Platform.Sql<object>($"delete from manifest_entries where asset_id <> '{asset}'");
                return manifest;
            default:
                throw new ArgumentException(by, nameof(by));
        }
    }

    private async Task GivenQuota(long bytes, Dictionary<string, long>? caps = null) =>
        (await Owner.Patch($"/clients/{Owner.ClientId}", new { LibraryQuotaBytes = bytes, LibraryProviderCaps = caps ?? [] })).Expect(HttpStatusCode.OK);

    private Task Collected() => Eventually.Is("it is collected", async () => await Platform.Sql<long>("select count(*) from jobs where type = 'LIBRARY_GC' and status not in ('succeeded')") == 0);

    private async Task<Guid[]> Left() => (await Platform.Sql<Guid[]>($"select coalesce(array_agg(id order by id), '{{}}') from media_assets where client_id = '{Owner.ClientId}'"))!;

    private async Task<JsonNode> Stats() => (await Owner.Get("/library/stats")).Expect(HttpStatusCode.OK).Data;

    private async Task<JsonArray> Search(string tag) => (await Owner.Get($"/library/search?type=image&tags={tag}")).Data["items"]!.AsArray();

    private static Guid[] Ids(JsonNode plan) => [.. plan["items"]!.AsArray().Select(item => item!["asset_id"]!.GetValue<Guid>())];
}
