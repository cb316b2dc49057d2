using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

[Parallelizable(ParallelScope.All)]
internal sealed class BadUploadsTests() : PlatformFixture(withWorker: true, new Dictionary<string, string?> { ["Media:MaxFileBytes"] = $"{MaxFileBytes}" })
{
    private const int MaxFileBytes = 4 << 20;

    [Test]
    public async Task A_drawing_is_no_picture_of_another_format()
    {
        var reply = await Owner.Upload("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), "drawing.png");

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "MEDIA_EXTENSION_MISMATCH");
        await ExpectNothingKept("drawing.png", "MEDIA_EXTENSION_MISMATCH");
    }

    [Test]
    public async Task A_wrong_extension_and_a_lying_content_type_are_told_at_once()
    {
        var reply = await Owner.Upload(Samples.Png(12), "both.gif", "image/jpeg");

        Assert.That(reply.Codes, Is.EquivalentTo(new[] { "MEDIA_EXTENSION_MISMATCH", "MEDIA_MIME_MISMATCH" }), reply.Text);
    }

    [Test]
    public async Task A_file_of_no_bytes_is_refused()
    {
        var reply = await Owner.Upload([], "empty.jpg");

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_EMPTY");
        await ExpectNothingKept("empty.jpg", "UPLOAD_EMPTY");
    }

    [TestCase("unknown.jpg", "\u0001\u0002\u0003 nothing begins like this", "MEDIA_TYPE_UNKNOWN")]
    [TestCase("playlist.mp4", "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/secret\n", "MEDIA_TYPE_NOT_SUPPORTED")]
    [TestCase("concat.mp4", "ffconcat version 1.0\nfile /etc/passwd\n", "MEDIA_TYPE_NOT_SUPPORTED")]
    [TestCase("page.jpg", "<!DOCTYPE html><script>alert(1)</script>", "MEDIA_TYPE_NOT_SUPPORTED")]
    [TestCase("page.svg", "<html><svg xmlns=\"http://www.w3.org/2000/svg\"/></html>", "MEDIA_TYPE_NOT_SUPPORTED")]
    public async Task Bytes_that_are_no_media_are_refused_under_any_name(string name, string text, string code)
    {
        var reply = await Owner.Upload(Encoding.UTF8.GetBytes(text), name);

        reply.ExpectProblem(HttpStatusCode.UnsupportedMediaType, code);
        await ExpectNothingKept(name, code);
    }

    [Test]
    public async Task A_file_over_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        (await Owner.Upload(Samples.LargeJpeg(MaxFileBytes, 13), "at-limit.jpg")).Expect(HttpStatusCode.Created);

        var reply = await Owner.Upload(Samples.LargeJpeg(MaxFileBytes + 1, 14), "too-large.jpg");
        reply.ExpectProblem(HttpStatusCode.RequestEntityTooLarge, "UPLOAD_TOO_LARGE");
        await ExpectNothingKept("too-large.jpg", "UPLOAD_TOO_LARGE");
    }

    [Test]
    public async Task An_upload_cut_off_at_nine_tenths_leaves_nothing([Values] bool chunked)
    {
        var name = chunked ? "cut-chunked.jpg" : "cut.jpg";
        var body = new Form().File(Samples.LargeJpeg(3 << 20, chunked ? 16 : 17), name).Bytes;
        using (var upload = await RawUpload.Begin(Platform, Owner, chunked ? null : body.Length))
        {
            await upload.Send(body.AsMemory(0, body.Length * 9 / 10));
            await Eventually.Is("the upload has begun", async () => await FindUpload(name, Owner) is not null);
        }

        await ExpectNothingKept(name, "UPLOAD_INCOMPLETE");
    }

    [Test]
    public async Task A_form_that_is_not_closed_leaves_nothing()
    {
        var reply = await Form.Upload(Owner, new Form().File(Samples.LargeJpeg(1 << 20, 18), "unclosed.jpg").Unclosed);

        reply.ExpectProblem(HttpStatusCode.BadRequest, "UPLOAD_INCOMPLETE");
        await ExpectNothingKept("unclosed.jpg", "UPLOAD_INCOMPLETE");
    }

    [Test]
    public async Task A_second_file_refuses_both()
    {
        var reply = await new Form().File(Samples.Jpeg(19), "one-of-two.jpg").File(Samples.Jpeg(20), "two-of-two.jpg").Upload(Owner);

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_ONE_FILE");
        await ExpectNothingKept("one-of-two.jpg", "UPLOAD_ONE_FILE");
    }

    [Test]
    public async Task An_unknown_field_after_the_file_keeps_nothing_of_the_file()
    {
        var reply = await new Form().File(Samples.Jpeg(21), "bad-field.jpg").Field("colour", "red").Upload(Owner);

        reply.ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        await ExpectNothingKept("bad-field.jpg", "UNKNOWN_FIELD");
    }

    [Test]
    public async Task A_form_that_goes_on_beyond_its_parts_is_not_read_on([Values] bool afterTheFile)
    {
        var form = new Form();
        if (afterTheFile) form.File(Samples.Jpeg(23), "endless.jpg");
        for (var part = 0; part < 51; part++) form.Field("x", "");

        var answer = await AnswerTo(form.Unclosed);

        Assert.That(answer, Does.StartWith("HTTP/1.1 400").And.Contain("MALFORMED_FORM").And.Contain("UNKNOWN_FIELD"));
        Assert.That(answer.Split("UNKNOWN_FIELD"), Has.Length.EqualTo(51), "each of the fifty parts is named, and nothing more");
        if (afterTheFile) await ExpectNothingKept("endless.jpg", "UNKNOWN_FIELD");
    }

    [TestCase("title", 422, "A field has at most 65536 bytes.")]
    [TestCase("picture", 400, "The file is the part named")]
    public async Task A_part_that_goes_on_beyond_its_bytes_is_not_read_on(string name, int status, string reason)
    {
        var answer = await AnswerTo(new Form().Field(name, new string('x', 70_000)).Unclosed);

        Assert.That(answer, Does.StartWith($"HTTP/1.1 {status}").And.Contain(reason));
    }

    [TestCase("image/jpeg\0")]
    [TestCase("image/\u0007jpeg")]
    public async Task A_declared_type_with_control_characters_is_refused(string mimeType) =>
        (await new Form().File(Samples.Jpeg(25), "control.jpg", mimeType).Upload(Owner)).ExpectProblem(HttpStatusCode.BadRequest, "MALFORMED_FORM");

    [Test]
    public async Task As_many_parts_as_are_taken_are_taken()
    {
        var form = new Form().File(Samples.Jpeg(24), "full.jpg");
        for (var part = 0; part < 50; part++) form.Field("tags", $"tag {part}");

        Assert.That((await form.Upload(Owner)).Expect(HttpStatusCode.Created).Data["tags"]!.AsArray(), Has.Count.EqualTo(50));
    }

    [Test]
    public async Task A_part_with_unreadable_headers_after_the_file_keeps_nothing_of_the_file()
    {
        var reply = await new Form().File(Samples.Jpeg(22), "bad-part.jpg").Part("X-Padding: " + new string('x', 20_000), [1]).Upload(Owner);

        reply.ExpectProblem(HttpStatusCode.BadRequest, "MALFORMED_FORM");
        await ExpectNothingKept("bad-part.jpg", "MALFORMED_FORM");
    }

    [Test]
    public async Task A_cut_picture_fails_with_its_reason_in_the_timeline()
    {
        var photo = Samples.Photo();
        var reply = await Owner.Upload(photo[..(photo.Length * 6 / 10)], "cut-photo.jpg", waitSeconds: 30);

        await ExpectFailed(reply, "IMAGE_TRUNCATED", "render");
    }

    [Test]
    public async Task A_bomb_fails_by_its_header_alone()
    {
        var reply = await Owner.Upload(Samples.HeaderBomb(65_535, 65_535), "bomb.png", waitSeconds: 30);

        await ExpectFailed(reply, "IMAGE_TOO_LARGE", "render");
    }

    [Test]
    public async Task A_cut_film_fails_with_its_reason_in_the_timeline()
    {
        var film = Samples.Video();
        var reply = await Owner.Upload(film[..(film.Length / 2)], "cut-film.mp4", waitSeconds: 30);

        await ExpectFailed(reply, "VIDEO_TRUNCATED", "probe");
    }

    /// <summary>What comes back while the form is still open: it must not wait for the rest.</summary>
    private async Task<string> AnswerTo(byte[] unclosed)
    {
        using var upload = await RawUpload.Begin(Platform, Owner, length: null);
        await upload.Send(unclosed);
        return await upload.ReadAnswer().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task ExpectFailed(Reply reply, string code, string stage)
    {
        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Data["status"]!.GetValue<string>(), Is.EqualTo("failed"), reply.Text);
        Assert.That(reply.Data["error_code"]!.GetValue<string>(), Is.EqualTo(code), reply.Text);
        Assert.That(reply.Data["error_message"]!.GetValue<string>(), Does.EndWith("."));
        var timeline = (await Owner.Get($"/media/{reply.Id}/timeline")).Data;
        var failed = timeline["jobs"]![0]!["stages"]!.AsArray().Single(one => one!["stage"]!.GetValue<string>() == stage)!;
        Assert.That(failed["error"]!["code"]!.GetValue<string>(), Is.EqualTo(code), timeline.ToJsonString());

        var next = await Owner.Upload(Samples.Png(code.GetHashCode(StringComparison.Ordinal)), "good.png", waitSeconds: 30);
        Assert.That(next.Data["status"]!.GetValue<string>(), Is.EqualTo("ready"), "the worker goes on: " + next.Text);
    }

    private async Task ExpectNothingKept(string fileName, string code, Tenant? tenant = null)
    {
        tenant ??= Owner;
        var upload = await Eventually.Get($"the upload of {fileName} is rejected", async () =>
            await FindUpload(fileName, tenant) is { } found && found["status"]!.GetValue<string>() == "rejected" ? found : null);
        Assert.That(upload["error_code"]!.GetValue<string>(), Is.EqualTo(code), upload.ToJsonString());
        Assert.That((await tenant.Get($"/media?original_filename={fileName}")).Data.AsArray(), Is.Empty);

        var id = upload["id"]!.GetValue<Guid>().ToString("n");
        await Eventually.Is($"nothing of {fileName} is stored", () => Task.FromResult(
            !Platform.StoredKeys().Any(key => key.Contains(id, StringComparison.Ordinal) || key.EndsWith(".part", StringComparison.Ordinal))));
    }

    private static async Task<JsonNode?> FindUpload(string fileName, Tenant tenant) =>
        (await tenant.Get($"/uploads?file_name={fileName}")).Data.AsArray().SingleOrDefault();
}
