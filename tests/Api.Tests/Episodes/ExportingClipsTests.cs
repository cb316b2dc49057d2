using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>The clips of an episode for an editor's desk.</summary>
internal sealed class ExportingClipsTests : PlatformFixture
{
    [Test]
    public async Task Use_case_3_approved_clips_of_a_talent_are_listed_and_exported_as_an_edit_decision_list()
    {
        var episode = (await Owner.Post("/episodes", new { Title = "New Year Style Reset" })).Id;
        await AClip(episode, "lala_take_01.mov", "00:00:00:00", "00:04:05:00", status: "approved", scene: "Opening monologue");
        await AClip(episode, "lala_take_02.mov", "00:00:00:00", "00:00:10:00", status: "pending_review");
        await AClip(episode, "prime_take_01.mov", "01:00:00:12", "01:00:02:00", status: "approved", talent: "JustAWomanInHerPrime");

        Assert.That((await Owner.Get($"/episodes/{episode}/clips?talent_source=Lala&status=approved")).Data.AsArray(), Has.Count.EqualTo(1));

        var edl = (await Owner.Get($"/episodes/{episode}/export?format=edl")).Expect(HttpStatusCode.OK);
        Assert.Multiple(() =>
        {
            Assert.That(edl.Text, Does.StartWith("TITLE: New Year Style Reset\r\nFCM: NON-DROP FRAME\r\n"));
            Assert.That(edl.Text, Does.Contain("001  LALATAKE B     C        00:00:00:00 00:04:05:00 01:00:00:00 01:04:05:00"));
            Assert.That(edl.Text, Does.Contain("002  PRIMETAK B     C        01:00:00:12 01:00:02:00 01:04:05:00 01:04:06:13"));
            Assert.That(edl.Text, Does.Contain("* COMMENT: Opening monologue | Take 1 | Lala"));
            Assert.That(edl.Text, Does.Not.Contain("lala_take_02"));
            Assert.That(edl.ContentHeaders.ContentDisposition!.FileName, Does.EndWith(".edl"));
        });

        var lala = (await Owner.Get($"/episodes/{episode}/export?format=edl&talent_source=Lala&status[in]=approved,pending_review&sort=-duration_seconds")).Expect(HttpStatusCode.OK).Text;
        Assert.That(lala, Does.Contain("lala_take_02").And.Not.Contain("prime_take"));
        Assert.That((await Owner.Get($"/episodes/{episode}/export")).Json.AsArray().Select(clip => clip!["file_reference"]!.GetValue<string>()), Is.EqualTo(new[] { "s3://footage/lala_take_01.mov", "s3://footage/prime_take_01.mov" }));
        Assert.That((await Owner.Get($"/episodes/{episode}/export?format=csv&_fields=file_reference,timecode_in")).Text.ReplaceLineEndings("\n"), Is.EqualTo("file_reference,timecode_in\ns3://footage/lala_take_01.mov,00:00:00:00\ns3://footage/prime_take_01.mov,01:00:00:12\n"));
    }

    [Test]
    public async Task A_list_of_more_than_a_page_has_all_clips_in_their_order()
    {
        var episode = (await Owner.Post("/episodes", new { Title = "Many" })).Id;
        var operations = Enumerable.Range(0, 210).Select(i => new { Op = "create", Body = new { EpisodeId = episode, FileReference = $"s3://footage/f{i:000}.mov", TimecodeIn = "00:00:00:00", TimecodeOut = "00:00:01:00", FrameRate = 25, Status = "approved", TakeNumber = i } });
        (await Owner.Post("/clips/batch", new { Operations = operations })).Expect(HttpStatusCode.MultiStatus);

        var edl = (await Owner.Get($"/episodes/{episode}/export?format=edl&sort=take_number")).Expect(HttpStatusCode.OK).Text;

        Assert.That(edl.Split("\r\n").Where(line => line.StartsWith("* FROM", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(0, 210).Select(i => $"* FROM CLIP NAME: f{i:000}.mov")));
        Assert.That(edl, Does.Contain("210  F209     B     C        00:00:00:00 00:00:01:00 01:03:29:00 01:03:30:00"));
    }

    [Test]
    public async Task Clips_of_two_frame_rates_are_exported_one_after_the_other_and_footage_here_has_the_name_that_it_came_by()
    {
        var episode = (await Owner.Post("/episodes", new { Title = "Two rates" })).Id;
        var footage = (await Owner.Upload(Samples.Png(4_712), "A001_C002.png")).Data["id"]!.GetValue<Guid>();
        foreach (var rate in new[] { 25, 24 })
            (await Owner.Post($"/episodes/{episode}/clips", new { AssetId = footage, Status = "approved", FrameRate = rate, TimecodeIn = "01:00:00:00", TimecodeOut = $"01:00:0{rate - 23}:00" })).Expect(HttpStatusCode.Created);

        (await Owner.Get($"/episodes/{episode}/export?format=edl")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EDL_FRAME_RATES_DIFFER");
        var edl = (await Owner.Get($"/episodes/{episode}/export?format=edl&frame_rate=25")).Expect(HttpStatusCode.OK).Text;
        Assert.That(edl, Does.Contain("001  A001C002 B     C        01:00:00:00 01:00:02:00").And.Contain("* FROM CLIP NAME: A001_C002.png").And.Not.Contain("002  "));
        Assert.That(JsonNode.Parse((await Owner.Get($"/episodes/{episode}/export?frame_rate=24")).Expect(HttpStatusCode.OK).Text)!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_an_editor_could_not_use_is_refused_with_the_clip()
    {
        var episode = (await Owner.Post("/episodes", new { Title = "Refused" })).Id;
        var bare = (await Owner.Post($"/episodes/{episode}/clips", new { FileReference = "s3://footage/bare.mov", Status = "approved" })).Id;

        var refused = (await Owner.Get($"/episodes/{episode}/export?format=edl&assumed_frame_rate=25")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EDL_CLIP_WITHOUT_TIMECODE");
        Assert.That(refused.Text, Does.Contain(bare.ToString()));
        (await Owner.Get($"/episodes/{episode}/export?format=edl")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EDL_FRAME_RATE_UNKNOWN");
        (await Owner.Get($"/episodes/{episode}/export?format=edl&assumed_frame_rate=0")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        Assert.That((await Owner.Get($"/episodes/{episode}/export?format=xml")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER").Text, Does.Contain("edl"));
        (await Owner.Get($"/episodes/{episode}/export?format=csv&assumed_frame_rate=25")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        (await Owner.Get($"/episodes/{episode}/export?format=edl&nope=1")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        (await Owner.Get($"/episodes/{Guid.NewGuid()}/export?format=edl")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Platform.Stranger.Get($"/episodes/{episode}/export?format=edl")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Owner.Get($"/episodes/{episode}/export?format=edl&assumed_frame_rate=101")).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER");
        (await Owner.Post($"/episodes/{episode}/clips", new { TimecodeIn = "00:01:00:01", TimecodeOut = "00:02:00:02", FrameRate = 120, Status = "used" })).Expect(HttpStatusCode.Created);
        (await Owner.Get($"/episodes/{episode}/export?format=edl&status=used")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "EDL_FRAME_RATE_TOO_HIGH");
        (await Owner.Post("/clips", new { TimecodeIn = "00:01:00;01", TimecodeOut = "00:02:00;02" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "TIMECODE_FRAME_RATE");
    }

    private async Task AClip(Guid episode, string file, string start, string end, string status, string talent = "Lala", string? scene = null) => (await Owner.Post($"/episodes/{episode}/clips", new
    {
        FileReference = $"s3://footage/{file}", TalentSource = talent, TimecodeIn = start, TimecodeOut = end, FrameRate = 25, Status = status, SceneDescription = scene, TakeNumber = 1, DurationSeconds = 10,
    })).Expect(HttpStatusCode.Created);
}
