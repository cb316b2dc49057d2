using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class AttachingTests : PlatformFixture
{
    private static int number = 2000;

    [Test]
    public async Task An_owner_is_made_known_once_and_changed_after()
    {
        var created = await Owner.Put("/owners/scene/rooftop%201", new { Title = "The rooftop" });
        var changed = await Owner.Put("/owners/scene/rooftop%201", new { Title = "The rooftop at dawn" });

        created.Expect(HttpStatusCode.Created);
        Assert.That(created.Headers.Location!.OriginalString, Is.EqualTo("/api/v1/owners/scene/rooftop%201"));
        Assert.That(changed.Expect(HttpStatusCode.OK).Data["title"]!.GetValue<string>(), Is.EqualTo("The rooftop at dawn"));
        Assert.That(changed.Data["owner_id"]!.GetValue<string>(), Is.EqualTo("rooftop 1"));
        Assert.That(changed.Id, Is.EqualTo(created.Id));
        (await Owner.Get(created.Headers.Location.OriginalString)).Expect(HttpStatusCode.OK);
        (await Platform.Stranger.Get("/owners/scene/rooftop%201")).ExpectProblem(HttpStatusCode.NotFound, "OWNER_NOT_FOUND");
    }

    [Test]
    public async Task Who_has_seen_an_owner_that_is_not_there_writes_none()
    {
        (await Owner.Put("/owners/scene/gone", new { Title = "Gone" }, ("If-Match", "\"1-seen\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");

        (await Owner.Get("/owners/scene/gone")).ExpectProblem(HttpStatusCode.NotFound, "OWNER_NOT_FOUND");
    }

    [Test]
    public async Task What_was_read_can_be_put_back()
    {
        await AnOwner("back");
        var read = (await Owner.Get("/owners/scene/back")).Data;

        (await Owner.Send(HttpMethod.Put, "/owners/scene/back", new StringContent(read.ToJsonString(), System.Text.Encoding.UTF8, "application/json"))).Expect(HttpStatusCode.OK);
    }

    [TestCase("episode", "OWNER_TYPE_RESERVED")]
    [TestCase("Scene", "VALIDATION_ERROR")]
    [TestCase("1scene", "VALIDATION_ERROR")]
    [TestCase("scene%0A", "VALIDATION_ERROR")]
    public async Task Some_types_are_not_for_callers(string type, string code) =>
        (await Owner.Put($"/owners/{type}/1", new { Title = "x" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, code);

    [Test]
    public async Task An_asset_is_attached_and_detached()
    {
        await AnOwner("attach");
        var asset = await AnAsset();

        var attached = await Attach(asset, "attach", "gallery", 3, new { Crop = "left" });

        attached.Expect(HttpStatusCode.Created);
        Assert.That(attached.Data["asset_id"]!.GetValue<Guid>(), Is.EqualTo(asset));
        Assert.That(attached.Data["sort_order"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(attached.Data["meta"]!["crop"]!.GetValue<string>(), Is.EqualTo("left"));
        (await Owner.Get(attached.Headers.Location!.OriginalString)).Expect(HttpStatusCode.OK);
        (await Platform.Stranger.Get($"/attachments/{attached.Id}")).ExpectProblem(HttpStatusCode.NotFound, "ATTACHMENT_NOT_FOUND");
        (await Platform.Stranger.Delete($"/attachments/{attached.Id}")).ExpectProblem(HttpStatusCode.NotFound, "ATTACHMENT_NOT_FOUND");

        (await Owner.Delete($"/attachments/{attached.Id}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/attachments/{attached.Id}")).ExpectProblem(HttpStatusCode.NotFound, "ATTACHMENT_NOT_FOUND");
        (await Owner.Get($"/media/{asset}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task An_owner_has_one_cover()
    {
        await AnOwner("cover");
        var (first, second) = (await AnAsset(), await AnAsset());

        var cover = (await Attach(first, "cover", "cover")).Expect(HttpStatusCode.Created);
        (await Attach(second, "cover", "cover")).ExpectProblem(HttpStatusCode.Conflict, "COVER_TAKEN");
        await Owner.Delete($"/attachments/{cover.Id}");
        (await Attach(second, "cover", "cover")).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_cover_in_the_trash_gives_way_and_comes_back_as_a_reference([Values] bool isReferenceToo)
    {
        var owner = $"trashed {isReferenceToo}";
        await AnOwner(owner);
        var (old, replacing) = (await AnAsset(), await AnAsset());
        await Attach(old, owner, "cover");
        if (isReferenceToo) await Attach(old, owner, "reference");
        await Owner.Delete($"/media/{old}");

        (await Attach(replacing, owner, "cover")).Expect(HttpStatusCode.Created);
        Assert.That(await Places(), Is.EqualTo(new[] { ("cover", replacing) }));

        (await Owner.Post($"/media/{old}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Places(), Is.EqualTo(new[] { ("cover", replacing), ("reference", old) }));

        async Task<IEnumerable<(string, Guid)>> Places() => (await Owner.Get($"/owners/scene/{Uri.EscapeDataString(owner)}/media")).Data["media"]!.AsArray()
            .Select(one => (one!["attachment"]!["role"]!.GetValue<string>(), one["attachment"]!["asset_id"]!.GetValue<Guid>()));
    }

    [Test]
    public async Task A_cover_that_is_restored_before_another_comes_is_the_cover_again()
    {
        await AnOwner("restored");
        var (cover, other) = (await AnAsset(), await AnAsset());
        await Attach(cover, "restored", "cover");
        await Owner.Delete($"/media/{cover}");
        await Owner.Post($"/media/{cover}/restore");

        (await Attach(other, "restored", "cover")).ExpectProblem(HttpStatusCode.Conflict, "COVER_TAKEN");
        Assert.That(Ids(await Owner.Get("/owners/scene/restored/media?role=cover")), Is.EqualTo(new[] { cover }));
    }

    [Test]
    public async Task Of_many_covers_at_once_one_wins()
    {
        await AnOwner("race");
        var assets = new List<Guid>();
        for (var i = 0; i < 8; i++) assets.Add(await AnAsset());

        var replies = await Task.WhenAll(assets.Select(asset => Attach(asset, "race", "cover")));

        Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.Created), Is.EqualTo(1));
        foreach (var reply in replies.Where(reply => reply.Status is not HttpStatusCode.Created)) reply.ExpectProblem(HttpStatusCode.Conflict, "COVER_TAKEN");
    }

    [Test]
    public async Task An_asset_is_attached_once_in_each_role()
    {
        await AnOwner("roles");
        var asset = await AnAsset();

        foreach (var role in new[] { "cover", "inline", "gallery", "reference" }) (await Attach(asset, "roles", role)).Expect(HttpStatusCode.Created);
        foreach (var role in new[] { "inline", "gallery", "reference" }) (await Attach(asset, "roles", role)).ExpectProblem(HttpStatusCode.Conflict, "ALREADY_ATTACHED");
    }

    [Test]
    public async Task Media_of_an_owner_come_cover_first_and_then_in_order()
    {
        await AnOwner("order");
        var assets = new List<Guid>();
        for (var i = 0; i < 4; i++) assets.Add(await AnAsset());
        await Attach(assets[0], "order", "reference", 0);
        await Attach(assets[1], "order", "gallery", 2);
        await Attach(assets[2], "order", "gallery", 1);
        await Attach(assets[3], "order", "cover", 9);

        var media = await Owner.Get("/owners/scene/order/media");
        Assert.That(Ids(media), Is.EqualTo(new[] { assets[3], assets[2], assets[1], assets[0] }), media.Text);
        Assert.That(Ids(await Owner.Get("/owners/scene/order/media?role=gallery")), Is.EqualTo(new[] { assets[2], assets[1] }));
        (await Owner.Get("/owners/scene/order/media?role=poster")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Platform.Stranger.Get("/owners/scene/order/media")).ExpectProblem(HttpStatusCode.NotFound, "OWNER_NOT_FOUND");
    }

    [Test]
    public async Task Both_ends_must_be_there()
    {
        await AnOwner("ends");
        var asset = await AnAsset();
        var theirs = (await Platform.Stranger.Upload(Samples.Jpeg(Interlocked.Increment(ref number)))).Id;

        (await Attach(asset, "nowhere", "gallery")).ExpectProblem(HttpStatusCode.NotFound, "OWNER_NOT_FOUND");
        (await Attach(Guid.CreateVersion7(), "ends", "gallery")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await Attach(theirs, "ends", "gallery")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        await Owner.Delete($"/media/{asset}");
        (await Attach(asset, "ends", "gallery")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
    }

    [TestCase("GET", "/owners/scene/%00")]
    [TestCase("PUT", "/owners/scene/%00")]
    [TestCase("PUT", "/owners/%00/1")]
    public async Task A_path_with_a_character_that_cannot_be_stored_is_refused(string method, string path) =>
        (await Owner.Send(new(method), path, method is "PUT" ? System.Net.Http.Json.JsonContent.Create(new { title = "x" }) : null)).Expect(HttpStatusCode.BadRequest);

    [TestCase("""{"crop": "\u0000"}""", "INVALID_TEXT")]
    [TestCase("""{"\u0000": 1}""", "INVALID_TEXT")]
    [TestCase("""{"crop": "\ud800"}""", "INVALID_TEXT")]
    [TestCase("""{"crop": 1e200000}""", "INVALID_NUMBER")]
    public async Task What_cannot_be_stored_is_refused(string meta, string code)
    {
        await AnOwner($"stored {code}{meta.GetHashCode(StringComparison.Ordinal)}");
        var body = $$"""{"owner_type": "scene", "owner_id": "stored {{code}}{{meta.GetHashCode(StringComparison.Ordinal)}}", "role": "gallery", "meta": {{meta}}}""";

        var reply = await Owner.Send(HttpMethod.Post, $"/media/{await AnAsset()}/attach", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        reply.ExpectProblem(HttpStatusCode.BadRequest, code);
    }

    [Test]
    public async Task All_that_is_wrong_with_a_body_is_told_at_once()
    {
        var reply = await Owner.Post($"/media/{await AnAsset()}/attach", new { OwnerType = "scene", Role = "poster", Colour = "red" });

        Assert.That(reply.Expect(HttpStatusCode.BadRequest).Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()),
            Is.EquivalentTo(new[] { "owner_id", "role", "colour" }), reply.Text);
    }

    private async Task<Guid> AnAsset() => (await Owner.Upload(Samples.Jpeg(Interlocked.Increment(ref number)))).Expect(HttpStatusCode.Created).Id;

    private async Task AnOwner(string id) => (await Owner.Put($"/owners/scene/{id}", new { Title = id })).Expect(HttpStatusCode.Created);

    private Task<Reply> Attach(Guid asset, string owner, string role, int sortOrder = 0, object? meta = null) =>
        Owner.Post($"/media/{asset}/attach", new { OwnerType = "scene", OwnerId = owner, Role = role, SortOrder = sortOrder, Meta = meta });

    private static Guid[] Ids(Reply reply) => [.. reply.Data["media"]!.AsArray().Select(one => one!["asset"]!["id"]!.GetValue<Guid>())];
}
