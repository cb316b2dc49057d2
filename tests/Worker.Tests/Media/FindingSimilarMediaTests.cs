using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Media;

/// <summary>Two versions of one picture, films and documents of it, and what is something else.</summary>
internal sealed class FindingSimilarMediaTests() : PlatformForEachTest(withWorker: true)
{
    private static readonly string Photo = Path.Combine(Corpus.RepositoryRoot, "docs", "samples", "photo.jpg");

    [Test]
    public async Task Versions_of_a_picture_find_each_other_and_not_another_picture()
    {
        var (photo, small, other) = (await APhoto(), await AVersion("small.jpg", "-vf scale=500:-1 -q:v 9"), await Taken(Samples.Made("other.png", "-f lavfi -i mandelbrot=s=640x480 -frames:v 1"), "other.png"));

        var found = (await Owner.Get($"/media/{photo["id"]}/similar")).Data.AsArray();

        Assert.That(found.Select(Id), Is.EqualTo(new[] { Id(small) }));
        Assert.That(found[0]!["distance"]!.GetValue<int>(), Is.EqualTo(Apart(photo, small)).And.LessThanOrEqualTo(4));
        Assert.That(Ids(await Owner.Get($"/media/{small["id"]}/similar")), Is.EqualTo(new[] { Id(photo) }));
        Assert.That(Ids(await Owner.Get($"/media/{other["id"]}/similar")), Is.Empty);
    }

    [Test]
    public async Task Each_is_as_lists_have_it_with_its_distance()
    {
        var (photo, small) = (await APhoto(), await AVersion("small.jpg", "-vf scale=500:-1"));

        var found = (await Owner.Get($"/media/{photo["id"]}/similar")).Data[0]!.AsObject();
        var listed = (await Owner.Get($"/media?id={small["id"]}")).Data[0]!.AsObject();

        Assert.That(found.Remove("distance"), Is.True);
        Assert.That(found.ToJsonString(), Is.EqualTo(listed.ToJsonString()));
        Assert.That(found["perceptual_hash"]!.GetValue<string>(), Does.Match("^[0-9a-f]{16}$"));
        Assert.That((await Owner.Get($"/media/{photo["id"]}/similar?_fields=id,distance")).Data[0]!.AsObject().Select(field => field.Key), Is.EquivalentTo(new[] { "id", "distance" }));
    }

    [Test]
    public async Task The_nearest_comes_first_and_then_the_lower_id()
    {
        var photo = await APhoto();
        var hash = await Platform.Sql<long>($"select phash from media_assets where id = '{photo["id"]}'");
        var (far, near, same, twin) = (await AVersion("1.jpg", "-vf scale=300:-1"), await AVersion("2.jpg", "-vf scale=301:-1"), await AVersion("3.jpg", "-vf scale=302:-1"), await AVersion("4.jpg", "-vf scale=303:-1"));
        await Have(far, hash ^ 0x7FF); // eleven bits in one band, the only one that differs
        await Have(near, hash ^ long.MinValue ^ 0x1_0001);
        await Have(same, hash);
        await Have(twin, hash);

        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar?distance=11")), Is.EqualTo(new[] { Id(same), Id(twin), Id(near), Id(far) }));
        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar")), Is.EqualTo(new[] { Id(same), Id(twin), Id(near) }));
        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar?distance=2")), Is.EqualTo(new[] { Id(same), Id(twin) }));
        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar?limit=1")), Is.EqualTo(new[] { Id(same) }));
        Assert.That(Ids(await Owner.Get($"/media?perceptual_hash={photo["perceptual_hash"]!.GetValue<string>().ToUpperInvariant()}&sort=created_at")), Is.EqualTo(new[] { Id(photo), Id(same), Id(twin) }));

        Task Have(JsonNode asset, long bits) => Platform.Sql<object>($"update media_assets set phash = {bits} where id = '{asset["id"]}'");
    }

    [Test]
    public async Task A_film_is_known_by_its_poster_and_a_document_by_its_preview()
    {
        var photo = await APhoto();
        var film = await Taken(Samples.Made("film.mp4", $"-loop 1 -i {Photo} -t 2 -vf scale=240:-2 -pix_fmt yuv420p -c:v libx264"), "film.mp4"); // narrower than its poster, which has bars
        var raw = await Taken(HandMade.Cr2(Samples.Made("preview.jpg", $"-i {Photo} -vf scale=900:-1 -q:v 4")), "raw.cr2");

        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar")), Is.EquivalentTo(new[] { Id(film), Id(raw) }));
        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar?type=video")), Is.EqualTo(new[] { Id(film) }));
        Assert.That(Ids(await Owner.Get($"/media/{film["id"]}/similar?type=document")), Is.EqualTo(new[] { Id(raw) }));
        Assert.That(Ids(await Owner.Get($"/media/{film["id"]}/similar?type=audio")), Is.Empty);
    }

    [Test]
    public async Task What_is_in_the_trash_is_neither_found_nor_asked_for()
    {
        var (photo, small) = (await APhoto(), await AVersion("small.jpg", "-vf scale=500:-1"));
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);
        _ = (await Owner.Delete($"/media/{small["id"]}")).Data;

        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar")), Is.Empty);
        (await Owner.Get($"/media/{small["id"]}/similar")).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
        (await viewer.Get($"/media/{small["id"]}/similar")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");

        _ = (await Owner.Post($"/media/{small["id"]}/restore")).Data;
        Assert.That(Ids(await viewer.Get($"/media/{photo["id"]}/similar")), Is.EqualTo(new[] { Id(small) }));
    }

    [Test]
    public async Task What_another_client_has_is_neither_found_nor_asked_for()
    {
        var photo = await APhoto();
        var theirs = await AVersion("small.jpg", "-vf scale=500:-1", Platform.Stranger);

        Assert.That(Ids(await Owner.Get($"/media/{photo["id"]}/similar")), Is.Empty);
        Assert.That(Ids(await Platform.Stranger.Get($"/media/{theirs["id"]}/similar")), Is.Empty);
        (await Owner.Get($"/media/{theirs["id"]}/similar")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await Owner.Get($"/media/{Guid.NewGuid()}/similar")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task Without_a_hash_it_says_why()
    {
        var plain = await Taken(Samples.Made("plain.png", "-f lavfi -i color=white:s=300x200 -frames:v 1"), "plain.png");
        var sound = await Taken(Samples.Made("sound.wav", "-f lavfi -i sine=d=1"), "sound.wav");
        var failed = await Taken(Samples.HeaderBomb(65_535, 65_535), "bomb.png");
        await Platform.StopWorker();
        var processing = (await Owner.Upload(Samples.Photo(), "photo.jpg")).Data;

        foreach (var (asset, why) in new[] { (plain, "plain, a gradient or stripes"), (sound, "it is WAV, and no picture"), (failed, "could not be read"), (processing, "still being processed") })
        {
            Assert.That(asset["perceptual_hash"], Is.Null);
            var refused = (await Owner.Get($"/media/{asset["id"]}/similar")).ExpectProblem(HttpStatusCode.Locked, "MEDIA_WITHOUT_PERCEPTUAL_HASH");
            Assert.That(refused.Json["errors"]![0]!["message"]!.GetValue<string>(), Does.Contain(why));
        }
    }

    [Test]
    public async Task What_was_processed_before_there_were_hashes_gets_one_by_being_processed_again()
    {
        var (photo, small) = (await APhoto(), await AVersion("small.jpg", "-vf scale=500:-1"));
        await Platform.Sql<object>($"update media_assets set phash = null where id = '{photo["id"]}'");
        Assert.That(Ids(await Owner.Get("/media?perceptual_hash[null]=true&status=ready")), Is.EqualTo(new[] { Id(photo) }));
        var logged = await Platform.Sql<long>("select count(*) from change_log where entity = 'media_asset'");

        _ = (await Owner.Post($"/media/{photo["id"]}/reprocess")).Data;
        await Eventually.Is("it has its hash again", async () => (string?)(await Owner.Get($"/media/{photo["id"]}")).Data["perceptual_hash"] == photo["perceptual_hash"]!.GetValue<string>());

        var again = (await Owner.Get($"/media/{photo["id"]}")).Data;
        Assert.That(again["version"]!.GetValue<int>(), Is.EqualTo(photo["version"]!.GetValue<int>()));
        Assert.That(await Platform.Sql<long>("select count(*) from change_log where entity = 'media_asset'"), Is.EqualTo(logged));
        Assert.That(Ids(await Owner.Get($"/media/{small["id"]}/similar")), Is.EqualTo(new[] { Id(photo) }));
    }

    [TestCase("distance=-1", "distance"), TestCase("distance=12", "distance"), TestCase("limit=0", "limit"), TestCase("limit=201", "limit"), TestCase("type=picture", "type")]
    public async Task What_is_out_of_its_limits_is_refused(string query, string field)
    {
        var id = (await Owner.Upload(Samples.Png(), "tiny.png")).Id;

        var refused = (await Owner.Get($"/media/{id}/similar?{query}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        Assert.That(refused.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo(field));
    }

    [TestCase("distnace=3", "UNKNOWN_PARAMETER"), TestCase("distance=near", "INVALID_PARAMETER"), TestCase("limit=1&limit=2", "INVALID_PARAMETER"), TestCase("cursor=x", "UNKNOWN_PARAMETER"), TestCase("_fields=nothing", "UNKNOWN_FIELD")]
    public async Task What_is_not_known_is_refused(string query, string code)
    {
        var id = (await Owner.Upload(Samples.Png(), "tiny.png")).Id;

        (await Owner.Get($"/media/{id}/similar?{query}")).ExpectProblem(HttpStatusCode.BadRequest, code);
    }

    private Task<JsonNode> APhoto() => Taken(Samples.Photo(), "photo.jpg");

    /// <param name="made">How ffmpeg makes it of the photo.</param>
    private Task<JsonNode> AVersion(string name, string made, Tenant? tenant = null) => Taken(Samples.Made(name, $"-i {Photo} {made}"), name, tenant);

    private async Task<JsonNode> Taken(byte[] bytes, string name, Tenant? tenant = null) => (await (tenant ?? Owner).Upload(bytes, name, waitSeconds: 30)).Expect(HttpStatusCode.Created).Data;

    private static int Apart(JsonNode one, JsonNode other) =>
        System.Numerics.BitOperations.PopCount(Convert.ToUInt64(one["perceptual_hash"]!.GetValue<string>(), 16) ^ Convert.ToUInt64(other["perceptual_hash"]!.GetValue<string>(), 16));

    private static Guid Id(JsonNode? asset) => asset!["id"]!.GetValue<Guid>();

    private static Guid[] Ids(Reply reply) => [.. reply.Data.AsArray().Select(Id)];
}
