using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>Raw footage: by talent, in episodes or waiting for one.</summary>
internal sealed class OrganizingClipsTests : PlatformFixture
{
    private static readonly string Lala = """
        {
          "id": "clip_lala_001", "talent_source": "Lala", "clip_type": "raw", "file_reference": "s3://bucket/raw/ep_abc123/lala_take_01.mov", "duration_seconds": 245,
          "timecode_in": "00:00:00:00", "timecode_out": "00:04:05:00", "scene_description": "Opening monologue - wardrobe introduction", "take_number": 1, "quality_rating": "good",
          "status": "approved", "notes": "Great energy, use this take", "created_at": "2025-12-31T11:00:00Z", "updated_at": "2025-12-31T14:00:00Z"
        }
        """;

    private static readonly string Sarah = """
        {
          "talent_source": "Guest - Sarah Johnson", "clip_type": "raw", "file_reference": "s3://bucket/raw/ep_abc123/guest_sarah_take_03.mov", "duration_seconds": 180,
          "timecode_in": "00:00:00:00", "timecode_out": "00:03:00:00", "scene_description": "Guest styling tips segment", "take_number": 3, "quality_rating": "use", "status": "approved",
          "notes": "Best take, good audio"
        }
        """;

    [Test]
    public async Task FR_6_clips_of_appendix_C_are_added_to_an_episode_and_found_by_talent_status_and_rating()
    {
        var (episode, other) = (await AnEpisode(), await AnEpisode());
        var lala = (await Send($"/episodes/{episode}/clips", Lala)).Expect(HttpStatusCode.Created);
        var sarah = (await Send($"/episodes/{episode}/clips", Sarah)).Expect(HttpStatusCode.Created);
        await Owner.Post($"/episodes/{episode}/clips", new { TalentSource = "JustAWomanInHerPrime", ClipType = "b-roll" });
        await Owner.Post($"/episodes/{other}/clips", new { TalentSource = "Lala", Status = "approved" });

        Assert.Multiple(() =>
        {
            Assert.That(lala.Data["episode_id"]!.GetValue<Guid>(), Is.EqualTo(episode));
            Assert.That(lala.Data["created_at"]!.GetValue<string>(), Does.Not.StartWith("2025"));
            Assert.That(sarah.Data["talent_source"]!.GetValue<string>(), Is.EqualTo("Guest"));
            Assert.That(sarah.Data["guest_name"]!.GetValue<string>(), Is.EqualTo("Sarah Johnson"));
            Assert.That(sarah.Data["quality_rating"]!.GetValue<string>(), Is.EqualTo("hero"), "use is an older word for it");
            Assert.That(lala.Headers.Location!.ToString(), Is.EqualTo($"/api/v1/episodes/{episode}/clips/{lala.Id}"));
        });
        Assert.That(await Found($"/episodes/{episode}/clips?talent_source=Lala&status=approved"), Is.EqualTo(new[] { lala.Id }), "use case 3");
        Assert.That(await Found($"/episodes/{episode}/clips?quality_rating=hero"), Is.EqualTo(new[] { sarah.Id }));
        Assert.That(await Found($"/episodes/{episode}/clips?quality_rating[in]=use,maybe"), Is.EqualTo(new[] { sarah.Id }));
        Assert.That(await Found($"/episodes/{episode}/clips?clip_type=b_roll"), Has.Length.EqualTo(1));
        Assert.That(await Found($"/clips?talent=Guest&episode_id={episode}"), Is.EqualTo(new[] { sarah.Id }));
        Assert.That(await Found($"/clips?q=monologue&episode_id={episode}"), Is.EqualTo(new[] { lala.Id }));
        Assert.That(await Found($"/episodes/{episode}/clips?sort=take_number&status=approved"), Is.EqualTo(new[] { lala.Id, sarah.Id }));
        Assert.That(await Found($"/episodes/{episode}/clips?episode_id={other}"), Is.Empty, "the path's episode stays the path's");
        (await Owner.Put($"/episodes/{episode}/clips/{sarah.Id}", sarah.Data)).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/clips/{sarah.Id}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1), "what was read can be put back");
    }

    [Test]
    public async Task A_clip_waits_in_the_library_is_assigned_moved_and_taken_out_again()
    {
        var (first, second) = (await AnEpisode(), await AnEpisode());
        var clip = (await Owner.Post("/clips", new { Notes = "waits" })).Expect(HttpStatusCode.Created).Id;
        Assert.That(await Found($"/clips?episode_id[null]=true&id={clip}"), Is.EqualTo(new[] { clip }));
        (await Owner.Get($"/episodes/{first}/clips/{clip}")).ExpectProblem(HttpStatusCode.NotFound, "CLIP_NOT_FOUND");

        (await Owner.Post($"/clips/{clip}/assign", new { EpisodeId = first })).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/episodes/{first}/clips/{clip}")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/clips/{clip}/assign", new { EpisodeId = second })).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/episodes/{first}/clips/{clip}")).ExpectProblem(HttpStatusCode.NotFound, "CLIP_NOT_FOUND");
        (await Owner.Patch($"/episodes/{first}/clips/{clip}", new { Notes = "x" })).ExpectProblem(HttpStatusCode.NotFound, "CLIP_NOT_FOUND");
        var patched = (await Owner.Patch($"/episodes/{second}/clips/{clip}", new { Notes = "moved", EpisodeId = first })).Expect(HttpStatusCode.OK).Data;
        Assert.That(patched["episode_id"]!.GetValue<Guid>(), Is.EqualTo(second), "it stays where the path has it");

        var taken = (await Owner.Delete($"/episodes/{second}/clips/{clip}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(taken["episode_id"], Is.Null);
        Assert.That(taken["notes"]!.GetValue<string>(), Is.EqualTo("moved"));
        (await Owner.Get($"/clips/{clip}")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/clips/{clip}/assign", new { EpisodeId = first })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/clips/{clip}/unassign")).Expect(HttpStatusCode.OK);
        Assert.That(await Found($"/episodes/{first}/clips"), Is.Empty);
    }

    [Test]
    public async Task A_clip_is_assigned_to_an_episode_of_its_client_outside_the_trash_and_from_outside_the_trash()
    {
        var clip = (await Owner.Post("/clips", new { Notes = "mine" })).Id;
        var (foreign, trashed, episode) = ((await Platform.Stranger.Post("/episodes", new { Title = "Theirs" })).Id, await AnEpisode(), await AnEpisode());
        await Owner.Delete($"/episodes/{trashed}");

        foreach (var at in new[] { foreign, trashed, Guid.NewGuid() })
            (await Owner.Post($"/clips/{clip}/assign", new { EpisodeId = at })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EPISODE_NOT_FOUND");
        (await Owner.Post($"/episodes/{trashed}/clips", new { Notes = "x" })).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");
        (await Owner.Get($"/episodes/{foreign}/clips")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Platform.Stranger.Post($"/clips/{clip}/assign", new { EpisodeId = foreign })).ExpectProblem(HttpStatusCode.NotFound, "CLIP_NOT_FOUND");
        await Owner.Delete($"/clips/{clip}");
        (await Owner.Post($"/clips/{clip}/assign", new { EpisodeId = episode })).ExpectProblem(HttpStatusCode.Gone, "CLIP_IN_TRASH");
    }

    [Test]
    public async Task An_unknown_talent_source_is_refused_with_the_known_ones_until_it_is_there()
    {
        var stranger = Platform.Stranger;
        var refused = (await stranger.Post("/clips", new { TalentSource = "Lalla" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_TALENT_SOURCE");
        Assert.That(refused.Json["errors"]![0]!["message"]!.GetValue<string>(), Does.Contain("\"Guest\", \"JustAWomanInHerPrime\", \"Lala\""));
        Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo("talent_source"));

        var mo = (await stranger.Post("/talent-sources", new { Name = "Mö" })).Expect(HttpStatusCode.Created).Id;
        (await stranger.Post("/talent-sources", new { Name = "MÖ" })).ExpectProblem(HttpStatusCode.Conflict, "TALENT_SOURCE_NAME_TAKEN");
        var clip = (await stranger.Post("/clips", new { TalentSource = "Mö" })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Post("/clips", new { TalentSource = "Mö" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_TALENT_SOURCE");
        (await stranger.Patch($"/talent-sources/{mo}", new { Name = "Moritz" })).ExpectProblem(HttpStatusCode.Locked, "TALENT_SOURCE_NAME_FIXED");

        await stranger.Delete($"/talent-sources/{mo}");
        (await stranger.Post("/clips", new { TalentSource = "Mö" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_TALENT_SOURCE");
        (await stranger.Patch($"/clips/{clip}", new { Notes = "still of Mö" })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Timecodes_are_read_held_to_the_frame_rate_and_ordered_each_with_its_own_code()
    {
        await Refused("TIMECODE_INVALID timecode_in,TIMECODE_INVALID timecode_out", new { TimecodeIn = "1:00", TimecodeOut = "00:00:61:00" });
        await Refused("TIMECODE_FRAME_RATE timecode_out", new { TimecodeIn = "00:00:00:00", TimecodeOut = "00:00:10:25", FrameRate = 25 });
        await Refused("TIMECODE_FRAME_RATE timecode_in", new { TimecodeIn = "00:01:00;00", FrameRate = 29.97 });
        await Refused("TIMECODE_FRAME_RATE timecode_out", new { TimecodeIn = "00:00:00:00", TimecodeOut = "00:00:10;00" });
        await Refused("TIMECODE_OUT_NOT_AFTER_IN timecode_out", new { TimecodeIn = "00:00:10:05", TimecodeOut = "00:00:10:05" });
        await Refused("TIMECODE_OUT_NOT_AFTER_IN timecode_out", new { TimecodeIn = "01:00:00:00", TimecodeOut = "00:59:59:24", FrameRate = 25 });
        var clip = (await Owner.Post("/clips", new { TimecodeIn = "00:01:00;02", TimecodeOut = "00:01:00;03", FrameRate = 29.97 })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Patch($"/clips/{clip}", new { FrameRate = 25 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "TIMECODE_FRAME_RATE");

        async Task Refused(string expected, object body)
        {
            var refused = (await Owner.Post("/clips", body)).Expect(HttpStatusCode.UnprocessableEntity);
            Assert.That(string.Join(',', refused.Json["errors"]!.AsArray().Select(error => $"{error!["code"]} {error["field"]}")), Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task All_else_that_is_wrong_is_said_at_once_with_its_fields()
    {
        var refused = (await Owner.Post("/clips", new { FileReference = "C:\\take.mov", SourceFileHash = "abc", DurationSeconds = -1, FrameRate = 0, TakeNumber = -1 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "file_reference", "source_file_hash", "duration_seconds", "frame_rate", "take_number" }));
        (await Owner.Post("/clips", new { QualityRating = "superb" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/clips", new { TalentSource = "Lala", GuestName = "Sarah" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_NAME_WITHOUT_GUEST");
        (await Owner.Post("/clips", new { AssetId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task The_same_footage_once_more_is_told_by_its_hash_or_by_file_name_and_duration()
    {
        var hash = new string('a', 63) + "1";
        var first = (await Owner.Post("/clips", new { SourceFileHash = hash, FileReference = "s3://one/a/Take 9.mov", DurationSeconds = 12.5 })).Id;

        var sameHash = (await Owner.Post("/clips", new { SourceFileHash = hash.ToUpperInvariant() })).Expect(HttpStatusCode.Created);
        var sameFile = (await Owner.Post("/clips", new { FileReference = "s3://two/b/c/Take 9.mov", DurationSeconds = 12.5 })).Expect(HttpStatusCode.Created);
        var otherCut = (await Owner.Post("/clips", new { FileReference = "s3://two/b/c/Take 9.mov", DurationSeconds = 12.6 })).Expect(HttpStatusCode.Created);

        Assert.Multiple(() =>
        {
            Assert.That(Warnings(sameHash), Is.EqualTo(new[] { $"DUPLICATE_CLIP source_file_hash {first}" }));
            Assert.That(Warnings(sameFile), Is.EqualTo(new[] { $"DUPLICATE_CLIP file_reference {first}" }));
            Assert.That(Warnings(otherCut), Is.Empty);
        });
        Assert.That(Warnings(await Platform.Stranger.Post("/clips", new { SourceFileHash = hash })), Is.Empty);
        Assert.That((await Owner.Get($"/clips?source_file_hash={hash.ToUpperInvariant()}&id={first}")).Data.AsArray(), Has.Count.EqualTo(1), "a hash is the same in upper case");
    }

    [Test]
    public async Task A_deleted_episode_takes_its_clips_along_and_those_of_the_library_stay()
    {
        var episode = await AnEpisode();
        var clip = (await Owner.Post($"/episodes/{episode}/clips", new { Notes = "goes along" })).Id;
        var waiting = (await Owner.Post("/clips", new { Notes = "stays" })).Id;
        var show = (await Owner.Get($"/episodes/{episode}")).Data["show_id"]!.GetValue<Guid>();

        Assert.That((await Owner.Delete($"/episodes/{episode}")).Data["clips"]!.GetValue<int>(), Is.EqualTo(1));
        (await Owner.Get($"/clips/{clip}")).ExpectProblem(HttpStatusCode.Gone, "CLIP_IN_TRASH");
        (await Owner.Post($"/clips/{clip}/restore")).ExpectProblem(HttpStatusCode.Locked, "PARENT_IN_TRASH");
        (await Owner.Post($"/episodes/{episode}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/episodes/{episode}/clips/{clip}")).Expect(HttpStatusCode.OK);

        var gone = (await Owner.Delete($"/shows/{show}")).Data;
        (await Owner.Get($"/clips/{waiting}")).Expect(HttpStatusCode.OK);
        Assert.That((gone["episodes"]!.GetValue<int>(), gone["clips"]!.GetValue<int>()), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Who_deletes_the_own_episode_for_good_takes_nobodys_clips_along()
    {
        var editor = await Platform.CreateKey(Owner, Role.Editor);
        var (clip, others) = ((await Owner.Post("/clips", new { Notes = "somebody else's" })).Id, await AnEpisode());
        var own = (await editor.Post("/episodes", new { Title = "Mine", ShowId = (await Owner.Get($"/episodes/{others}")).Data["show_id"]!.GetValue<Guid>() })).Expect(HttpStatusCode.Created).Id;
        await editor.Post($"/clips/{clip}/assign", new { EpisodeId = own });

        (await editor.Delete($"/episodes/{own}?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        (await editor.Post($"/clips/{clip}/unassign")).Expect(HttpStatusCode.OK);
        (await editor.Delete($"/episodes/{own}?purge=true")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/clips/{clip}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Names_are_the_same_composed_or_not_and_a_guest_changes_with_the_source()
    {
        await Owner.Post("/talent-sources", new { Name = "Zoe\u0301" });
        (await Owner.Post("/clips", new { TalentSource = "Zoe\u0301" })).Expect(HttpStatusCode.Created);
        var clip = (await Owner.Post("/clips", new { TalentSource = "Zo\u00e9" })).Expect(HttpStatusCode.Created).Id;

        (await Owner.Patch($"/clips/{clip}", new { TalentSource = "Guest - Sarah Johnson" })).Expect(HttpStatusCode.OK);
        var changed = (await Owner.Patch($"/clips/{clip}", new { TalentSource = "guest - Ann Lee" })).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{changed["talent_source"]}, {changed["guest_name"]}", Is.EqualTo("Guest, Ann Lee"));
        (await Owner.Post("/clips", new { TalentSource = "Guest -  " })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_TALENT_SOURCE");
        (await Owner.Post("/clips", new { SourceFileHash = new string('a', 64) + "\n" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    private async Task<Guid> AnEpisode()
    {
        var show = (await Owner.Post("/shows", new { Title = $"Show {Guid.NewGuid():n}" })).Id;
        return (await Owner.Post("/episodes", new { Title = "An episode", ShowId = show })).Expect(HttpStatusCode.Created).Id;
    }

    private async Task<Guid[]> Found(string path) => [.. (await Owner.Get(path)).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>())];

    private Task<Reply> Send(string path, string json) => Owner.Send(HttpMethod.Post, path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    private static string[] Warnings(Reply reply) => [.. (reply.Json["metadata"]!["warnings"] as JsonArray ?? []).Select(warning => $"{warning!["code"]} {warning["field"]} {string.Join(' ', warning["related_ids"]!.AsArray())}")];
}
