using System.Text.Json;
using System.Text.Json.Serialization;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>pixabay.com: photos and videos, 100 requests a minute. The key stands in the query, and a wrong one is answered by 400.</summary>
/// <remarks>https://pixabay.com/api/docs/</remarks>
internal sealed class Pixabay(StockConventions conventions, StockOptions options, StockDoor door, AnswerMemory memory, ILogger logger) : StockProvider(conventions, options, door, memory, logger)
{
    private const int MaxPage = 200;

    /// <summary>Pixels of the longest side of <c>largeImageURL</c>.</summary>
    private const int LargeSide = 1280;

    public static StockConventions Conventions(StockAccount account) => new("pixabay", "Pixabay", account)
    {
        SecretQuery = $"&key={Uri.EscapeDataString(account.Key)}",
        Reset = static (seconds, now) => now.AddSeconds(seconds),
        NextWindow = static now => now.AddMinutes(1),
    };

    protected override int MaxQuery => 100;

    public override bool Has(MediaType type) => type is MediaType.Image or MediaType.Video;

    protected override string Address(StockQuestion question, string words)
    {
        var path = question.Type is MediaType.Video ? "/api/videos/" : "/api/";
        var kind = question.Type is MediaType.Video ? "" : $"&image_type=photo{And("orientation", Shape(question, "horizontal", "vertical", square: null))}";
        return $"{path}?q={words}&per_page={PageOf(question, MaxPage)}&safesearch=true{kind}{And("min_width", question.MinWidth)}{And("min_height", question.MinHeight)}";
    }

    protected override IEnumerable<StockItem> Read(ReadOnlySpan<byte> json, StockQuestion question)
    {
        var hits = JsonSerializer.Deserialize(json, StockJson.Default.PixabayHits)?.Hits;
        return question.Type is MediaType.Video
            ? Each(hits, StockJson.Default.PixabayVideo).Select(video => Item(video, question)).OfType<StockItem>()
            : Each(hits, StockJson.Default.PixabayPhoto).Select(photo => Item(photo, question)).OfType<StockItem>();
    }

    private StockItem? Item(PixabayPhoto photo, StockQuestion question) =>
        photo.Id is { } id && FileOf(photo, question) is { } file && StockText.Web(photo.PageUrl) is { } page
            ? new(Name, id.ToString(), MediaType.Image, file.Url, page, file.Width, file.Height) { Author = StockText.Said(photo.User), Tags = TagsOf(photo.Tags) }
            : null;

    private StockItem? Item(PixabayVideo video, StockQuestion question) =>
        video.Id is { } id && StockText.Web(video.PageUrl) is { } page && Best(question, FilesOf(video)) is { } file
            ? new(Name, id.ToString(), MediaType.Video, file.Url, page, file.Width, file.Height)
            {
                DurationMs = Milliseconds(video.Duration), Author = StockText.Said(video.User), Tags = TagsOf(video.Tags),
            }
            : null;

    /// <summary>The original, which keys with full access are given; otherwise the large copy, in its own size and not the original's.</summary>
    private StockFile? FileOf(PixabayPhoto photo, StockQuestion question)
    {
        if (FileOf(photo.ImageUrl, photo.ImageWidth, photo.ImageHeight) is { } original && IsLarge(question, original.Width, original.Height)) return original;
        return FileOf(photo.LargeImageUrl, photo.ImageWidth, photo.ImageHeight) is { } large ? Scaled(large) : null;
    }

    private static StockFile Scaled(StockFile file)
    {
        var scale = Math.Min(1, (double)LargeSide / Math.Max(file.Width, file.Height));
        return file with { Width = Pixels(file.Width * scale), Height = Pixels(file.Height * scale) };
    }

    private static int Pixels(double side) => Math.Max(1, (int)Math.Round(side));

    /// <summary>Those that there are: of a size that there is not, the file has no bytes.</summary>
    private static IEnumerable<StockFile> FilesOf(PixabayVideo video) =>
        new[] { video.Videos?.Large, video.Videos?.Medium, video.Videos?.Small, video.Videos?.Tiny }
            .Where(file => file?.Size is > 0).Select(file => FileOf(file!.Url, file.Width, file.Height)).OfType<StockFile>();

    private static IReadOnlyList<string> TagsOf(string? tags) => StockText.Tags(tags?.Split(','));
}

internal sealed record PixabayHits(IReadOnlyList<JsonElement>? Hits);

internal sealed record PixabayPhoto(
    long? Id, [property: JsonPropertyName("pageURL")] string? PageUrl, [property: JsonPropertyName("imageURL")] string? ImageUrl,
    [property: JsonPropertyName("largeImageURL")] string? LargeImageUrl, [property: JsonPropertyName("imageWidth")] int? ImageWidth,
    [property: JsonPropertyName("imageHeight")] int? ImageHeight, string? User, string? Tags);

internal sealed record PixabayVideo(long? Id, [property: JsonPropertyName("pageURL")] string? PageUrl, double? Duration, string? User, string? Tags, PixabayVideoFiles? Videos);

internal sealed record PixabayVideoFiles(PixabayVideoFile? Large, PixabayVideoFile? Medium, PixabayVideoFile? Small, PixabayVideoFile? Tiny);

internal sealed record PixabayVideoFile(string? Url, int? Width, int? Height, long? Size);
