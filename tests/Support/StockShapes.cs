namespace MediaPlatform.Tests.Support;

/// <summary>The JSON of the three providers as their documentation has it, with what nobody here reads, and with nulls where they have them.</summary>
internal static class StockShapes
{
    public static object Nothing(StockShelf shelf, string url, IEnumerable<StockVideo> videos) => throw new InvalidOperationException($"{shelf.Name} has no videos.");

    public static object PexelsPhotos(StockShelf shelf, string url, IEnumerable<StockPhoto> photos) => new
    {
        total_results = shelf.Photos.Count, page = 1, per_page = 15, next_page = $"{url}/v1/search?page=2",
        photos = photos.Select(photo => new
        {
            id = long.Parse(photo.Id), width = photo.Width, height = photo.Height, url = $"https://www.pexels.com/photo/{photo.Id}/", photographer = photo.Author,
            photographer_url = "https://www.pexels.com/@ann", photographer_id = 7, avg_color = "#978E82", liked = false, alt = photo.Title,
            src = new { original = FileOf(shelf, url, photo, "original"), large2x = FileOf(shelf, url, photo, "large2x"), tiny = FileOf(shelf, url, photo, "tiny") },
        }),
    };

    public static object PexelsVideos(StockShelf shelf, string url, IEnumerable<StockVideo> videos) => new
    {
        total_results = shelf.Videos.Count, page = 1, per_page = 15, url = "https://www.pexels.com/videos/",
        videos = videos.Select(video => new
        {
            id = long.Parse(video.Id), width = video.Files[0].Width, height = video.Files[0].Height, url = $"https://www.pexels.com/video/{video.Id}/", image = "https://images.pexels.com/a.jpg",
            full_res = (string?)null, tags = Array.Empty<string>(), duration = video.Seconds, user = new { id = 7, name = video.Author, url = "https://www.pexels.com/@bea" },
            video_files = video.Files.Select((file, index) => new
            {
                id = index, quality = file.Width is null ? "hls" : "hd", file_type = file.Type, width = file.Width, height = file.Height, fps = 23.976, link = FileOf(shelf, url, video, file),
            }),
            video_pictures = new[] { new { id = 1, picture = "https://images.pexels.com/a.jpg", nr = 0 } },
        }),
    };

    public static object UnsplashPhotos(StockShelf shelf, string url, IEnumerable<StockPhoto> photos) => new
    {
        total = shelf.Photos.Count, total_pages = 1,
        results = photos.Select(photo => new
        {
            id = photo.Id, slug = photo.Id, created_at = "2024-05-01T10:00:00Z", width = photo.Width, height = photo.Height, color = "#26260c", blur_hash = "LEHV6n", likes = 3,
            description = (string?)null, alt_description = photo.Title,
            urls = new { raw = FileOf(shelf, url, photo, "raw") + "?ixid=M3w0&ixlib=rb-4.0.3", full = FileOf(shelf, url, photo, "full"), regular = FileOf(shelf, url, photo, "regular") },
            links = new { self = $"{url}/photos/{photo.Id}", html = $"https://unsplash.com/photos/{photo.Id}", download_location = $"{url}/photos/{photo.Id}/download?ixid=M3w0" },
            user = new { id = "u1", username = "ann", name = photo.Author, portfolio_url = (string?)null },
            tags = photo.Tags.Select(tag => new { type = "search", title = tag }),
        }),
    };

    public static object PixabayPhotos(StockShelf shelf, string url, IEnumerable<StockPhoto> photos) => new
    {
        total = shelf.Photos.Count, totalHits = shelf.Photos.Count,
        hits = photos.Select(photo => new
        {
            id = long.Parse(photo.Id), pageURL = $"https://pixabay.com/photos/{photo.Id}/", type = "photo", tags = string.Join(", ", photo.Tags), previewURL = "https://cdn.pixabay.com/a.jpg",
            webformatURL = FileOf(shelf, url, photo, "640"), largeImageURL = FileOf(shelf, url, photo, "1280"), imageURL = photo.IsOpen ? FileOf(shelf, url, photo, "original") : null,
            imageWidth = photo.Width, imageHeight = photo.Height, imageSize = 4731420, views = 7671, user_id = 48777, user = photo.Author,
        }),
    };

    public static object PixabayVideos(StockShelf shelf, string url, IEnumerable<StockVideo> videos) => new
    {
        total = shelf.Videos.Count, totalHits = shelf.Videos.Count,
        hits = videos.Select(video => new
        {
            id = long.Parse(video.Id), pageURL = $"https://pixabay.com/videos/{video.Id}/", type = "film", tags = string.Join(", ", video.Tags), duration = video.Seconds,
            videos = new { large = PixabayFile(shelf, url, video, 0), medium = PixabayFile(shelf, url, video, 1), small = PixabayFile(shelf, url, video, 2), tiny = PixabayFile(shelf, url, video, 3) },
            views = 4462, user_id = 1281706, user = video.Author,
        }),
    };

    /// <summary>How a wrong key is answered.</summary>
    public static StockReply NoUser(string provider) => provider switch
    {
        "pexels" => new(401, """{"status":401,"code":"Unauthorized"}"""),
        "unsplash" => new(401, """{"errors":["OAuth error: The access token is invalid"]}"""),
        _ => new(400, "[ERROR 400] Invalid or missing API key (https://pixabay.com/api/docs/)."),
    };

    private static object PixabayFile(StockShelf shelf, string url, StockVideo video, int size) =>
        video.Files.ElementAtOrDefault(size) is { } file
            ? new { url = FileOf(shelf, url, video, file), width = file.Width, height = file.Height, size = file.Size, thumbnail = "https://cdn.pixabay.com/a.jpg" }
            : new { url = "", width = (int?)0, height = (int?)0, size = 0L, thumbnail = "" };

    private static string FileOf(StockShelf shelf, string url, StockPhoto photo, string size) => $"{url}/files/{shelf.Name}/photos/{photo.Id}/{size}.jpg";

    private static string FileOf(StockShelf shelf, string url, StockVideo video, StockVideoFile file) => $"{url}/files/{shelf.Name}/videos/{video.Id}/{file.Width}x{file.Height}.mp4";
}
