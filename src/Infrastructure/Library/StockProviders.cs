using System.Text.Json.Serialization;
using MediaPlatform.Application.Library;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>Those that have a key, in the order of the settings.</summary>
internal sealed class StockProviders : IDisposable
{
    private readonly StockHttp http;

    public StockProviders(StockOptions options, TimeProvider time, ILogger<StockProviders> logger)
    {
        http = new StockHttp(options);
        All = [.. options.Order.Select(name => Make(name, options, time, logger))];
    }

    public IReadOnlyList<IStockProvider> All { get; }

    public void Dispose() => http.Dispose();

    private StockProvider Make(string name, StockOptions options, TimeProvider time, ILogger logger)
    {
        var account = options.AccountOf(name);
        var conventions = name switch { "pexels" => Pexels.Conventions(account), "unsplash" => Unsplash.Conventions(account), _ => Pixabay.Conventions(account) };
        var door = new StockDoor(conventions, options, http, time);
        var memory = new AnswerMemory(options.KeepAnswers, time);
        return name switch
        {
            "pexels" => new Pexels(conventions, options, door, memory, logger),
            "unsplash" => new Unsplash(conventions, options, door, memory, logger),
            _ => new Pixabay(conventions, options, door, memory, logger),
        };
    }
}

/// <summary>What is read of the providers' answers; all else in them is passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(PexelsPhotos))]
[JsonSerializable(typeof(PexelsPhoto))]
[JsonSerializable(typeof(PexelsVideos))]
[JsonSerializable(typeof(PexelsVideo))]
[JsonSerializable(typeof(PexelsVideoFile))]
[JsonSerializable(typeof(UnsplashPhotos))]
[JsonSerializable(typeof(UnsplashPhoto))]
[JsonSerializable(typeof(UnsplashTag))]
[JsonSerializable(typeof(PixabayHits))]
[JsonSerializable(typeof(PixabayPhoto))]
[JsonSerializable(typeof(PixabayVideo))]
internal sealed partial class StockJson : JsonSerializerContext;
