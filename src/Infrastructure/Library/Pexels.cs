using System.Text.Json;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>pexels.com: photos and videos, 200 requests an hour and 20,000 a month. Its headers count the month alone, and stand in answers that succeed alone.</summary>
/// <remarks>https://www.pexels.com/api/documentation/</remarks>
internal sealed class Pexels(StockConventions conventions, StockOptions options, StockDoor door, AnswerMemory memory, ILogger logger) : StockProvider(conventions, options, door, memory, logger)
{
    private const int MaxPage = 80;

    public static StockConventions Conventions(StockAccount account) => new("pexels", "Pexels", account)
    {
        Headers = [new("Authorization", account.Key)],
        Reset = static (unixTime, _) => DateTimeOffset.FromUnixTimeSeconds(unixTime),
        NextWindow = StockConventions.NextHour,
    };

    public override bool Has(MediaType type) => type is MediaType.Image or MediaType.Video;

    protected override string Address(StockQuestion question, string words)
    {
        var (path, size) = question.Type is MediaType.Video ? ("/videos/search", VideoSize(question)) : ("/v1/search", PhotoSize(question));
        return $"{path}?query={words}&per_page={PageOf(question, MaxPage)}{And("orientation", Shape(question, "landscape", "portrait", "square"))}{And("size", size)}";
    }

    protected override IEnumerable<StockItem> Read(ReadOnlySpan<byte> json, StockQuestion question) => question.Type is MediaType.Video
        ? Each(JsonSerializer.Deserialize(json, StockJson.Default.PexelsVideos)?.Videos, StockJson.Default.PexelsVideo).Select(video => Item(video, question)).OfType<StockItem>()
        : Each(JsonSerializer.Deserialize(json, StockJson.Default.PexelsPhotos)?.Photos, StockJson.Default.PexelsPhoto).Select(Item).OfType<StockItem>();

    /// <summary>The original, whose size is the one that is told.</summary>
    private StockItem? Item(PexelsPhoto photo) =>
        photo.Id is { } id && FileOf(photo.Src?.Original, photo.Width, photo.Height) is { } file && StockText.Web(photo.Url) is { } page
            ? new(Name, id.ToString(), MediaType.Image, file.Url, page, file.Width, file.Height) { Author = StockText.Said(photo.Photographer), Title = StockText.Said(photo.Alt) }
            : null;

    private StockItem? Item(PexelsVideo video, StockQuestion question) =>
        video.Id is { } id && StockText.Web(video.Url) is { } page && Best(question, FilesOf(video)) is { } file
            ? new(Name, id.ToString(), MediaType.Video, file.Url, page, file.Width, file.Height) { DurationMs = Milliseconds(video.Duration), Author = StockText.Said(video.User?.Name) }
            : null;

    /// <summary>Among them is a playlist for streaming, which is no file.</summary>
    private static IEnumerable<StockFile> FilesOf(PexelsVideo video) =>
        Each(video.VideoFiles ?? [], StockJson.Default.PexelsVideoFile).Where(file => file.FileType == "video/mp4" && file.Size is not 0).Select(file => FileOf(file.Link, file.Width, file.Height)).OfType<StockFile>();

    /// <summary>Of photos <c>large</c> has 24 megapixels at least, <c>medium</c> 12 and <c>small</c> 4; none that fits may be left out.</summary>
    private static string? PhotoSize(StockQuestion question) => ((long)(question.MinWidth ?? 0) * (question.MinHeight ?? 0)) switch
    {
        >= 24_000_000 => "large",
        >= 12_000_000 => "medium",
        >= 4_000_000 => "small",
        _ => null,
    };

    /// <summary>Of videos they are 4K, Full HD and HD.</summary>
    private static string? VideoSize(StockQuestion question) => Math.Max(question.MinWidth ?? 0, question.MinHeight ?? 0) switch
    {
        >= 3840 => "large",
        >= 1920 => "medium",
        >= 1280 => "small",
        _ => null,
    };
}

internal sealed record PexelsPhotos(IReadOnlyList<JsonElement>? Photos);

internal sealed record PexelsPhoto(long? Id, int? Width, int? Height, string? Url, string? Photographer, string? Alt, PexelsSource? Src);

internal sealed record PexelsSource(string? Original);

internal sealed record PexelsVideos(IReadOnlyList<JsonElement>? Videos);

internal sealed record PexelsVideo(long? Id, string? Url, double? Duration, PexelsUser? User, IReadOnlyList<JsonElement>? VideoFiles);

internal sealed record PexelsUser(string? Name);

internal sealed record PexelsVideoFile(string? FileType, int? Width, int? Height, string? Link, long? Size);
