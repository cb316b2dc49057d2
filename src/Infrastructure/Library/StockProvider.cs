using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>A file of an item, in one of its sizes.</summary>
internal readonly record struct StockFile(Uri Url, int Width, int Height);

/// <summary>What the adapters have in common: an adapter says what to ask for and reads the answer.</summary>
internal abstract class StockProvider(StockConventions conventions, StockOptions options, StockDoor door, AnswerMemory memory, ILogger logger) : IStockProvider
{
    /// <summary>Pixels of the longest side. A file of a video above that is taken only where no smaller one is large enough: it is of no use to most, and very long.</summary>
    private const int LongestSide = 4096;

    private const int FewestAsked = 10;

    public string Name => conventions.Name;

    protected StockDoor Door => door;

    /// <summary>Characters that a query may have.</summary>
    protected virtual int MaxQuery => 200;

    public abstract bool Has(MediaType type);

    public async Task<StockAnswer> Search(StockQuestion question, CancellationToken cancellationToken)
    {
        var words = StockText.Query(question.Words, MaxQuery);
        if (!Has(question.Type) || words.Length == 0 || question.Count < 1) return new([], 0, Fault: null);
        if (memory.Find(question, words) is { } known) return new(known, 0, Fault: null);

        var reply = await door.Get(Address(question, Uri.EscapeDataString(words)), cancellationToken);
        if (reply.Body is null) return Failed(reply.Calls, reply.Fault!);
        try
        {
            List<StockItem> items = [.. Read(reply.Body, question).Where(item => Fits(question, item)).DistinctBy(item => item.ProviderId)];
            memory.Keep(question, words, items);
            return new(items, reply.Calls, Fault: null);
        }
        catch (JsonException)
        {
            return Failed(reply.Calls, new(StockFault.AnswerUnreadable, $"What {conventions.Title} answers is not the list that was asked for.", RetryAt: null));
        }
    }

    public virtual Task NoteDownload(StockItem item, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Path and query, without the key.</summary>
    /// <param name="words">Ready for a URL.</param>
    protected abstract string Address(StockQuestion question, string words);

    /// <summary>The items of an answer that have all they need.</summary>
    /// <exception cref="JsonException">It is no answer at all.</exception>
    protected abstract IEnumerable<StockItem> Read(ReadOnlySpan<byte> json, StockQuestion question);

    /// <summary>More than are wanted, since some are here already, and more still where some will be left out here.</summary>
    protected static int PageOf(StockQuestion question, int most)
    {
        var isPicky = question.MinWidth is not null || question.MinHeight is not null || question.MinDurationMs is not null;
        return (int)Math.Clamp(question.Count * (isPicky ? 4L : 2L), FewestAsked, most);
    }

    /// <summary>The one of three words that stands for the shape that is wanted; null for any.</summary>
    protected static string? Shape(StockQuestion question, string landscape, string portrait, string? square) => question.AspectRatio switch
    {
        > 1.1 and < double.PositiveInfinity => landscape,
        >= 0.9 and <= 1.1 => square,
        > 0 and < 0.9 => portrait,
        _ => null,
    };

    /// <summary>A parameter of a query; nothing without a value.</summary>
    protected static string And<T>(string name, T? value) => value is null ? "" : $"&{name}={value}";

    /// <summary>What can be read of a list; one bad entry harms no other.</summary>
    /// <exception cref="JsonException">There is no list.</exception>
    protected static IEnumerable<T> Each<T>(IReadOnlyList<JsonElement>? entries, JsonTypeInfo<T> type)
        where T : class
    {
        foreach (var entry in entries ?? throw new JsonException("There is no list."))
        {
            if (Read(entry, type) is { } read) yield return read;
        }
    }

    /// <summary>The largest that is not beyond <see cref="LongestSide"/>, of those that are large enough; otherwise the next one up.</summary>
    protected StockFile? Best(StockQuestion question, IEnumerable<StockFile> files) => files
        .Where(file => IsLarge(question, file.Width, file.Height))
        .OrderBy(file => Math.Max(file.Width, file.Height) > LongestSide)
        .ThenBy(file => (long)file.Width * file.Height * (Math.Max(file.Width, file.Height) > LongestSide ? 1 : -1))
        .Select(file => (StockFile?)file)
        .FirstOrDefault();

    /// <summary>Large enough for who asks, and not too large for the worker.</summary>
    protected bool IsLarge(StockQuestion question, int width, int height) =>
        width > 0 && height > 0 && (long)width * height <= options.MaxPixels && width >= (question.MinWidth ?? 0) && height >= (question.MinHeight ?? 0);

    /// <summary>A file with its size; null when any of it is missing.</summary>
    protected static StockFile? FileOf(string? url, int? width, int? height) =>
        StockText.Web(url) is { } link && width is > 0 and { } w && height is > 0 and { } h ? new(link, w, h) : null;

    protected static long? Milliseconds(double? seconds) => seconds is > 0 and < int.MaxValue ? (long)Math.Round(seconds.Value * 1000) : null;

    protected void Warn(int calls, StockFault fault) =>
        logger.LogWarning("{Provider} gave no answer to {Calls} requests: {Code}, {Message}", conventions.Title, calls, fault.Code, fault.Message);

    private bool Fits(StockQuestion question, StockItem item) => IsLarge(question, item.Width, item.Height) && (item.Type is MediaType.Image || question.MinDurationMs is not { } least || item.DurationMs >= least);

    private StockAnswer Failed(int calls, StockFault fault)
    {
        if (calls > 0) Warn(calls, fault);
        return new([], calls, fault);
    }

    private static T? Read<T>(JsonElement entry, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return entry.Deserialize(type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
