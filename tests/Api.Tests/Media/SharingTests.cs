using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class SharingTests() : PlatformFixture(withWorker: true)
{
    private int pictures;

    [Test]
    public async Task A_rendition_leaves_by_a_link_without_credentials()
    {
        var id = await APicture();
        var before = DateTimeOffset.UtcNow;

        var shared = await Owner.Post($"/media/{id}/share", new { What = "thumb", ExpiresInSeconds = 3600 });

        Assert.That(shared.Data["ready"]!.GetValue<bool>(), Is.True);
        Assert.That(shared.Data["expires_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(before.AddHours(1)).Within(TimeSpan.FromSeconds(30)));
        Assert.That((await Asset(id))["visibility"]!.GetValue<string>(), Is.EqualTo("shared"));
        var visit = (await Visit(shared)).Expect(HttpStatusCode.Found);
        Assert.That(visit.Headers.CacheControl!.NoStore, Is.True);
        var file = (await Platform.Nobody.Get(visit.Headers.Location!.OriginalString)).Expect(HttpStatusCode.OK);
        Assert.That(file.ContentHeaders.ContentType!.MediaType, Is.EqualTo("image/jpeg"));
    }

    [Test]
    public async Task A_week_is_the_default_and_a_month_the_most()
    {
        var id = await APicture();

        var shared = await Owner.Post($"/media/{id}/share", new { What = "thumb" });
        Assert.That(shared.Data["expires_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(DateTimeOffset.UtcNow.AddDays(7)).Within(TimeSpan.FromMinutes(1)));
        foreach (var seconds in new[] { 59, 0, -1, 2_592_001, int.MaxValue })
            (await Owner.Post($"/media/{id}/share", new { What = "thumb", ExpiresInSeconds = seconds })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/media/{id}/share", new { What = "thumb", ExpiresInSeconds = 2_592_000 })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/media/{id}/share", new { What = "poster" })).ExpectProblem(HttpStatusCode.NotFound, "VARIANT_NOT_FOUND");
        (await Owner.Post($"/media/{id}/share", new { What = "" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task Viewers_and_strangers_share_nothing()
    {
        var id = await APicture();
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);

        (await viewer.Post($"/media/{id}/share", new { What = "thumb" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await viewer.Patch($"/media/{id}", new { Visibility = "public" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Platform.Stranger.Post($"/media/{id}/share", new { What = "thumb" })).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await Platform.Nobody.Post($"/media/{id}/share", new { What = "thumb" })).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        Assert.That((await Asset(id))["visibility"]!.GetValue<string>(), Is.EqualTo("private"));
    }

    [Test]
    public async Task A_token_that_was_changed_leads_nowhere()
    {
        var id = await APicture();
        var other = await APicture();
        _ = (await Owner.Post($"/media/{other}/share", new { What = "preview" })).Data;
        var token = Token(await Owner.Post($"/media/{id}/share", new { What = "thumb" }));
        var (said, signature) = (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[0])), token.Split('.')[1]);

        string Saying(string text) => $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))}.{signature}";
        string[] forged =
        [
            Saying(said.Replace("\nthumb\n", "\npreview\n", StringComparison.Ordinal)),
            Saying(said.Replace(id.ToString("n"), other.ToString("n"), StringComparison.Ordinal)),
            Saying(said.Replace(Owner.ClientId.ToString("n"), Platform.Stranger.ClientId.ToString("n"), StringComparison.Ordinal)),
            Saying(said.Replace("\ntest", "\nother", StringComparison.Ordinal)),
            Saying(said + "\n"),
            Saying(""),
            token + "A", token[..^1], "A" + token, token + ".", token.Replace(".", "", StringComparison.Ordinal), "." + signature, "x", new string('A', 5000),
            token.Split('.')[0] + ".", token + "==",
        ];
        foreach (var one in forged) (await Platform.Nobody.Get($"/shared/{one}")).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
        (await Platform.Nobody.Get($"/shared/{token}")).Expect(HttpStatusCode.Found);
    }

    [Test]
    public async Task A_token_signed_by_a_foreign_key_leads_nowhere()
    {
        var id = await APicture();
        _ = (await Owner.Post($"/media/{id}/share", new { What = "thumb" })).Data;
        var foreign = new ShareLinks(new StorageOptions { SigningKeyId = "test", SigningKeys = new() { ["test"] = Convert.ToBase64String(new byte[32]) } });

        (await Platform.Nobody.Get(foreign.ToShare(Grant(id)))).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
        (await Platform.Nobody.Get(Links.ToShare(Grant(id)))).Expect(HttpStatusCode.Found); // it was the key alone
    }

    [Test]
    public async Task A_link_of_ours_to_another_clients_asset_leads_nowhere()
    {
        var id = await APicture();
        _ = (await Owner.Post($"/media/{id}/share", new { What = "thumb" })).Data;

        (await Platform.Nobody.Get(Links.ToShare(Grant(id) with { ClientId = Platform.Stranger.ClientId }))).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
    }

    [Test]
    public async Task A_link_expires()
    {
        var id = await APicture();
        _ = (await Owner.Post($"/media/{id}/share", new { What = "thumb" })).Data;

        (await Platform.Nobody.Get(Links.ToShare(Grant(id) with { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) }))).ExpectProblem(HttpStatusCode.Gone, "SHARE_EXPIRED");
    }

    [Test]
    public async Task What_a_link_leads_to_ends_with_the_link()
    {
        var id = await APicture();
        var shared = await Owner.Post($"/media/{id}/share", new { What = "thumb", ExpiresInSeconds = 60 });

        var target = (await Visit(shared)).Expect(HttpStatusCode.Found).Headers.Location!.OriginalString;

        var expires = long.Parse(target.Split("expires=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(expires), Is.EqualTo(shared.Data["expires_at"]!.GetValue<DateTimeOffset>()));
    }

    [Test]
    public async Task Made_private_its_links_end_and_sharing_again_does_not_bring_them_back()
    {
        var id = await APicture();
        var first = await Owner.Post($"/media/{id}/share", new { What = "thumb" });
        _ = (await Owner.Patch($"/media/{id}", new { Visibility = "private" })).Data;
        (await Visit(first)).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");

        var second = await Owner.Post($"/media/{id}/share", new { What = "thumb" });
        (await Visit(first)).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
        (await Visit(second)).Expect(HttpStatusCode.Found);

        _ = (await Owner.Patch($"/media/{id}", new { Visibility = "public" })).Data;
        (await Visit(second)).Expect(HttpStatusCode.Found);
        _ = (await Owner.Patch($"/media/{id}", new { Visibility = "private" })).Data;
        (await Visit(second)).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
    }

    [Test]
    public async Task In_the_trash_a_link_sleeps_and_a_purge_ends_it()
    {
        var id = await APicture();
        var shared = await Owner.Post($"/media/{id}/share", new { What = "thumb" });

        _ = (await Owner.Delete($"/media/{id}")).Data;
        (await Visit(shared)).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
        (await Owner.Post($"/media/{id}/share", new { What = "thumb" })).ExpectProblem(HttpStatusCode.Gone, "ASSET_IN_TRASH");
        _ = (await Owner.Post($"/media/{id}/restore")).Data;
        (await Visit(shared)).Expect(HttpStatusCode.Found);
        _ = (await Owner.Delete($"/media/{id}?purge=true")).Data;
        (await Visit(shared)).ExpectProblem(HttpStatusCode.NotFound, "SHARE_NOT_FOUND");
    }

    [Test]
    public async Task Every_link_that_is_given_out_is_in_the_change_log()
    {
        var id = await APicture();
        for (var given = 1; given <= 2; given++)
        {
            _ = (await Owner.Post($"/media/{id}/share", new { What = "thumb" })).Data;
            Assert.That(
                await Platform.Sql<long>($"select count(*) from change_log where entity_id = '{id}' and actor_kind = 'key' and changes ? 'shared_at'"), Is.EqualTo(given));
        }

        Assert.That(await Platform.Sql<string>($"select changes #>> '{{visibility,new}}' from change_log where entity_id = '{id}' and changes ? 'visibility' and operation = 'update'"), Is.EqualTo("shared"));
    }

    [Test]
    public async Task Of_a_public_asset_everybody_gets_renditions_and_nothing_else()
    {
        var id = await APicture(placed: true);
        (await Platform.Nobody.Get($"/media/{id}/variants/thumb")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        (await Platform.Stranger.Get($"/media/{id}/variants/thumb")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        await SharedOriginal(id); // there is a clean copy now, which is not public either
        (await Platform.Nobody.Get($"/media/{id}/variants/thumb")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");

        _ = (await Owner.Patch($"/media/{id}", new { Visibility = "public" })).Data;

        var everybodys = (await Platform.Nobody.Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Found);
        Assert.That(everybodys.Headers.CacheControl!.ToString(), Is.EqualTo("public, max-age=60"));
        (await Platform.Nobody.Get(everybodys.Headers.Location!.OriginalString)).Expect(HttpStatusCode.OK);
        (await Platform.Stranger.Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Found);
        var own = (await Owner.Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Found);
        Assert.That(own.Headers.CacheControl!.Public, Is.False);
        (await new Tenant(Platform, Guid.Empty, "mp_unknown").Get($"/media/{id}/variants/thumb")).Expect(HttpStatusCode.Found);
        foreach (var closed in new[] { $"/media/{id}/variants/original", $"/media/{id}/variants/poster", $"/media/{id}/content", $"/media/{id}", $"/media/{Guid.NewGuid()}/variants/thumb" })
            (await Platform.Nobody.Get(closed)).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");

        _ = (await Owner.Delete($"/media/{id}")).Data;
        (await Platform.Nobody.Get($"/media/{id}/variants/thumb")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [TestCase("jpg"), TestCase("png"), TestCase("tif"), TestCase("mp4"), TestCase("mov"), TestCase("m4a")]
    public async Task An_original_leaves_as_a_copy_that_tells_nothing_of_places(string extension)
    {
        var original = ExifTool.Placed(Original(extension), extension);
        Assert.That(ExifTool.PlacesIn(original, extension), Is.Not.Empty);
        var id = (await Owner.Upload(original, $"Bär.{extension}", waitSeconds: 30)).Id;

        var copy = await SharedOriginal(id);

        Assert.That(ExifTool.PlacesIn(copy.Bytes, extension), Is.Empty);
        Assert.That(Encoding.Latin1.GetString(copy.Bytes), Does.Not.Contain("Munich").And.Not.Contain("48.137").And.Not.Contain("GPS"));
        Assert.That(copy.ContentHeaders.ContentDisposition!.FileNameStar, Is.EqualTo($"Bär.{extension}"));
        Assert.That(Decoded(copy.Bytes, extension), Is.EqualTo(Decoded(original, extension)), "the same picture, film or sound");
        Assert.That((await Owner.Get((await Owner.Get($"/media/{id}/content")).Headers.Location!.OriginalString)).Bytes, Is.EqualTo(original), "members have the original as it came");
        Assert.That((await Asset(id))["variants"]!.AsArray().Select(variant => variant!["kind"]!.GetValue<string>()), Has.None.EqualTo("original"));
    }

    [TestCase("gif"), TestCase("jp2"), TestCase("avif"), TestCase("heic"), TestCase("phone.heic")]
    public async Task A_picture_of_another_format_leaves_without_one_byte_of_its_place(string kind)
    {
        var extension = kind.Split('.')[^1];
        var original = kind is "phone.heic" ? HandMade.Heic(640, 480, exif: ExifOf(ExifTool.Placed(Samples.Photo(), "jpg"))) : ExifTool.Placed(Original(kind), extension);
        Assert.That(ExifTool.PlacesIn(original, extension), Is.Not.Empty);
        Assert.That(TracesOfMunich(original), Is.Not.Empty);
        var id = (await Owner.Upload(original, $"place.{extension}", waitSeconds: 30)).Expect(HttpStatusCode.Created).Id;

        var copy = await SharedOriginal(id);

        Assert.That(ExifTool.PlacesIn(copy.Bytes, extension), Is.Empty);
        Assert.That(TracesOfMunich(copy.Bytes), Is.Empty);
        var again = (await Platform.Stranger.Upload(copy.Bytes, $"copy.{extension}", waitSeconds: 30)).Expect(HttpStatusCode.Created).Data;
        Assert.That(await Preview(again), Is.EqualTo(await Preview(await Asset(id))), "the same picture");
    }

    [Test]
    public async Task A_copy_keeps_what_shows_it_upright_and_whose_it_is()
    {
        var id = (await Owner.Upload(
            ExifTool.With(Samples.Photo(), "jpg", "-Orientation#=6", "-Artist=Ann Lee", "-Copyright=Ann Lee", "-SerialNumber=4711", "-UserComment=at home", "-ThumbnailImage="), "turned.jpg", waitSeconds: 30)).Id;

        var copy = await SharedOriginal(id);

        Assert.That(ExifTool.Tags(copy.Bytes, "jpg", "-Orientation", "-Artist", "-Copyright"), Has.Length.EqualTo(3));
        Assert.That(ExifTool.Tags(copy.Bytes, "jpg", "-SerialNumber", "-UserComment", "-Make", "-Model", "-DateTimeOriginal"), Is.Empty);
    }

    [Test]
    public async Task A_map_leaves_as_a_picture()
    {
        var map = ExifTool.With(Original("tif"), "tif", "-IFD0:ModelTiePoint=0 0 0 11.575 48.137 0", "-IFD0:PixelScale=1 1 0", "-Make=Ann's drone", "-ImageDescription=At home");
        var id = (await Owner.Upload(map, "map.tif", waitSeconds: 30)).Id;

        var copy = await SharedOriginal(id);

        Assert.That(ExifTool.Tags(copy.Bytes, "tif", "-ModelTiePoint", "-PixelScale", "-Make", "-ImageDescription"), Is.Empty);
        Assert.That(Decoded(copy.Bytes, "tif"), Is.EqualTo(Decoded(map, "tif")));
    }

    [Test]
    public async Task A_film_hidden_behind_a_picture_stays_here()
    {
        byte[] moving = [.. ExifTool.Placed(Samples.Photo(), "jpg"), .. ExifTool.Placed(Samples.Video(), "mp4")];
        var id = (await Owner.Upload(moving, "motion.jpg", waitSeconds: 30)).Id;

        var copy = await SharedOriginal(id);

        Assert.That(copy.Bytes, Has.Length.LessThan(Samples.Photo().Length + 10_000));
        Assert.That(Encoding.Latin1.GetString(copy.Bytes), Does.Not.Contain("ftyp").And.Not.Contain("48.137"));
    }

    [Test]
    public async Task An_original_that_cannot_be_cleaned_is_not_shared()
    {
        var id = (await Owner.Upload(Samples.Pdf(++pictures), "contract.pdf")).Id;

        (await Owner.Post($"/media/{id}/share", new { What = "original" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "ORIGINAL_NOT_CLEANABLE");
        Assert.That((await Asset(id))["visibility"]!.GetValue<string>(), Is.EqualTo("private"));
    }

    [Test]
    public async Task A_broken_original_is_never_given_out_and_the_asset_stays_as_it_was()
    {
        var id = (await Owner.Upload([.. Samples.Photo().AsSpan(0, 3000)], "broken.jpg", waitSeconds: 30)).Id;
        var status = (await Asset(id))["status"]!.GetValue<string>();

        var shared = await Owner.Post($"/media/{id}/share", new { What = "original" });
        await Eventually.Is("the copy is given up", async () => (await Visit(shared)).Status is HttpStatusCode.Gone);

        (await Visit(shared)).ExpectProblem(HttpStatusCode.Gone, "SHARE_UNAVAILABLE");
        Assert.That((await Asset(id))["status"]!.GetValue<string>(), Is.EqualTo(status));
        var job = (await Owner.Get($"/jobs?type=ORIGINAL_CLEAN&subject_id={id}")).Data[0]!;
        Assert.That(job["error_code"]!.GetValue<string>(), Is.EqualTo("CLEANING_FAILED"));
    }

    [Test]
    public async Task Until_the_copy_is_there_the_link_asks_for_patience()
    {
        await using var slow = await Platform.Start();
        var id = (await slow.Tenant.Upload(Samples.Photo(), "photo.jpg")).Id;
        var shared = await slow.Tenant.Post($"/media/{id}/share", new { What = "original" });
        Assert.That(shared.Data["ready"]!.GetValue<bool>(), Is.False);
        _ = (await slow.Tenant.Post($"/media/{id}/share", new { What = "original" })).Data;
        Assert.That(await slow.Sql<long>("select count(*) from jobs where type = 'ORIGINAL_CLEAN'"), Is.EqualTo(1), "one copy is made at a time");

        var early = (await slow.Nobody.Get(shared.Data["url"]!.GetValue<string>())).ExpectProblem(HttpStatusCode.ServiceUnavailable, "SHARE_NOT_READY");
        Assert.That(early.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero));

        await slow.StartWorker();
        await Eventually.Is("the copy is there", async () => (await slow.Nobody.Get(shared.Data["url"]!.GetValue<string>())).Status is HttpStatusCode.Found);
        Assert.That((await slow.Tenant.Post($"/media/{id}/share", new { What = "original" })).Data["ready"]!.GetValue<bool>(), Is.True);
        _ = (await slow.Tenant.Delete($"/media/{id}?purge=true")).Data;
        await Eventually.Is("the copy is gone with the rest", () => Task.FromResult(slow.StoredKeys().Length == 0));
    }

    [TestCase("jpg", "thumb"), TestCase("jpg", "preview"), TestCase("png", "thumb"), TestCase("alpha.png", "preview"), TestCase("tif", "preview"), TestCase("mp4", "poster")]
    public async Task Renditions_carry_no_metadata(string kind, string preset)
    {
        var extension = kind[(kind.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var original = kind is "alpha.png" ? Samples.Made("alpha.png", "-f lavfi -i color=red@0.4:s=640x480,format=rgba -frames:v 1") : Original(extension);
        original = ExifTool.With(ExifTool.Placed(original, extension), extension, "-XMP:Creator=Ann Lee", "-XMP:Title=A title");
        var id = (await Owner.Upload(original, $"renditions-{kind}", waitSeconds: 30)).Id;

        var link = (await Owner.Get($"/media/{id}/variants/{preset}")).Expect(HttpStatusCode.Found).Headers.Location!.OriginalString;
        var rendition = (await Platform.Nobody.Get(link)).Expect(HttpStatusCode.OK);

        var format = rendition.ContentHeaders.ContentType!.MediaType is "image/webp" ? "webp" : "jpg";
        Assert.That(ExifTool.PlacesIn(rendition.Bytes, format), Is.Empty);
        Assert.That(ExifTool.Metadata(rendition.Bytes, format), Is.Empty);
    }

    private IShareLinks Links => Platform.ApiServices.GetRequiredService<IShareLinks>();

    private ShareGrant Grant(Guid id) => new(Owner.ClientId, new AssetId(id), "thumb", DateTimeOffset.UtcNow.AddHours(1), Generation: 0);

    private Task<Reply> Visit(Reply shared) => Platform.Nobody.Get(shared.Data["url"]!.GetValue<string>());

    private static string Token(Reply shared) => shared.Data["url"]!.GetValue<string>()["/api/v1/shared/".Length..];

    private async Task<System.Text.Json.Nodes.JsonNode> Asset(Guid id) => (await Owner.Get($"/media/{id}")).Data;

    private async Task<Guid> APicture(bool placed = false)
    {
        var bytes = ExifTool.With(Samples.Photo(), "jpg", $"-UserComment={++pictures}");
        return (await Owner.Upload(placed ? ExifTool.Placed(bytes, "jpg") : bytes, "photo.jpg", waitSeconds: 30)).Id;
    }

    private async Task<byte[]> Preview(JsonNode asset) =>
        (await Platform.Nobody.Get(asset["variants"]!.AsArray().Single(variant => variant!["preset"]!.GetValue<string>() == "preview")!["url"]!.GetValue<string>())).Expect(HttpStatusCode.OK).Bytes;

    /// <summary>What <see cref="ExifTool.Placed"/> has written, as it lies in the bytes whatever a reader makes of them: texts of XMP, and the 48° 8' of EXIF in both orders of bytes.</summary>
    private static string[] TracesOfMunich(byte[] bytes)
    {
        (string Name, byte[] Bytes)[] traces =
        [
            ("city", "Munich"u8.ToArray()), ("XMP", "48,8.22"u8.ToArray()), ("XMP as decimals", "48.137"u8.ToArray()),
            ("EXIF", [0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1]), ("EXIF, little end first", [48, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0]),
        ];
        return [.. traces.Where(trace => bytes.AsSpan().IndexOf(trace.Bytes) >= 0).Select(trace => trace.Name)];
    }

    /// <summary>The TIFF within the first segment of a JPEG that is EXIF's.</summary>
    private static byte[] ExifOf(byte[] jpeg)
    {
        var at = jpeg.AsSpan().IndexOf("Exif\0\0"u8);
        return jpeg[(at + 6)..(at - 2 + ((jpeg[at - 2] << 8) | jpeg[at - 1]))];
    }

    private async Task<Reply> SharedOriginal(Guid id)
    {
        var shared = await Owner.Post($"/media/{id}/share", new { What = "original" });
        var visit = await Eventually.Get("the copy is there", async () => await Visit(shared) is { Status: not HttpStatusCode.ServiceUnavailable } answer ? answer : null);
        return (await Platform.Nobody.Get(visit.Expect(HttpStatusCode.Found).Headers.Location!.OriginalString)).Expect(HttpStatusCode.OK);
    }

    private static byte[] Original(string extension) => extension switch
    {
        "jpg" => Samples.Photo(),
        "mp4" => Samples.Video(),
        "heic" => HandMade.Heic(640, 480),
        "avif" => Samples.Made("picture.avif", "-f lavfi -i testsrc2=s=640x480 -frames:v 1 -c:v libaom-av1 -crf 20 -cpu-used 8 -still-picture 1"),
        "gif" => Samples.Made("picture.gif", "-f lavfi -i testsrc2=s=640x480 -frames:v 1"),
        "jp2" => Samples.Made("picture.jp2", "-f lavfi -i testsrc2=s=640x480 -frames:v 1 -c:v libopenjpeg -pix_fmt rgb24"),
        "m4a" => Samples.Made("sound.m4a", "-f lavfi -i sine=duration=1 -c:a aac"),
        "mov" => Samples.Made("film.mov", "-f lavfi -i testsrc2=s=320x240:d=1 -f lavfi -i sine=duration=1 -c:v mpeg4 -c:a aac -shortest"),
        _ => Samples.Made("picture." + extension, "-f lavfi -i testsrc2=s=640x480 -frames:v 1 -pix_fmt rgb24"),
    };

    /// <summary>A hash over every decoded frame and sample.</summary>
    private static string Decoded(byte[] bytes, string extension)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.{extension}");
        File.WriteAllBytes(path, bytes);
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0", "-f", "md5", "-"]) { RedirectStandardOutput = true })!;
            var hash = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return hash.StartsWith("MD5=", StringComparison.Ordinal) ? hash : throw new AssertionException("Nothing was decoded.");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
