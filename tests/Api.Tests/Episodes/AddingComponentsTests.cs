using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>What belongs to an episode beside its footage: sounds, sync data, subtitles.</summary>
internal sealed class AddingComponentsTests : PlatformFixture
{
    private const string Music = """
        {
          "id": "comp_audio_bg_music", "episode_id": "ep_20251231_abc123", "type": "audio", "subtype": "background_music", "file_reference": "s3://bucket/audio/ep_abc123_bg_music.mp3",
          "duration_seconds": 1800, "created_at": "2026-01-05T09:00:00Z", "updated_at": "2026-01-05T09:00:00Z", "status": "ready", "version": "1.0",
          "metadata": { "track_name": "Uplifting Corporate", "artist": "Production Music Library", "license": "royalty_free", "bitrate": "320kbps" }
        }
        """;

    private const string Sync = """
        {
          "id": "comp_vo_sync_001", "episode_id": "ep_20251231_abc123", "type": "voiceover_sync", "subtype": "timing_data", "file_reference": "s3://bucket/sync/ep_abc123_vo_timing.json",
          "created_at": "2026-01-06T10:00:00Z", "updated_at": "2026-01-06T10:00:00Z", "status": "ready", "version": "1.0",
          "metadata": { "format": "json", "segments": 24, "total_duration": 1800 }
        }
        """;

    [Test]
    public async Task FR_10_components_of_appendix_C_are_added_as_they_stand_listed_changed_and_removed()
    {
        var episode = await AnEpisode();
        var music = (await Send(HttpMethod.Post, $"/episodes/{episode}/components", Music)).Expect(HttpStatusCode.Created);
        var sync = (await Send(HttpMethod.Post, $"/episodes/{episode}/components", Sync)).Expect(HttpStatusCode.Created);
        var given = JsonNode.Parse(Music)!;

        foreach (var field in new[] { "type", "subtype", "file_reference", "duration_seconds", "status", "version", "metadata" })
            Assert.That(JsonNode.DeepEquals(music.Data[field], given[field]), Is.True, $"{field}: {music.Data[field]}");
        Assert.Multiple(() =>
        {
            Assert.That(music.Data["episode_id"]!.GetValue<Guid>(), Is.EqualTo(episode), "the path's, whatever the body says");
            Assert.That(music.Data["revision"]!.GetValue<int>(), Is.EqualTo(1));
            Assert.That(music.Headers.ETag!.Tag, Does.StartWith("\"1-"));
            Assert.That(music.Headers.Location!.ToString(), Is.EqualTo($"/api/v1/episodes/{episode}/components/{music.Id}"));
            Assert.That(sync.Data["metadata"]!.ToJsonString(), Is.EqualTo("""{"format":"json","segments":24,"total_duration":1800}"""));
        });

        Assert.That(await Found($"/episodes/{episode}/components?sort=duration_seconds"), Is.EqualTo(new[] { music.Id, sync.Id }));
        Assert.That(await Found($"/episodes/{episode}/components?type=voiceover-sync"), Is.EqualTo(new[] { sync.Id }));
        Assert.That(await Found($"/components?metadata.segments[gte]=20&episode_id={episode}"), Is.EqualTo(new[] { sync.Id }));
        Assert.That(await Found($"/components?metadata.artist=Production Music Library&version=1.0&episode_id={episode}"), Is.EqualTo(new[] { music.Id }));
        Assert.That(await Found($"/components?q=background&episode_id={episode}"), Is.EqualTo(new[] { music.Id }));

        var changed = (await Owner.Patch($"/episodes/{episode}/components/{music.Id}", new { Status = "In-Mix", Version = "1.1", Metadata = new { License = "bought" } })).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{changed["status"]} {changed["version"]} {changed["revision"]} {changed["metadata"]!["license"]} {changed["metadata"]!["bitrate"]}", Is.EqualTo("in_mix 1.1 2 bought 320kbps"));
        var again = (await Send(HttpMethod.Put, $"/episodes/{episode}/components/{music.Id}", Music)).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{again["version"]} {again["revision"]}", Is.EqualTo("1.0 3"));

        Assert.That((await Owner.Delete($"/episodes/{episode}/components/{music.Id}?reason=replaced")).Expect(HttpStatusCode.OK).Data["deleted_at"], Is.Not.Null);
        (await Owner.Get($"/components/{music.Id}")).ExpectProblem(HttpStatusCode.Gone, "COMPONENT_IN_TRASH");
        Assert.That(await Found($"/episodes/{episode}/components"), Is.EqualTo(new[] { sync.Id }));
        (await Owner.Post($"/components/{music.Id}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Found($"/episodes/{episode}/components"), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task The_revision_is_what_if_match_compares_and_what_was_read_can_be_put_back()
    {
        var episode = await AnEpisode();
        var component = (await Owner.Post("/components", new { EpisodeId = episode, Type = "subtitle", Version = "7" })).Expect(HttpStatusCode.Created);

        (await Owner.Patch($"/components/{component.Id}", new { Notes = "x" }, ("If-Match", "\"7-0\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        var changed = (await Owner.Patch($"/components/{component.Id}", new { Notes = "x" }, ("If-Match", component.Headers.ETag!.Tag))).Expect(HttpStatusCode.OK);
        var put = (await Owner.Put($"/components/{component.Id}", changed.Data, ("If-Match", changed.Headers.ETag!.Tag))).Expect(HttpStatusCode.OK);
        Assert.That($"{put.Data["version"]} {put.Data["revision"]}", Is.EqualTo("7 2"));

        var batch = (await Owner.Post("/components/batch", new { Operations = new object[] { new { Op = "update", component.Id, IfMatch = "2", Body = new { Version = "8" } }, new { Op = "create", Body = new { Type = "other", EpisodeId = episode, Version = "1" } } } }))
            .Data["items"]!.AsArray();
        Assert.That(batch.Select(item => $"{item!["status"]} {item["version"]}"), Is.EqualTo(new[] { "200 3", "201 1" }));
    }

    [Test]
    public async Task A_component_stands_in_one_episode_of_its_client()
    {
        var (episode, other, foreign) = (await AnEpisode(), await AnEpisode(), (await Platform.Stranger.Post("/episodes", new { Title = "Theirs" })).Id);
        var component = (await Owner.Post($"/episodes/{episode}/components", new { Type = "audio" })).Id;

        (await Owner.Get($"/episodes/{other}/components/{component}")).ExpectProblem(HttpStatusCode.NotFound, "COMPONENT_NOT_FOUND");
        (await Owner.Patch($"/episodes/{other}/components/{component}", new { Notes = "x" })).ExpectProblem(HttpStatusCode.NotFound, "COMPONENT_NOT_FOUND");
        (await Owner.Put($"/episodes/{other}/components/{component}", new { Type = "audio" })).ExpectProblem(HttpStatusCode.NotFound, "COMPONENT_NOT_FOUND");
        (await Owner.Delete($"/episodes/{other}/components/{component}")).ExpectProblem(HttpStatusCode.NotFound, "COMPONENT_NOT_FOUND");
        (await Platform.Stranger.Delete($"/episodes/{episode}/components/{component}")).ExpectProblem(HttpStatusCode.NotFound, "COMPONENT_NOT_FOUND");
        (await Owner.Get($"/episodes/{episode}/components/{component}")).Expect(HttpStatusCode.OK);

        (await Owner.Post("/components", new { Type = "audio", EpisodeId = foreign })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EPISODE_NOT_FOUND");
        (await Owner.Post($"/episodes/{foreign}/components", new { Type = "audio" })).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        var stays = (await Owner.Patch($"/episodes/{episode}/components/{component}", new { EpisodeId = other, Notes = "stays" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(stays["episode_id"]!.GetValue<Guid>(), Is.EqualTo(episode));
        var moved = (await Owner.Patch($"/components/{component}", new { EpisodeId = other })).Expect(HttpStatusCode.OK).Data;
        Assert.That(moved["episode_id"]!.GetValue<Guid>(), Is.EqualTo(other));
        (await Owner.Patch($"/components/{component}", new JsonObject { ["episode_id"] = null })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task It_goes_to_the_trash_with_its_episode_and_comes_back_with_it()
    {
        var episode = await AnEpisode();
        var component = (await Owner.Post($"/episodes/{episode}/components", new { Type = "audio" })).Id;

        Assert.That((await Owner.Delete($"/episodes/{episode}")).Data["components"]!.GetValue<int>(), Is.EqualTo(1));
        (await Owner.Get($"/components/{component}")).ExpectProblem(HttpStatusCode.Gone, "COMPONENT_IN_TRASH");
        (await Owner.Post($"/components/{component}/restore")).ExpectProblem(HttpStatusCode.Locked, "PARENT_IN_TRASH");
        (await Owner.Post($"/episodes/{episode}/components", new { Type = "audio" })).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");
        (await Owner.Post($"/episodes/{episode}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/episodes/{episode}/components/{component}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/episodes/{episode}?purge=true")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/components/{component}")).ExpectProblem(HttpStatusCode.NotFound, "COMPONENT_NOT_FOUND");
    }

    [Test]
    public async Task What_is_wrong_is_said_at_once_with_its_fields()
    {
        var refused = (await Owner.Post("/components", new { Type = "audio", Status = "2 late!", Subtype = "", FileReference = "https://x.y/z", DurationSeconds = -1, Metadata = new[] { 1 } }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(
            refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()),
            Is.EquivalentTo(new[] { "episode_id", "status", "subtype", "file_reference", "duration_seconds", "metadata" }));
        (await Owner.Post("/components", new { Type = "score", EpisodeId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/components", new { Type = "audio", EpisodeId = "ep_1" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Send(HttpMethod.Post, $"/episodes/{await AnEpisode()}/components", """{ "type": "audio", "episode_id": "a", "episode_id": "b" }""")).ExpectProblem(HttpStatusCode.BadRequest, "DUPLICATE_FIELD");
        (await Owner.Post($"/episodes/{await AnEpisode()}/components", new { Type = "audio", AssetId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task A_viewer_reads_and_permissions_on_components_reach_below_an_episode()
    {
        var episode = await AnEpisode();
        var component = (await Owner.Post($"/episodes/{episode}/components", new { Type = "audio" })).Id;
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);

        (await viewer.Get($"/episodes/{episode}/components/{component}")).Expect(HttpStatusCode.OK);
        (await viewer.Delete($"/episodes/{episode}/components/{component}")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    private async Task<Guid> AnEpisode()
    {
        var show = (await Owner.Post("/shows", new { Title = $"Show {Guid.NewGuid():n}" })).Id;
        return (await Owner.Post("/episodes", new { Title = "An episode", ShowId = show })).Expect(HttpStatusCode.Created).Id;
    }

    private async Task<Guid[]> Found(string path) => [.. (await Owner.Get(path)).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>())];

    private Task<Reply> Send(HttpMethod method, string path, string json) => Owner.Send(method, path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
}
