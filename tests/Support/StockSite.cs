using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MediaPlatform.Tests.Support;

/// <summary>
/// Pexels, Unsplash and Pixabay on loopback: they speak the JSON that is documented, want their keys, give what is on their shelves, and misbehave as they
/// are told. Of what a query asks they heed the words and the number; the rest can be read in what they were asked.
/// </summary>
public sealed class StockSite : IAsyncDisposable
{
    private readonly WebApplication server;

    private StockSite(WebApplication server) => this.server = server;

    public StockShelf Pexels { get; } = new("pexels", "pexels-key-8Xq2", StockShapes.PexelsPhotos, StockShapes.PexelsVideos);
    public StockShelf Unsplash { get; } = new("unsplash", "unsplash-key-5Vd9", StockShapes.UnsplashPhotos, StockShapes.Nothing);
    public StockShelf Pixabay { get; } = new("pixabay", "27182818-pixabay-key-3Fh7", StockShapes.PixabayPhotos, StockShapes.PixabayVideos);

    public string Url => server.Urls.First();

    public static async Task<StockSite> Start()
    {
        StockSite site = null!;
        await OtherServer.Start(app =>
        {
            site = new StockSite(app);
            app.MapGet("/v1/search", context => site.Pexels.Search(context, isVideo: false, context.Request.Headers.Authorization == site.Pexels.Key));
            app.MapGet("/videos/search", context => site.Pexels.Search(context, isVideo: true, context.Request.Headers.Authorization == site.Pexels.Key));
            app.MapGet("/search/photos", context => site.Unsplash.Search(context, isVideo: false, site.IsUnsplashUser(context)));
            app.MapGet("/photos/{id}/download", (string id, HttpContext context) => site.Unsplash.Note(id, context, site.IsUnsplashUser(context)));
            app.MapGet("/api/", context => site.Pixabay.Search(context, isVideo: false, context.Request.Query["key"] == site.Pixabay.Key));
            app.MapGet("/api/videos/", context => site.Pixabay.Search(context, isVideo: true, context.Request.Query["key"] == site.Pixabay.Key));
            app.MapGet("/files/{provider}/{kind}/{id}/{name}", (string provider, string kind, string id) => site.Shelf(provider).Download(kind, id));
        });
        return site;
    }

    /// <summary>The settings of a platform that asks here, with keys for these providers or for all three, may fetch from here, and remembers no answer.</summary>
    public Dictionary<string, string?> Settings(params string[] providers)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Stock:KeepAnswers"] = "00:00:00", ["Stock:FirstBackoff"] = "00:00:00.01", ["Fetch:Ports:0"] = new Uri(Url).Port.ToString(), ["Fetch:AllowedNetworks:0"] = "127.0.0.1/32",
        };
        foreach (var name in providers is [] ? ["Pexels", "Unsplash", "Pixabay"] : providers)
        {
            settings[$"Stock:{name}:BaseUrl"] = Url;
            settings[$"Stock:{name}:Key"] = Shelf(name).Key;
        }

        return settings;
    }

    public StockShelf Shelf(string provider) => provider.ToLowerInvariant() switch
    {
        "pexels" => Pexels,
        "unsplash" => Unsplash,
        "pixabay" => Pixabay,
        _ => throw new ArgumentException("There is no such provider.", nameof(provider)),
    };

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private bool IsUnsplashUser(HttpContext context) => context.Request.Headers.Authorization == $"Client-ID {Unsplash.Key}" && context.Request.Headers["Accept-Version"] == "v1";
}
