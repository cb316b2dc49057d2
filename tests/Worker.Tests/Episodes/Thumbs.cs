using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Episodes;

/// <summary>Owners of thumbnails, what these are made of, and how they look.</summary>
internal static class Thumbs
{
    public const int Within = 12;

    private static readonly HttpClient Http = new();
    private static int pictures;

    /// <summary>A picture of one colour, of bytes that no other has.</summary>
    public static byte[] Picture(string color, int width, int height) => Drawn($"color={color}:size={width}x{height}");

    /// <summary>A square, white above and below, green between: only where it is cut to 16:9 and not pressed into it, no white is left.</summary>
    public static byte[] Banded() => Drawn("color=white:size=900x900,drawbox=x=0:y=190:w=900:h=520:color=lime:t=fill");

    /// <summary>4:3, three seconds: red, green, blue.</summary>
    public static byte[] Film() => Samples.Made(
        "film.mp4",
        "-f lavfi -i color=red:size=320x240:rate=25:duration=1 -f lavfi -i color=lime:size=320x240:rate=25:duration=1 -f lavfi -i color=blue:size=320x240:rate=25:duration=1 "
        + $"-filter_complex concat=n=3 -pix_fmt yuv420p -metadata title=film{Interlocked.Increment(ref pictures)}");

    public static async Task<Guid> Asset(this Tenant tenant, byte[] bytes, string name = "picture.png") => (await tenant.Upload(bytes, name)).Expect(HttpStatusCode.Created).Id;

    public static async Task<Guid> Background(this Tenant tenant, string color) => await tenant.Background(Picture(color, 1600, 900));

    public static async Task<Guid> Background(this Tenant tenant, byte[] picture) =>
        (await tenant.Post("/backgrounds", new { Name = "A background", AssetId = await tenant.Asset(picture) })).Expect(HttpStatusCode.Created).Id;

    public static async Task<Guid> Outfit(this Tenant tenant, string? color) =>
        (await tenant.Post("/outfits", new { Name = "An outfit", AssetId = color is null ? (Guid?)null : await tenant.Asset(Picture(color, 200, 400)) })).Expect(HttpStatusCode.Created).Id;

    public static async Task<Guid> Episode(this Tenant tenant, Guid? background = null, Guid? outfit = null) =>
        (await tenant.Post("/episodes", new { Title = "Pictured", Backgrounds = In(background), Wardrobe = outfit is null ? null : new { OutfitId = outfit } })).Expect(HttpStatusCode.Created).Id;

    public static async Task Show(this Tenant tenant, Guid episode, Guid? background) =>
        (await tenant.Patch($"/episodes/{episode}", new { Backgrounds = new { MainCloset = background is null ? null : new { BackgroundId = background } } })).Expect(HttpStatusCode.OK);

    public static async Task<JsonNode> Thumbnail(this Tenant tenant, string owner) => (await tenant.Get($"{owner}/thumbnail")).Data;

    /// <summary>Waits until it has a status, and gives it.</summary>
    public static Task<JsonNode> ThumbnailBecomes(this Tenant tenant, string owner, string status) => Eventually.Get(
        $"the thumbnail of {owner} is {status}", async () => await tenant.Thumbnail(owner) is var found && found["status"]!.GetValue<string>() == status ? found : null);

    /// <summary>Waits until it is ready, and gives the colours at these places of its largest size.</summary>
    public static async Task<string[]> Looks(this Tenant tenant, string owner, params (double Across, double Down)[] places)
    {
        var ready = await tenant.ThumbnailBecomes(owner, "ready");
        return Look.At(await tenant.Fetch(ready["renditions"]![0]!["url"]!.GetValue<string>()), 1280, 720, places);
    }

    public static async Task<byte[]> Fetch(this Tenant tenant, string url) =>
        url.StartsWith("/api/", StringComparison.Ordinal) ? (await tenant.Get(url)).Expect(HttpStatusCode.OK).Bytes : await Http.GetByteArrayAsync(url);

    public static void AreColors(this string[] seen, params string[] expected) =>
        Assert.That(seen.Zip(expected, Look.Apart), Has.All.LessThanOrEqualTo(Within), $"It has {string.Join(' ', seen)} instead of {string.Join(' ', expected)}");

    private static object? In(Guid? background) => background is null ? null : new { MainCloset = new { BackgroundId = background } };

    private static byte[] Drawn(string filter) => Samples.Made("picture.png", $"-f lavfi -i {filter} -frames:v 1 -metadata number={Interlocked.Increment(ref pictures)}")
        is var png ? [.. png.AsSpan(0, 33), .. Samples.Chunk("tEXt"u8, System.Text.Encoding.ASCII.GetBytes($"Comment\0{Guid.NewGuid():n}")), .. png.AsSpan(33)] : [];
}
