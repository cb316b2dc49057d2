using System.Text.Json;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>unsplash.com: photos alone, 50 requests an hour until it has approved an application.</summary>
/// <remarks>https://unsplash.com/documentation, and https://help.unsplash.com/en/articles/2511258-guideline-triggering-a-download</remarks>
internal sealed class Unsplash(StockConventions conventions, StockOptions options, StockDoor door, AnswerMemory memory, ILogger logger) : StockProvider(conventions, options, door, memory, logger)
{
    private const int MaxPage = 30;

    public static StockConventions Conventions(StockAccount account) => new("unsplash", "Unsplash", account)
    {
        Headers = [new("Authorization", $"Client-ID {account.Key}"), new("Accept-Version", "v1")],
        NextWindow = StockConventions.NextHour,
    };

    public override bool Has(MediaType type) => type is MediaType.Image;

    public override async Task NoteDownload(StockItem item, CancellationToken cancellationToken)
    {
        if (item.DownloadLocation is not { } location) return;
        if (!Door.Leads(location)) // the key would go there
        {
            Warn(0, new(StockFault.AnswerUnreadable, "An item's download_location is not one of Unsplash's API.", RetryAt: null));
            return;
        }

        var reply = await Door.Get(location, cancellationToken);
        if (reply.Fault is { } fault) Warn(reply.Calls, fault);
    }

    protected override string Address(StockQuestion question, string words) =>
        $"/search/photos?query={words}&per_page={PageOf(question, MaxPage)}{And("orientation", Shape(question, "landscape", "portrait", "squarish"))}";

    protected override IEnumerable<StockItem> Read(ReadOnlySpan<byte> json, StockQuestion question) =>
        Each(JsonSerializer.Deserialize(json, StockJson.Default.UnsplashPhotos)?.Results, StockJson.Default.UnsplashPhoto).Select(Item).OfType<StockItem>();

    /// <summary>
    /// <c>raw</c> is the file as it was given, and the size that is told is its own; <c>full</c> is compressed once more when it is asked for, and the same
    /// photo has another SHA-256 as soon as that is done in another way. What <c>raw</c> has as a query is how Unsplash counts views, and stays.
    /// </summary>
    private StockItem? Item(UnsplashPhoto photo) =>
        photo.Id is { Length: > 0 and <= 100 } id && FileOf(photo.Urls?.Raw, photo.Width, photo.Height) is { } file && StockText.Web(photo.Links?.Html) is { } page
            ? new(Name, id, MediaType.Image, file.Url, page, file.Width, file.Height)
            {
                Author = StockText.Said(photo.User?.Name),
                Title = StockText.Said(photo.AltDescription) ?? StockText.Said(photo.Description),
                Tags = StockText.Tags(Each(photo.Tags ?? [], StockJson.Default.UnsplashTag).Select(tag => tag.Title)),
                DownloadLocation = StockText.Web(photo.Links?.DownloadLocation),
            }
            : null;
}

internal sealed record UnsplashPhotos(IReadOnlyList<JsonElement>? Results);

internal sealed record UnsplashPhoto(
    string? Id, int? Width, int? Height, string? Description, string? AltDescription, UnsplashUrls? Urls, UnsplashLinks? Links, UnsplashUser? User, IReadOnlyList<JsonElement>? Tags);

internal sealed record UnsplashUrls(string? Raw);

internal sealed record UnsplashLinks(string? Html, string? DownloadLocation);

internal sealed record UnsplashUser(string? Name);

internal sealed record UnsplashTag(string? Title);
