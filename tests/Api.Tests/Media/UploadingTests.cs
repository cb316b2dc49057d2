using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>The same on local disk and on S3, by configuration alone.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class UploadingTests(string origin) : PlatformFixture(withWorker: true, Platform.StoredIn(origin))
{
    [Test]
    public async Task A_picture_becomes_ready_with_its_variants()
    {
        var reply = await Owner.Upload(Samples.Photo(), "photo.jpg", "image/jpeg", waitSeconds: 30, ("title", "A photo"), ("tags", "Red, dot"));

        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Headers.GetValues("Preference-Applied"), Is.EqualTo(new[] { "wait=30" }));
        Assert.That(reply.Headers.Location!.OriginalString, Is.EqualTo($"/api/v1/media/{reply.Id}"));
        var asset = reply.Data;
        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"), reply.Text);
        Assert.That(asset["type"]!.GetValue<string>(), Is.EqualTo("image"));
        Assert.That(asset["size_bytes"]!.GetValue<long>(), Is.EqualTo(Samples.Photo().Length));
        Assert.That(asset["sha256"]!.GetValue<string>(), Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Samples.Photo()))));
        Assert.That(asset["width"]!.GetValue<int>(), Is.GreaterThan(1440), reply.Text);
        Assert.That(asset["placeholder_hash"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(Texts(asset["dominant_colors"]!), Is.Not.Empty.And.All.Match("^#[0-9a-f]{6}$"));
        Assert.That(Texts(asset["tags"]!), Is.EqualTo(new[] { "red", "dot" }));
        var variants = asset["variants"]!.AsArray();
        Assert.That(variants.Select(variant => variant!["preset"]!.GetValue<string>()), Is.EqualTo(new[] { "thumb", "preview" }), reply.Text);
        Assert.That(variants[0]!["width"]!.GetValue<int>(), Is.EqualTo(400));
        Assert.That(Math.Max(variants[1]!["width"]!.GetValue<int>(), variants[1]!["height"]!.GetValue<int>()), Is.EqualTo(1440));
    }

    [Test]
    public async Task A_film_becomes_ready_with_its_facts_and_a_poster()
    {
        var reply = await Owner.Upload(Samples.Video(), "video.mp4", "video/mp4", waitSeconds: 30);

        reply.Expect(HttpStatusCode.Created);
        var asset = reply.Data;
        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"), reply.Text);
        Assert.That(asset["type"]!.GetValue<string>(), Is.EqualTo("video"));
        Assert.That(asset["duration_ms"]!.GetValue<long>(), Is.Positive);
        Assert.That(asset["frame_rate"]!.GetValue<double>(), Is.Positive);
        Assert.That(asset["video_codec"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(asset["has_audio"], Is.Not.Null, reply.Text);
        Assert.That(asset["placeholder_hash"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(asset["processing_warnings"]!.AsArray(), Is.Empty, reply.Text);
        var poster = asset["variants"]!.AsArray().Single()!;
        Assert.That(poster["preset"]!.GetValue<string>(), Is.EqualTo("poster"));
        Assert.That(poster["width"]!.GetValue<int>(), Is.EqualTo(400));
    }

    [TestCase("still.webp", "-f lavfi -i testsrc=s=600x300 -frames:v 1 -c:v libwebp", "WebP", "image/webp", 1)]
    [TestCase("moving.gif", "-f lavfi -i testsrc=s=600x300:r=5:d=1", "GIF", "image/gif", 5)]
    [TestCase("scan.tiff", "-f lavfi -i testsrc=s=600x300 -frames:v 1", "TIFF", "image/tiff", 1)]
    public async Task Each_format_of_pictures_becomes_ready_with_its_variants(string name, string arguments, string format, string mimeType, int frames)
    {
        var reply = await Owner.Upload(Samples.Made(name, arguments), name, mimeType, waitSeconds: 30);

        var asset = reply.Expect(HttpStatusCode.Created).Data;
        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"), reply.Text);
        Assert.That((asset["type"]!.GetValue<string>(), asset["format"]!.GetValue<string>(), asset["mime_type"]!.GetValue<string>()), Is.EqualTo(("image", format, mimeType)));
        Assert.That((asset["width"]!.GetValue<int>(), asset["height"]!.GetValue<int>(), asset["frames"]!.GetValue<int>()), Is.EqualTo((600, 300, frames)));
        Assert.That(asset["variants"]!.AsArray().Select(variant => (variant!["preset"]!.GetValue<string>(), variant["width"]!.GetValue<int>())), Is.EqualTo(new[] { ("thumb", 400), ("preview", 600) }));
    }

    [TestCase("sound.mp3", "-c:a libmp3lame", "MP3", "audio/mpeg", "mp3")]
    [TestCase("sound.wav", "", "WAV", "audio/wav", "pcm_s16le")]
    [TestCase("sound.flac", "", "FLAC", "audio/flac", "flac")]
    [TestCase("sound.ogg", "-c:a libvorbis", "Ogg audio", "audio/ogg", "vorbis")]
    [TestCase("sound.m4a", "-c:a aac", "M4A", "audio/mp4", "aac")]
    public async Task Each_format_of_sounds_becomes_ready_with_its_facts(string name, string arguments, string format, string mimeType, string codec)
    {
        var reply = await Owner.Upload(Samples.Made(name, $"-f lavfi -i sine=d=1 {arguments}"), name, waitSeconds: 30);

        var asset = reply.Expect(HttpStatusCode.Created).Data;
        Assert.That(asset["status"]!.GetValue<string>(), Is.EqualTo("ready"), reply.Text);
        Assert.That((asset["type"]!.GetValue<string>(), asset["format"]!.GetValue<string>(), asset["mime_type"]!.GetValue<string>()), Is.EqualTo(("audio", format, mimeType)));
        Assert.That(asset["duration_ms"]!.GetValue<long>(), Is.EqualTo(1000).Within(150));
        Assert.That((asset["has_audio"]!.GetValue<bool>(), asset["audio_codec"]!.GetValue<string>()), Is.EqualTo((true, codec)));
        Assert.That(asset["variants"]!.AsArray(), Is.Empty, "a sound without a cover has nothing to show");
    }

    [Test]
    public async Task Without_a_wait_the_answer_comes_at_once_and_the_variants_later()
    {
        var reply = await Owner.Upload(Samples.Png(2), "later.png");

        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Headers.Contains("Preference-Applied"), Is.False);
        await Eventually.Is("the picture is ready", async () => (await Owner.Get($"/media/{reply.Id}")).Data["status"]!.GetValue<string>() == "ready");
        var timeline = (await Owner.Get($"/media/{reply.Id}/timeline")).Data;
        Assert.That(timeline["uploads"]![0]!["status"]!.GetValue<string>(), Is.EqualTo("completed"), timeline.ToJsonString());
        Assert.That(timeline["jobs"]![0]!["stages"]!.AsArray().Select(stage => stage!["stage"]!.GetValue<string>()), Is.SupersetOf(new[] { "fetch", "render", "store" }));
    }

    [Test]
    public async Task Fields_count_before_and_after_the_file()
    {
        var reply = await new Form().Field("title", "Before").Field("tags", "one").File(Samples.Jpeg(3)).Field("caption", "After").Field("tags", "two, three").Upload(Owner);

        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Data["title"]!.GetValue<string>(), Is.EqualTo("Before"));
        Assert.That(reply.Data["caption"]!.GetValue<string>(), Is.EqualTo("After"));
        Assert.That(Texts(reply.Data["tags"]!), Is.EqualTo(new[] { "one", "two", "three" }));
    }

    [TestCase("Ánn 日本 😀.jpg", "Ánn 日本 😀.jpg")]
    [TestCase("../../etc/passwd.jpg", "passwd.jpg")]
    [TestCase(@"C:\pictures\beach.jpg", "beach.jpg")]
    [TestCase("A\u0301nn.jpg", "Ánn.jpg")]
    [TestCase("invoice\u202Egpj.jpg", "invoicegpj.jpg")]
    [TestCase("", "unnamed")]
    public async Task A_name_is_one_segment_of_shown_characters(string declared, string kept)
    {
        var reply = await new Form().File(Samples.Jpeg(string.GetHashCode(declared, StringComparison.Ordinal)), declared).Upload(Owner);

        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Data["original_filename"]!.GetValue<string>(), Is.EqualTo(kept));
    }

    [Test]
    public async Task An_encoded_name_wins_over_the_plain_one()
    {
        var reply = await new Form()
            .Part("Content-Disposition: form-data; name=\"file\"; filename=\"plain.jpg\"; filename*=UTF-8''%C3%81nn%20%F0%9F%98%80.jpg", Samples.Jpeg(4))
            .Upload(Owner);

        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Data["original_filename"]!.GetValue<string>(), Is.EqualTo("Ánn 😀.jpg"));
    }

    [Test]
    public async Task A_long_name_keeps_its_extension()
    {
        var reply = await new Form().File(Samples.Jpeg(5), new string('é', 300) + ".jpg").Upload(Owner);

        var name = reply.Expect(HttpStatusCode.Created).Data["original_filename"]!.GetValue<string>();
        Assert.That(name, Does.EndWith("é.jpg"));
        Assert.That(System.Text.Encoding.UTF8.GetByteCount(name), Is.LessThanOrEqualTo(255));
    }

    [Test]
    public async Task Tags_are_composed_lower_case_and_kept_once()
    {
        var reply = await new Form().File(Samples.Jpeg(6)).Field("tags", " Cafe\u0301 , CAFÉ,Noir").Upload(Owner);

        Assert.That(Texts(reply.Expect(HttpStatusCode.Created).Data["tags"]!), Is.EqualTo(new[] { "café", "noir" }));
        foreach (var spelling in new[] { "café", "cafe\u0301" })
        {
            var found = await Owner.Get($"/media?tags[all]={Uri.EscapeDataString(spelling)},noir");
            Assert.That(found.Data.AsArray().Select(asset => asset!["id"]!.GetValue<Guid>()), Does.Contain(reply.Id), found.Text);
        }
    }

    [Test]
    public async Task A_form_without_a_file_is_told_so()
    {
        var reply = await new Form().Field("title", "Nothing").Upload(Owner);

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(reply.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo("file"));
    }

    [Test]
    public async Task A_body_that_is_no_form_is_refused()
    {
        var reply = await Owner.Post("/media/upload", new { Title = "No form" });

        reply.ExpectProblem(HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_CONTENT_TYPE");
    }

    [Test]
    public async Task An_unknown_field_is_named_with_the_nearest()
    {
        var reply = await new Form().Field("titel", "Typo").File(Samples.Jpeg(7)).Upload(Owner);

        reply.ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        Assert.That(reply.Text, Does.Contain("\\\"titel\\\"").And.Contain("title"));
    }

    [Test]
    public async Task Fields_that_are_too_long_are_all_named()
    {
        var reply = await new Form().Field("title", new string('x', 501)).Field("alt_text", new string('x', 2001)).File(Samples.Jpeg(8)).Upload(Owner);

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(reply.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "title", "alt_text" }));
    }

    [Test]
    public async Task A_viewer_may_not_upload()
    {
        var viewer = await Platform.CreateKey(Owner, Domain.Access.Role.Viewer);

        (await viewer.Upload(Samples.Jpeg(9))).Expect(HttpStatusCode.Forbidden);
        (await Platform.Nobody.Upload(Samples.Jpeg(9))).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(text => text!.GetValue<string>())];
}
