using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>
/// A provider of stock photos and videos that has a key. <c>IReadOnlyList&lt;IStockProvider&gt;</c> and <c>IEnumerable&lt;IStockProvider&gt;</c> are
/// all of them, in the order in which they are to be asked.
/// </summary>
public interface IStockProvider
{
    /// <summary><c>pexels</c>, <c>unsplash</c> or <c>pixabay</c>.</summary>
    string Name { get; }

    /// <summary>Whether there is anything of that type at all; Unsplash has no videos, and nobody has more than images and videos.</summary>
    bool Has(MediaType type);

    /// <summary>
    /// Asks for what fits. It throws for nothing that the provider does: whatever goes wrong is the answer's <see cref="StockAnswer.Fault"/>. What was
    /// answered within a day is answered again without a request.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<StockAnswer> Search(StockQuestion question, CancellationToken cancellationToken);

    /// <summary>Tells the provider that an item was downloaded, where it wants to know (Unsplash). That it could not be told is logged, and harmless.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task NoteDownload(StockItem item, CancellationToken cancellationToken);
}

/// <summary>What is looked for.</summary>
/// <param name="Type">Images or videos; of anything else nobody has any.</param>
/// <param name="Words">As people write them, in any language. As many as a provider takes are asked for (Pixabay: 100 characters together), the first ones first.</param>
/// <param name="Count">How many are wanted. More may come, so that those that are here already can be left out; fewer as well.</param>
public sealed record StockQuestion(MediaType Type, IReadOnlyList<string> Words, int Count)
{
    /// <summary>Pixels that the downloaded file has at least; null for any number.</summary>
    public int? MinWidth { get; init; }

    /// <inheritdoc cref="MinWidth"/>
    public int? MinHeight { get; init; }

    /// <summary>Milliseconds that a video lasts at least; one that does not say how long it is does not fit. Null for any length, and for images.</summary>
    public long? MinDurationMs { get; init; }

    /// <summary>Width ÷ height. Providers know landscape, portrait and square (0.9 to 1.1) alone; how well an item fits is the caller's to judge. Null for any.</summary>
    public double? AspectRatio { get; init; }
}

/// <summary>A photo or a video that can be downloaded. Its texts have no control characters and at most 500 characters.</summary>
/// <param name="Provider">The provider's <see cref="IStockProvider.Name"/>.</param>
/// <param name="ProviderId">Unique among those of the provider and the type.</param>
/// <param name="DownloadUrl">The file, over http or https, without a key; at most 4,096 characters.</param>
/// <param name="PageUrl">The provider's page on it, for people and as its provenance.</param>
/// <param name="Width">Pixels of the file at <paramref name="DownloadUrl"/>, more than 0.</param>
/// <param name="Height">Pixels of the file at <paramref name="DownloadUrl"/>, more than 0.</param>
public sealed record StockItem(string Provider, string ProviderId, MediaType Type, Uri DownloadUrl, Uri PageUrl, int Width, int Height)
{
    /// <summary>Milliseconds, of which providers tell whole seconds; null for images, and where it is not told.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Who made it; null where it is not told.</summary>
    public string? Author { get; init; }

    /// <summary>The alternative text or the description; null where there is none.</summary>
    public string? Title { get; init; }

    /// <summary>As the provider writes them, at most 50.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What <see cref="IStockProvider.NoteDownload"/> asks; null where the provider does not want to know.</summary>
    public Uri? DownloadLocation { get; init; }
}

/// <summary>What a provider has of what was looked for, in its own order.</summary>
/// <param name="Items">Those that fit, more than were wanted among them; none when there is a fault.</param>
/// <param name="Calls">HTTP requests that were made, repeated ones included.</param>
/// <param name="Fault">Why there is no answer; null when there is one.</param>
public sealed record StockAnswer(IReadOnlyList<StockItem> Items, int Calls, StockFault? Fault);

/// <summary>Why a provider gave no answer.</summary>
/// <param name="Code">One of the codes below.</param>
/// <param name="Message">A sentence for people, without the key and without a URL.</param>
/// <param name="RetryAt">Before that it makes no sense to ask again; null where nobody knows.</param>
public sealed record StockFault(string Code, string Message, DateTimeOffset? RetryAt)
{
    /// <summary>No more requests are taken before <see cref="RetryAt"/>, which is always known; none is made before.</summary>
    public const string RateLimited = "PROVIDER_RATE_LIMITED";

    /// <summary>It cannot be reached, or says itself that something is wrong with it.</summary>
    public const string Unavailable = "PROVIDER_UNAVAILABLE";

    /// <summary>It refuses us, mostly for the key.</summary>
    public const string Refused = "PROVIDER_REFUSED";

    /// <summary>What it answers is not what it is documented to answer.</summary>
    public const string AnswerUnreadable = "PROVIDER_ANSWER_UNREADABLE";

    /// <summary>It does not answer in time.</summary>
    public const string TimedOut = "PROVIDER_TIMED_OUT";
}
