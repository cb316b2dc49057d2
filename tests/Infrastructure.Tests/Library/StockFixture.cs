using System.Collections.Concurrent;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Library;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Tests.Library;

/// <summary>Providers of this process, asked by the adapters.</summary>
internal abstract class StockFixture
{
    private readonly List<StockProviders> made = [];

    protected StockSite Site { get; private set; } = null!;

    protected Lines Log { get; } = new();

    [OneTimeSetUp]
    public async Task Start() => Site = await StockSite.Start();

    [OneTimeTearDown]
    public async Task Stop() => await Site.DisposeAsync();

    [SetUp]
    public void Clear()
    {
        foreach (var shelf in Shelves) (shelf.Photos, shelf.Videos) = ([], []);
        foreach (var shelf in Shelves) shelf.Reset();
        Log.All.Clear();
    }

    [TearDown]
    public void Leave()
    {
        made.ForEach(providers => providers.Dispose());
        made.Clear();
    }

    protected IEnumerable<StockShelf> Shelves => [Site.Pexels, Site.Unsplash, Site.Pixabay];

    /// <summary>With keys for all three, retries that come soon, and no memory.</summary>
    protected StockOptions Options => new()
    {
        Pexels = new() { Key = Site.Pexels.Key, BaseUrl = Site.Url }, Unsplash = new() { Key = Site.Unsplash.Key, BaseUrl = Site.Url + "/" }, Pixabay = new() { Key = Site.Pixabay.Key, BaseUrl = Site.Url },
        FirstBackoff = TimeSpan.FromSeconds(0.01), KeepAnswers = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(20), Patience = TimeSpan.FromSeconds(60),
    };

    protected IStockProvider A(string provider, StockOptions? options = null, TimeProvider? time = null)
    {
        var providers = new StockProviders(options ?? Options, time ?? TimeProvider.System, Log);
        made.Add(providers);
        return providers.All.Single(one => one.Name == provider);
    }

    protected static StockQuestion Photos(string words = "sea", int count = 5) => new(MediaType.Image, words.Split(' '), count);

    protected static StockQuestion Videos(string words = "sea", int count = 5) => new(MediaType.Video, words.Split(' '), count);

    /// <summary>The items of an answer without a fault, of one request.</summary>
    protected static async Task<IReadOnlyList<StockItem>> Found(IStockProvider provider, StockQuestion question)
    {
        var answer = await provider.Search(question, default);
        Assert.That((answer.Fault, answer.Calls), Is.EqualTo(((StockFault?)null, 1)));
        return answer.Items;
    }

    /// <summary>The fault of an answer without items.</summary>
    protected static void Expect(StockAnswer answer, string code, int calls)
    {
        Assert.That((answer.Fault?.Code, answer.Calls), Is.EqualTo((code, calls)), answer.Fault?.Message);
        Assert.That(answer.Items, Is.Empty);
    }

    /// <summary>What is to come by now, so that a test of what never comes ends.</summary>
    protected static Task<StockAnswer> Soon(Task<StockAnswer> searching) => searching.WaitAsync(TimeSpan.FromSeconds(20));

    protected static IEnumerable<string> Ids(IEnumerable<StockItem> items) => items.Select(item => item.ProviderId);

    internal sealed class Lines : ILogger<StockProviders>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
