using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>Uploads that are for a session, and what becomes of those whose bytes are of another.</summary>
internal sealed class UploadingIntoSessionsTests : PublicationFixture
{
    private static int number = 54_000;

    [Test]
    public async Task S1_7_a_file_is_of_the_session_that_it_was_uploaded_for()
    {
        var session = await ASession();

        var asset = (await Owner.Upload(Bytes(), fields: ("session_id", $"{session}"))).Expect(HttpStatusCode.Created).Id;

        Assert.That(await SessionOf(asset), Is.EqualTo(session));
        Assert.That((await Owner.Get($"/uploads?asset_id={asset}")).Data.AsArray().Single()!["session_id"]!.GetValue<Guid>(), Is.EqualTo(session));
        foreach (var wrong in new[] { "x", "{01234567-89ab-cdef-0123-456789abcdef}" }) (await Owner.Upload(Bytes(), fields: ("session_id", wrong))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Upload(Bytes(), fields: ("session_id", $"{Guid.NewGuid()}"))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_NOT_FOUND");
        (await Platform.Stranger.Upload(Bytes(), fields: ("session_id", $"{session}"))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_NOT_FOUND");
        (await Owner.Post("/uploads", new { FileName = "a.jpg", SizeBytes = 100, SessionId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_NOT_FOUND");
        (await Owner.Post("/media/fetch", new { Url = "https://example.com/a.jpg", SessionId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_NOT_FOUND");
        var begun = (await Owner.Post("/uploads", new { FileName = "a.jpg", SizeBytes = 100, SessionId = session })).Expect(HttpStatusCode.Created).Data;
        Assert.That(begun["upload"]!["session_id"]!.GetValue<Guid>(), Is.EqualTo(session));
    }

    [Test]
    public async Task The_same_bytes_again_for_the_same_session_or_for_none_change_nothing()
    {
        var (session, bytes) = (await ASession(), Bytes());
        var asset = (await Owner.Upload(bytes, fields: ("session_id", $"{session}"))).Expect(HttpStatusCode.Created).Id;

        (await Owner.Upload(bytes, fields: ("session_id", $"{session}"))).Expect(HttpStatusCode.OK);
        (await Owner.Upload(bytes)).Expect(HttpStatusCode.OK);

        Assert.That(await SessionOf(asset), Is.EqualTo(session));
        var without = Bytes();
        var late = (await Owner.Upload(without)).Expect(HttpStatusCode.Created).Id;
        (await Owner.Upload(without, fields: ("session_id", $"{session}"))).Expect(HttpStatusCode.OK);
        Assert.That(await SessionOf(late), Is.EqualTo(session), "what was of none comes in");
    }

    [Test]
    public async Task Bytes_of_another_session_wait_for_a_decision_and_nothing_is_moved_by_itself()
    {
        var (first, second) = (await ASession(), await ASession());
        foreach (var action in new[] { "keep", "discard", "move" })
        {
            var bytes = Bytes();
            var asset = (await Owner.Upload(bytes, fields: ("session_id", $"{first}"))).Expect(HttpStatusCode.Created).Id;
            var set = await ASet(await AChannel());
            var item = IdIn((await Owner.Get($"/sessions/{first}/media/{asset}")).Data, "id");
            (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { item, await Other(first) } })).Expect(HttpStatusCode.OK);

            (await Owner.Upload(bytes, fields: ("session_id", $"{second}"))).ExpectProblem(HttpStatusCode.Conflict, "MEDIA_IN_ANOTHER_SESSION");

            var waiting = (await Owner.Get($"/uploads?status=conflict&asset_id={asset}")).Data.AsArray().Single()!;
            Assert.That(((string?)waiting["error_code"], IdIn(waiting, "session_id"), await SessionOf(asset)), Is.EqualTo(("MEDIA_IN_ANOTHER_SESSION", second, first)));
            var upload = IdIn(waiting, "id");
            (await Owner.Post($"/uploads/{upload}/resolve", new { Action = "restore" })).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_ACTION_UNFIT");
            (await Platform.Stranger.Post($"/uploads/{upload}/resolve", new { Action = action })).ExpectProblem(HttpStatusCode.NotFound, "UPLOAD_NOT_FOUND");
            var resolved = (await Owner.Post($"/uploads/{upload}/resolve", new { Action = action })).Expect(HttpStatusCode.OK).Data;

            Assert.That((string?)resolved["status"], Is.EqualTo(action == "discard" ? "rejected" : "completed"), action);
            Assert.That(await SessionOf(asset), Is.EqualTo(action == "move" ? second : first), action);
            Assert.That((await Owner.Get($"/sets/{set}")).Data["is_compilation"]!.GetValue<bool>(), Is.EqualTo(action == "move"), "the sets that show it are looked at again");
            (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.OK);
            (await Owner.Post($"/uploads/{upload}/resolve", new { Action = action })).ExpectProblem(HttpStatusCode.Locked, "UPLOAD_NOT_IN_CONFLICT");
        }
    }

    [Test]
    public async Task Bytes_in_the_trash_are_not_moved_before_somebody_restores_them()
    {
        var (first, second, bytes) = (await ASession(), await ASession(), Bytes());
        var asset = (await Owner.Upload(bytes, fields: ("session_id", $"{first}"))).Expect(HttpStatusCode.Created).Id;
        (await Owner.Delete($"/media/{asset}")).Expect(HttpStatusCode.OK);

        (await Owner.Upload(bytes, fields: [("session_id", $"{second}"), ("on_trashed", "restore")])).ExpectProblem(HttpStatusCode.Conflict, "MEDIA_IN_ANOTHER_SESSION");
        (await Owner.Get($"/media/{asset}")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
        var upload = IdIn((await Owner.Get($"/uploads?status=conflict&asset_id={asset}")).Data[0], "id");
        (await Owner.Post($"/uploads/{upload}/resolve", new { Action = "move" })).Expect(HttpStatusCode.OK);

        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.OK);
        Assert.That(await SessionOf(asset), Is.EqualTo(second));
    }

    [Test]
    public async Task Many_who_upload_the_same_bytes_for_two_sessions_at_once_leave_one_asset_in_one_of_them()
    {
        var (sessions, bytes) = (new[] { await ASession(), await ASession() }, Bytes());

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Owner.Upload(bytes, fields: ("session_id", $"{sessions[n % 2]}"))));

        Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(replies.Select(reply => (int)reply.Status).Distinct(), Is.SubsetOf(new[] { 200, 201, 409 }));
        var asset = replies.Single(reply => reply.Status is HttpStatusCode.Created).Id;
        Assert.That(await Platform.Sql<long>($"select count(*) from media_items where asset_id = '{asset}'"), Is.EqualTo(1));
        Assert.That(await Platform.Sql<long>($"select count(*) from uploads where asset_id = '{asset}' and status = 'conflict'"), Is.EqualTo(replies.Count(reply => reply.Status is HttpStatusCode.Conflict)));
    }

    private static byte[] Bytes() => Samples.Jpeg(Interlocked.Increment(ref number));

    private async Task<Guid> ASession() => (await Owner.Post("/sessions", new { ProducedStartAt = "2026-01-05T09:00:00Z" })).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid> Other(Guid session)
    {
        var asset = (await Owner.Upload(Bytes(), fields: ("session_id", $"{session}"))).Expect(HttpStatusCode.Created).Id;
        return IdIn((await Owner.Get($"/sessions/{session}/media/{asset}")).Data, "id");
    }

    private async Task<Guid> SessionOf(Guid asset) => IdIn((await Owner.Get($"/media-items?asset_id={asset}")).Data.AsArray().Single(), "session_id");
}
