using System.Net;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>Media belong to sessions; sets show some of them, and are compilations when these come from more than one.</summary>
internal sealed class ShowingMediaTests : PublicationFixture
{
    private static int number = 52_000;

    [Test]
    public async Task S1_3_10_an_asset_is_of_one_session_at_most()
    {
        var (session, other) = (await ASession(), await ASession());
        Guid[] assets = [await AnAsset(), await AnAsset(), await AnAsset()];

        Assert.That(await Put(session, assets[0], assets[1], assets[0]), Is.EqualTo(2));
        Assert.That(await Put(session, assets[1], assets[2]), Is.EqualTo(1), "the same again changes nothing");
        (await Owner.Post($"/sessions/{other}/media", new { AssetIds = new[] { await AnAsset(), assets[0] } })).ExpectProblem(HttpStatusCode.Conflict, "MEDIA_IN_ANOTHER_SESSION");
        Assert.That((await Owner.Get($"/sessions/{other}/media")).Data.AsArray(), Is.Empty, "all or none");
        (await Owner.Post($"/sessions/{other}/media", new { AssetIds = new[] { Guid.NewGuid() } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");
        (await Owner.Post($"/sessions/{other}/media", new { AssetIds = Array.Empty<Guid>() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Platform.Stranger.Post($"/sessions/{session}/media", new { AssetIds = assets })).ExpectProblem(HttpStatusCode.NotFound, "SESSION_NOT_FOUND");
        var theirs = (await Platform.Stranger.Post("/sessions", new { Location = "Theirs" })).Id;
        (await Platform.Stranger.Post($"/sessions/{theirs}/media", new { AssetIds = assets })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ASSET_NOT_FOUND");

        var listed = (await Owner.Get($"/sessions/{session}/media?limit=2")).Expect(HttpStatusCode.OK).Data.AsArray();
        Assert.That(listed.Select(one => IdIn(one, "asset_id")).Concat((await Owner.Get($"/sessions/{session}/media?after={listed[1]!["id"]}")).Data.AsArray().Select(one => IdIn(one, "asset_id"))), Is.EquivalentTo(assets));
        Assert.That((await Owner.Get($"/media-items?session_id={session}")).Data.AsArray(), Has.Count.EqualTo(3));
        var past = await Assert.ThrowsAsync<PostgresException>(() => Platform.Sql<object>($"update media_items set session_id = null where asset_id = '{assets[0]}'"));
        Assert.That(past!.SqlState, Is.EqualTo(PostgresErrorCodes.NotNullViolation), "never without a session");
    }

    [Test]
    public async Task A_session_that_has_media_stays()
    {
        var session = await ASession();
        var asset = await AnAsset();
        await Put(session, asset);

        (await Owner.Delete($"/sessions/{session}?purge=true")).ExpectProblem(HttpStatusCode.Locked, "SESSION_KEPT");
        (await Owner.Delete($"/sessions/{session}/media/{asset}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/sessions/{session}/media/{asset}")).ExpectProblem(HttpStatusCode.NotFound, "MEDIA_ITEM_NOT_FOUND");
        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/sessions/{session}?purge=true")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_set_shows_media_in_its_order_with_captions_and_a_cover()
    {
        var set = await ASet(await AChannel());
        var items = await Items(await ASession(), 4);
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = items[..3] })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { items[0], items[3] } })).Expect(HttpStatusCode.OK);
        Assert.That(await Shown(set), Is.EqualTo(items));

        (await Owner.Post($"/sets/{set}/media/order", new { MediaItemIds = new[] { items[3], items[0], items[2], items[1] } })).Expect(HttpStatusCode.OK);
        foreach (var wrong in new[] { items[..3], [items[0], items[0], items[1], items[2]], [items[0], items[1], items[2], Guid.NewGuid()] })
            (await Owner.Post($"/sets/{set}/media/order", new { MediaItemIds = wrong })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SET_MEDIA_ORDER_INCOMPLETE");
        (await Owner.Put($"/sets/{set}/media/{items[2]}", new { Caption = "At dawn" })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/sets/{set}/media/{Guid.NewGuid()}", new { Caption = "At dawn" })).ExpectProblem(HttpStatusCode.NotFound, "SET_MEDIA_NOT_FOUND");
        (await Owner.Post($"/sets/{set}/cover", new { MediaItemId = items[2] })).Expect(HttpStatusCode.OK);
        var elsewhere = (await Items(await ASession(), 1))[0];
        (await Owner.Post($"/sets/{set}/cover", new { MediaItemId = elsewhere })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "COVER_NOT_IN_SET");
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { Guid.NewGuid() } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "MEDIA_ITEM_NOT_FOUND");

        (await Owner.Delete($"/sets/{set}/media/{items[0]}")).Expect(HttpStatusCode.OK);
        var shown = (await Owner.Get($"/sets/{set}/media")).Data.AsArray();
        Assert.That(shown.Select(one => $"{one!["position"]} {one["media_item_id"]} {one["is_cover"]} {one["caption"]}"), Is.EqualTo(new[] { $"0 {items[3]} false ", $"1 {items[2]} true At dawn", $"2 {items[1]} false " }));
        Assert.That(IdIn((await Owner.Get($"/sets/{set}")).Data, "cover_media_item_id"), Is.EqualTo(items[2]));
        (await Owner.Delete($"/sets/{set}/media/{items[2]}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/sets/{set}")).Data["cover_media_item_id"], Is.Null, "a cover that is shown no longer");
        (await Owner.Delete($"/sets/{set}/media/{items[2]}")).ExpectProblem(HttpStatusCode.NotFound, "SET_MEDIA_NOT_FOUND");
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { items[2] } })).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/sessions/{IdIn((await Owner.Get($"/media-items/{items[2]}")).Data, "session_id")}/media/{IdIn((await Owner.Get($"/media-items/{items[2]}")).Data, "asset_id")}")).ExpectProblem(HttpStatusCode.Locked, "MEDIA_ITEM_IN_SETS");
    }

    [Test]
    public async Task What_is_in_the_trash_is_not_shown_and_keeps_its_place()
    {
        var (set, session) = (await ASet(await AChannel()), await ASession());
        var items = await Items(session, 3);
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = items })).Expect(HttpStatusCode.OK);
        var asset = IdIn((await Owner.Get($"/media-items/{items[1]}")).Data, "asset_id");
        (await Owner.Delete($"/media/{asset}")).Expect(HttpStatusCode.OK);

        Assert.That((await Owner.Get($"/sets/{set}")).Data["media"]!.GetValue<int>(), Is.EqualTo(2));
        (await Owner.Get($"/media-items/{items[1]}")).ExpectProblem(HttpStatusCode.NotFound, "MEDIA_ITEM_NOT_FOUND");
        (await Owner.Get($"/sets/{set}/media/{items[1]}")).ExpectProblem(HttpStatusCode.NotFound, "SET_MEDIA_NOT_FOUND");
        (await Owner.Post($"/sets/{set}/media/order", new { MediaItemIds = new[] { items[2], items[0] } })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/media/{asset}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Shown(set), Is.EqualTo(new[] { items[2], items[0], items[1] }));

        (await Owner.Post($"/sets/{set}/cover", new { MediaItemId = items[0] })).Expect(HttpStatusCode.OK);
        var version = (await Owner.Get($"/sets/{set}")).Data["version"]!.GetValue<int>();
        (await Owner.Delete($"/sets/{set}/media/{items[0]}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/sets/{set}")).Data["version"]!.GetValue<int>(), Is.EqualTo(version + 1), "its cover was taken");
        var receipt = (await Owner.Delete($"/media/{asset}?purge=true")).Expect(HttpStatusCode.OK).Data;
        Assert.That((receipt["sessions"]!.GetValue<int>(), receipt["sets"]!.GetValue<int>()), Is.EqualTo((1, 1)), "what went along is counted");
    }

    [Test]
    public async Task Nor_is_what_is_of_a_session_in_the_trash()
    {
        var (set, session, other) = (await ASet(await AChannel()), await ASession(), await ASession());
        var (first, second) = ((await Items(session, 1))[0], (await Items(other, 1))[0]);
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { first, second } })).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/sessions/{session}")).Expect(HttpStatusCode.OK);

        Assert.That(await Shown(set), Is.EqualTo(new[] { second }));
        Assert.That((await Owner.Get($"/sets/{set}")).Data["media"]!.GetValue<int>(), Is.EqualTo(1));
        (await Owner.Get($"/media-items/{first}")).ExpectProblem(HttpStatusCode.NotFound, "MEDIA_ITEM_NOT_FOUND");
        (await Owner.Get($"/sets/{set}/media/{first}")).ExpectProblem(HttpStatusCode.NotFound, "SET_MEDIA_NOT_FOUND");
        (await Owner.Put($"/sets/{set}/media/{first}", new { Caption = "x" })).ExpectProblem(HttpStatusCode.NotFound, "SET_MEDIA_NOT_FOUND");
        (await Owner.Post($"/sets/{await ASet(await AChannel())}/media", new { MediaItemIds = new[] { first } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "MEDIA_ITEM_NOT_FOUND");
        (await Owner.Post($"/sets/{set}/media/order", new { MediaItemIds = new[] { second } })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/sessions/{session}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Shown(set), Is.EqualTo(new[] { second, first }));
    }

    [Test]
    public async Task S1_3_5_a_compilation_emerges_from_the_sessions_of_its_media()
    {
        var (channel, first, second) = (await AChannel(), await ASession(), await ASession());
        var set = await ASet(channel);
        var items = await Items(first, 2);
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = items })).Expect(HttpStatusCode.OK);
        Assert.That(await IsCompilation(set), Is.False);

        Assert.That((await Owner.Post($"/sessions/{second}/media/move", new { MediaItemIds = new[] { items[1] } })).Expect(HttpStatusCode.OK).Data["count"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(await IsCompilation(set), Is.True, "at once, before the job has run");
        Assert.That((await Owner.Get($"/sets?channel_id={channel}&is_compilation=true")).Data.AsArray(), Has.Count.EqualTo(1));
        var read = (await Owner.Get($"/sets/{set}")).Data;
        (await Owner.Put($"/sets/{set}", read)).Expect(HttpStatusCode.OK);
        read["is_compilation"] = false;
        (await Owner.Put($"/sets/{set}", read)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "COMPILATION_COMPUTED");
        Assert.That(await Platform.Sql<long>($"select count(*) from jobs where client_id = '{Owner.ClientId}' and type = 'SET_COMPILATION_RECALC'"), Is.GreaterThanOrEqualTo(2));

        (await Owner.Delete($"/sets/{set}/media/{items[0]}")).Expect(HttpStatusCode.OK);
        Assert.That(await IsCompilation(set), Is.False);
        (await Owner.Post($"/sessions/{second}/media/move", new { MediaItemIds = new[] { Guid.NewGuid() } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "MEDIA_ITEM_NOT_FOUND");
        (await Owner.Post($"/sessions/{Guid.NewGuid()}/media/move", new { MediaItemIds = items })).ExpectProblem(HttpStatusCode.NotFound, "SESSION_NOT_FOUND");
    }

    [Test]
    public async Task Many_who_put_move_and_show_the_same_media_at_once_do_not_lock_each_other_out()
    {
        var sessions = new[] { await ASession(), await ASession() };
        var sets = new[] { await ASet(await AChannel()), await ASet(await AChannel()) };
        var items = await Items(sessions[0], 6);
        var asset = await AnAsset();

        var replies = await Task.WhenAll(
            from n in Enumerable.Range(0, 24)
            select (n % 4) switch
            {
                0 => Owner.Post($"/sessions/{sessions[n / 4 % 2]}/media/move", new { MediaItemIds = items }),
                1 => Owner.Post($"/sets/{sets[n / 4 % 2]}/media", new { MediaItemIds = items.Reverse() }),
                2 => Owner.Post($"/sessions/{sessions[n / 4 % 2]}/media", new { AssetIds = new[] { asset } }),
                _ => Owner.Delete($"/sets/{sets[n / 4 % 2]}/media/{items[n / 4]}"),
            });

        Assert.That(replies.Select(reply => (int)reply.Status).Distinct(), Is.SubsetOf(new[] { 200, 404, 409 }));
        Assert.That(await Platform.Sql<long>($"select count(*) from media_items where asset_id = '{asset}'"), Is.EqualTo(1));
        foreach (var set in sets) Assert.That((await Owner.Get($"/sets/{set}/media")).Data.AsArray().Select(one => one!["position"]!.GetValue<int>()), Is.Ordered.And.Unique);
    }

    private async Task<Guid> ASession() => (await Owner.Post("/sessions", new { ProducedStartAt = "2026-01-05T09:00:00Z" })).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid> AnAsset() => (await Owner.Upload(Samples.Jpeg(Interlocked.Increment(ref number)))).Data["id"]!.GetValue<Guid>();

    private async Task<int> Put(Guid session, params Guid[] assets) => (await Owner.Post($"/sessions/{session}/media", new { AssetIds = assets })).Expect(HttpStatusCode.OK).Data["count"]!.GetValue<int>();

    private async Task<Guid[]> Items(Guid session, int count)
    {
        for (var n = 0; n < count; n++) await Put(session, await AnAsset());
        return [.. (await Owner.Get($"/sessions/{session}/media")).Data.AsArray().Select(one => IdIn(one, "id"))];
    }

    private async Task<Guid[]> Shown(Guid set) => [.. (await Owner.Get($"/sets/{set}/media")).Expect(HttpStatusCode.OK).Data.AsArray().Select(one => IdIn(one, "media_item_id"))];

    private async Task<bool> IsCompilation(Guid set) => (await Owner.Get($"/sets/{set}")).Data["is_compilation"]!.GetValue<bool>();
}
