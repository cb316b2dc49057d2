using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>UI elements and backgrounds: made once, in versions, and shown by episodes in roles.</summary>
internal sealed class SharingAssetsTests : PlatformFixture
{
    private static readonly string[] Paths = ["/ui-elements", "/backgrounds"];

    [Test]
    public async Task Use_case_2_the_UI_elements_of_an_episode_are_read_back_as_they_were_written()
    {
        var episode = await AnEpisode("Continuity");
        var document = JsonNode.Parse("""
            {
              "computer_mouse": "s3://bucket/ui/mouse_icon_gold.svg",
              "login_screen": "s3://bucket/ui/login_nyc_skyline.jpg",
              "screen_accessories": { "minimize": "s3://bucket/ui/minimize_champagne.svg", "maximize": "s3://bucket/ui/maximize_champagne.svg", "exit": "s3://bucket/ui/exit_champagne.svg" },
              "icon_holder": "s3://bucket/ui/icon_holder_marble.png"
            }
            """)!;

        var written = (await Owner.Put($"/episodes/{episode}/ui-elements", document)).Expect(HttpStatusCode.OK);

        Assert.That(JsonNode.DeepEquals(written.Data, document), written.Data.ToJsonString());
        Assert.That(JsonNode.DeepEquals((await Owner.Get($"/episodes/{episode}/ui-elements")).Data, document));
        Assert.That(JsonNode.DeepEquals((await Owner.Get($"/episodes/{episode}")).Data["ui_elements"], document));
        Assert.That((await Owner.Put($"/episodes/{episode}/ui-elements", document)).Tag, Is.EqualTo(written.Tag));
        var exit = (await Owner.Get("/ui-elements?name=exit_champagne")).Data.AsArray().Single()!;
        Assert.That(exit["file_reference"]!.GetValue<string>(), Is.EqualTo("s3://bucket/ui/exit_champagne.svg"));
        Assert.That((await Owner.Get($"/ui-elements/{exit["id"]}/usage")).Data[0]!["role"]!.GetValue<string>(), Is.EqualTo("screen_accessories.exit"));
    }

    [Test]
    public async Task Use_case_4_the_backgrounds_of_published_episodes_are_listed_alone()
    {
        var published = (await Owner.Post("/episodes", new { Title = "UC4", Status = "published", Backgrounds = new { MainCloset = "s3://bucket/uc4.jpg" } })).Expect(HttpStatusCode.Created).Id;

        var listed = (await Owner.Get($"/episodes?status=published&_fields=backgrounds&id={published}")).Data.AsArray().Single()!.AsObject();

        Assert.That(listed.ToJsonString(), Is.EqualTo("""{"backgrounds":{"main_closet":"s3://bucket/uc4.jpg"}}"""));
    }

    [Test]
    public async Task A_file_that_is_known_is_the_one_of_the_catalogue_whatever_its_version()
    {
        var closet = await ABackground("Main closet É", "s3://bucket/closet_v1.jpg");
        (await Owner.Post($"/backgrounds/{closet}/versions", new { FileReference = "s3://bucket/closet_v2.jpg", Notes = "Warmer" })).Expect(HttpStatusCode.Created);
        var (old, now) = (await AnEpisode("Old", new { MainCloset = "s3://bucket/closet_v1.jpg" }), await AnEpisode("Now", new { MainCloset = new { BackgroundId = closet } }));

        var shown = (await Owner.Get($"/episodes/{now}/backgrounds")).Data["main_closet"]!;
        Assert.That((shown["version"]!.GetValue<int>(), shown["file_reference"]!.GetValue<string>()), Is.EqualTo((2, "s3://bucket/closet_v2.jpg")));
        Assert.That((await Owner.Get($"/backgrounds/{closet}/usage")).Data.AsArray().Select(use => (use!["episode_id"]!.GetValue<Guid>(), use["number"]!.GetValue<int>())), Is.EquivalentTo(new[] { (old, 1), (now, 2) }));
        Assert.That((await Owner.Get("/backgrounds?file_reference=s3://bucket/closet_v1.jpg")).Data.AsArray(), Is.Empty, "none was made of it");
        foreach (var name in new[] { "main closet é", "s3://bucket/closet_v1.jpg", closet.ToString() })
            Assert.That((await Owner.Get($"/episodes/search?background={Uri.EscapeDataString(name)}")).Data.AsArray().Select(one => one!["id"]!.GetValue<Guid>()), Is.EquivalentTo(new[] { old, now }), name);
        Assert.That((await Owner.Get($"/episodes?background[ne]={closet}&id[in]={old},{now}")).Data.AsArray(), Is.Empty);
        Assert.That((await Owner.Get($"/episodes?backgrounds.main_closet=s3://bucket/closet_v1.jpg")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_episode_goes_on_showing_the_version_that_it_was_given()
    {
        var closet = await ABackground("Rooftop", "s3://bucket/roof_v1.jpg");
        var episode = await AnEpisode("Pinned", new { Event = new { BackgroundId = closet } });
        (await Owner.Patch($"/backgrounds/{closet}", new { FileReference = "s3://bucket/roof_v2.jpg" })).Expect(HttpStatusCode.OK);

        var document = (await Owner.Get($"/episodes/{episode}/backgrounds")).Data;
        Assert.That(document["event"]!["file_reference"]!.GetValue<string>(), Is.EqualTo("s3://bucket/roof_v1.jpg"));
        document["photoshoot"] = "s3://bucket/studio.jpg";
        var put = (await Owner.Put($"/episodes/{episode}/backgrounds", document)).Expect(HttpStatusCode.OK).Data;
        Assert.That(put["event"]!["version"]!.GetValue<int>(), Is.EqualTo(1), "what was read is put back");

        var versions = (await Owner.Get($"/backgrounds/{closet}/versions")).Data.AsArray();
        Assert.That(versions.Select(one => (one!["number"]!.GetValue<int>(), one["is_active"]!.GetValue<bool>(), one["usage_count"]!.GetValue<int>())), Is.EqualTo(new[] { (2, true, 0), (1, false, 1) }));
        var back = (await Owner.Post($"/backgrounds/{closet}/versions/1/activate")).Expect(HttpStatusCode.OK);
        Assert.That((back.Data["active_version"]!.GetValue<int>(), back.Data["file_reference"]!.GetValue<string>(), back.Data["version"]!.GetValue<int>()), Is.EqualTo((1, "s3://bucket/roof_v1.jpg", 3)));
        (await Owner.Post($"/backgrounds/{closet}/versions/7/activate")).ExpectProblem(HttpStatusCode.NotFound, "BACKGROUND_VERSION_NOT_FOUND");
        (await Owner.Post($"/backgrounds/{closet}/versions/1/activate", null, ("If-Match", "\"1-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
    }

    [Test]
    public async Task Uses_are_counted_and_rank_the_catalogue()
    {
        var (often, once) = (await ABackground("Often", "s3://bucket/often.jpg"), await ABackground("Once", "s3://bucket/once.jpg"));
        var episodes = new List<Guid>();
        for (var i = 0; i < 3; i++) episodes.Add(await AnEpisode($"Use {i}", new { MainCloset = "s3://bucket/often.jpg", Event = i == 0 ? "s3://bucket/once.jpg" : null }));

        Assert.That(await Counts(often, once), Is.EqualTo((3, 1)));
        Assert.That((await Owner.Get($"/backgrounds?sort=-usage_count&id[in]={often},{once}")).Data.AsArray().Select(one => one!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "Often", "Once" }));

        (await Owner.Put($"/episodes/{episodes[0]}/backgrounds", new { Event = "s3://bucket/often.jpg" })).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(often, once), Is.EqualTo((3, 0)));
        (await Owner.Delete($"/episodes/{episodes[1]}")).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(often, once), Is.EqualTo((2, 0)), "what is in the trash does not count");
        (await Owner.Post($"/episodes/{episodes[1]}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(often, once), Is.EqualTo((3, 0)));
        (await Owner.Delete($"/episodes/{episodes[1]}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/episodes/{episodes[1]}?purge=true")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/episodes/{episodes[2]}?purge=true")).Expect(HttpStatusCode.OK);
        Assert.That(await Counts(often, once), Is.EqualTo((1, 0)));
        Assert.That((await Owner.Get($"/backgrounds/{often}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1), "to be shown is no change");

        async Task<(int, int)> Counts(Guid first, Guid second) =>
            ((await Owner.Get($"/backgrounds/{first}")).Data["usage_count"]!.GetValue<int>(), (await Owner.Get($"/backgrounds/{second}")).Data["usage_count"]!.GetValue<int>());
    }

    [Test]
    public async Task A_document_that_fails_in_one_role_changes_nothing_and_makes_nothing()
    {
        var episode = await AnEpisode("Whole", new { MainCloset = "s3://bucket/whole.jpg" });
        var theirs = (await Platform.Stranger.Post("/backgrounds", new { Name = "Theirs", FileReference = "s3://bucket/theirs.jpg" })).Id;
        var (mine, gone) = (await ABackground("Mine", "s3://bucket/mine.jpg"), await ABackground("Gone", "s3://bucket/gone.jpg"));
        await Owner.Delete($"/backgrounds/{gone}");
        var before = (await Owner.Get($"/episodes/{episode}")).Tag;

        foreach (var (value, field, code) in new (object, string, string)[]
                 {
                     (new { BackgroundId = theirs }, "backgrounds.event.background_id", "BACKGROUND_NOT_FOUND"),
                     (new { BackgroundId = gone }, "backgrounds.event.background_id", "BACKGROUND_NOT_FOUND"),
                     (new { BackgroundId = mine, Version = 9 }, "backgrounds.event.version", "BACKGROUND_VERSION_NOT_FOUND"),
                     ("https://elsewhere.example/x.jpg", "backgrounds.event", "VALIDATION_ERROR"),
                     (5, "backgrounds.event", "VALIDATION_ERROR"),
                     (new { BackgroundId = mine, Version = "1" }, "backgrounds.event.version", "VALIDATION_ERROR"),
                     (new { BackgroundId = mine, Versoin = 1 }, "backgrounds.event.versoin", "VALIDATION_ERROR"),
                     (new Dictionary<string, object> { ["a.b"] = new { BackgroundId = mine } }, "backgrounds.event.a.b", "VALIDATION_ERROR"),
                 })
        {
            var refused = (await Owner.Put($"/episodes/{episode}/backgrounds", new { Kitchen = "s3://bucket/kitchen_new.jpg", Event = value })).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);
            Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(field));
        }

        Assert.That((await Owner.Get($"/episodes/{episode}")).Tag, Is.EqualTo(before));
        Assert.That((await Owner.Get("/backgrounds?file_reference=s3://bucket/kitchen_new.jpg")).Data.AsArray(), Is.Empty);
        Assert.That(JsonNode.DeepEquals((await Owner.Put($"/episodes/{episode}/backgrounds", new { MainCloset = "s3://bucket/gone.jpg" })).Data, JsonNode.Parse("""{"main_closet":"s3://bucket/gone.jpg"}""")));
        Assert.That((await Owner.Get("/backgrounds?file_reference=s3://bucket/gone.jpg")).Data.AsArray(), Has.Count.EqualTo(1), "one in the trash is not shown; a new one is made");
        Assert.That((await Platform.Stranger.Get("/backgrounds?file_reference=s3://bucket/theirs.jpg")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Many_that_name_the_same_new_file_at_once_make_one_of_it()
    {
        var episodes = new List<Guid>();
        for (var i = 0; i < 6; i++) episodes.Add(await AnEpisode($"Race {i}"));

        var answers = await Task.WhenAll(episodes.Select((episode, i) => Owner.Put($"/episodes/{episode}/backgrounds", i % 2 == 0
            ? new { A = "s3://bucket/race_1.jpg", B = "s3://bucket/race_2.jpg" }
            : new { A = "s3://bucket/race_2.jpg", B = "s3://bucket/race_1.jpg" })));

        foreach (var answer in answers) answer.Expect(HttpStatusCode.OK);
        foreach (var file in new[] { "s3://bucket/race_1.jpg", "s3://bucket/race_2.jpg" })
            Assert.That((await Owner.Get($"/backgrounds?file_reference={file}")).Data.AsArray().Single()!["usage_count"]!.GetValue<int>(), Is.EqualTo(6));
    }

    [Test]
    public async Task A_version_is_of_a_file_here_or_elsewhere([ValueSource(nameof(Paths))] string path)
    {
        var picture = (await Owner.Upload(Samples.Png(path.Length), "icon.png")).Id;
        var theirs = (await Platform.Stranger.Upload(Samples.Png(path.Length + 100), "icon.png")).Id;
        var made = (await Owner.Post(path, new { Name = "Icon holder, marble", Tags = new[] { "Gold" } })).Expect(HttpStatusCode.Created);

        var added = (await Owner.Post($"{path}/{made.Id}/versions", new { AssetId = picture })).Expect(HttpStatusCode.Created).Data;
        Assert.That((added["active_version"]!.GetValue<int>(), added["asset_id"]!.GetValue<Guid>()), Is.EqualTo((2, picture)));
        var quiet = (await Owner.Post($"{path}/{made.Id}/versions", new { FileReference = "s3://bucket/icon.png", Activate = false })).Expect(HttpStatusCode.Created).Data;
        Assert.That(quiet["active_version"]!.GetValue<int>(), Is.EqualTo(2));
        (await Owner.Post($"{path}/{made.Id}/versions", new { })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"{path}/{made.Id}/versions", new { FileReference = "/tmp/x" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"{path}/{made.Id}/versions", new { AssetId = theirs })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");
        (await Owner.Patch($"{path}/{made.Id}", new { AssetId = theirs })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");
        foreach (var query in new[] { "q=marble", "tags[any]=gold", $"asset_id={picture}", "name[icontains]=HOLDER" })
            Assert.That((await Owner.Get($"{path}?id={made.Id}&{query}")).Data.AsArray(), Has.Count.EqualTo(1), query);
    }

    [Test]
    public async Task A_trailer_and_a_status_have_paths_of_their_own()
    {
        var episode = await AnEpisode("Paths");
        Assert.That((await Owner.Get($"/episodes/{episode}/trailer")).Data["trailer"], Is.Null);

        (await Owner.Put($"/episodes/{episode}/trailer", new { Trailer = "s3://bucket/trailer.mp4" })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/episodes/{episode}")).Data["content"]!["trailer"]!.GetValue<string>(), Is.EqualTo("s3://bucket/trailer.mp4"));
        (await Owner.Put($"/episodes/{episode}/trailer", new { Trailer = "trailer.mp4" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        var published = (await Owner.Post($"/episodes/{episode}/status", new { Status = "published" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(published["released_at"], Is.Not.Null);
        Assert.That(published["content"]!["trailer"]!.GetValue<string>(), Is.EqualTo("s3://bucket/trailer.mp4"));
        (await Owner.Post($"/episodes/{episode}/status", new { Status = "out" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    private async Task<Guid> ABackground(string name, string file) => (await Owner.Post("/backgrounds", new { Name = name, FileReference = file })).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid> AnEpisode(string title, object? backgrounds = null) => (await Owner.Post("/episodes", new { Title = title, Backgrounds = backgrounds })).Expect(HttpStatusCode.Created).Id;
}
