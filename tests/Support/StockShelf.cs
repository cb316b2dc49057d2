using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace MediaPlatform.Tests.Support;

/// <summary>A photo that a provider has. One with tags is found by any of them alone, one without by any word.</summary>
/// <param name="Id">A number, but for Unsplash.</param>
public sealed record StockPhoto(string Id, int Width, int Height)
{
    public string? Title { get; init; }
    public string Author { get; init; } = "Ann Lee";
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Whether Pixabay gives the original to this key.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What is downloaded, in any size.</summary>
    public byte[] Bytes { get; init; } = [0xFF, 0xD8, 0xFF];
}

/// <summary>A video that a provider has, found as a photo is.</summary>
/// <param name="Id">A number.</param>
public sealed record StockVideo(string Id, int Seconds, params ImmutableArray<StockVideoFile> Files)
{
    public string Author { get; init; } = "Bea Lee";
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>What is downloaded, in any size.</summary>
    public byte[] Bytes { get; init; } = [0, 0, 0, 24];
}

/// <summary>One of the files of a video; of Pixabay they are large, medium, small and tiny, in that order.</summary>
public sealed record StockVideoFile(int? Width, int? Height, string Type = "video/mp4", long Size = 1000);

/// <summary>An answer to one request in the place of the right one.</summary>
public sealed record StockReply(int Status, string Body = "", params (string Name, string Value)[] Headers)
{
    public static StockReply Garbage { get; } = new(200, "<html>Be right back</html>");

    /// <summary>Nothing, until the other side has gone.</summary>
    public static StockReply Hang { get; } = new(0);

    /// <summary>The connection ends.</summary>
    public static StockReply HangUp { get; } = new(-1);

    public static StockReply Json(string body) => new(200, body);
}

/// <summary>How a search was asked.</summary>
public sealed record StockAsked(string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Raw);

/// <summary>One provider's photos and videos, what it was asked, and how it answers.</summary>
public sealed class StockShelf(string name, string key, Func<StockShelf, string, IEnumerable<StockPhoto>, object> photos, Func<StockShelf, string, IEnumerable<StockVideo>, object> videos)
{
    private readonly ConcurrentQueue<StockReply> replies = new();
    private readonly SemaphoreSlim hanging = new(0);

    public string Name => name;
    public string Key => key;
    public ImmutableList<StockPhoto> Photos { get; set; } = [];
    public ImmutableList<StockVideo> Videos { get; set; } = [];

    /// <summary>What each right answer says of limits and the like.</summary>
    public ImmutableDictionary<string, string> Headers { get; set; } = [];

    /// <summary>The searches, those that were refused as well.</summary>
    public ConcurrentQueue<StockAsked> Asked { get; } = new();

    /// <summary>The ids whose <c>download_location</c> was asked.</summary>
    public ConcurrentQueue<string> Noted { get; } = new();

    /// <summary>The ids that were downloaded.</summary>
    public ConcurrentQueue<string> Downloaded { get; } = new();

    /// <summary>Whether downloads say how long they are.</summary>
    public bool TellsLength { get; set; } = true;

    /// <summary>The next requests are answered so, one each; after them all is right again.</summary>
    public void Reply(params StockReply[] next)
    {
        foreach (var reply in next) replies.Enqueue(reply);
    }

    /// <summary>Until a request hangs.</summary>
    public async Task Hanging() => Assert.That(await hanging.WaitAsync(TimeSpan.FromSeconds(20)), "nobody asked");

    /// <summary>As new, but for what is on it.</summary>
    public void Reset()
    {
        replies.Clear();
        Asked.Clear();
        Noted.Clear();
        Downloaded.Clear();
        Headers = [];
        TellsLength = true;
    }

    internal async Task Search(HttpContext context, bool isVideo, bool isUser)
    {
        var query = context.Request.Query.ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString(), StringComparer.Ordinal);
        Asked.Enqueue(new(context.Request.Path, query, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), context.Request.QueryString.Value!));
        if (await Misbehaves(context, isUser)) return;

        var words = (query.GetValueOrDefault("query") ?? query["q"]).Split(' ');
        var number = int.Parse(query["per_page"]);
        var url = $"http://{context.Request.Host}";
        await context.Response.WriteAsJsonAsync(isVideo
            ? videos(this, url, Videos.Where(video => IsFound(video.Tags, words)).Take(number))
            : photos(this, url, Photos.Where(photo => IsFound(photo.Tags, words)).Take(number)));
    }

    internal async Task Note(string id, HttpContext context, bool isUser)
    {
        Noted.Enqueue(id);
        if (await Misbehaves(context, isUser)) return;
        await context.Response.WriteAsJsonAsync(new { url = $"http://{context.Request.Host}/files/{name}/photos/{id}/original.jpg" });
    }

    internal IResult Download(string kind, string id)
    {
        Downloaded.Enqueue(id);
        return kind == "videos"
            ? Videos.Find(video => video.Id == id) is { } video ? Bytes(video.Bytes, "video/mp4") : Results.NotFound()
            : Photos.Find(photo => photo.Id == id) is { } photo ? Bytes(photo.Bytes, "image/jpeg") : Results.NotFound();
    }

    private IResult Bytes(byte[] bytes, string type) => TellsLength ? Results.Bytes(bytes, type) : Results.Stream(async stream => await stream.WriteAsync(bytes), type);

    private static bool IsFound(ImmutableArray<string> tags, string[] words) => tags.IsEmpty || tags.Intersect(words, StringComparer.OrdinalIgnoreCase).Any();

    private async Task<bool> Misbehaves(HttpContext context, bool isUser)
    {
        if (!replies.TryDequeue(out var reply) && !isUser) reply = StockShapes.NoUser(name);
        foreach (var (header, value) in Headers) context.Response.Headers[header] = value;
        if (reply is null) return false;

        if (reply.Status <= 0) return await Leave(context, reply);
        context.Response.StatusCode = reply.Status;
        foreach (var (header, value) in reply.Headers) context.Response.Headers[header] = value;
        await context.Response.WriteAsync(reply.Body);
        return true;
    }

    private async Task<bool> Leave(HttpContext context, StockReply reply)
    {
        if (reply == StockReply.HangUp)
        {
            context.Abort();
            return true;
        }

        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        hanging.Release();
        await gone.Task;
        return true;
    }
}
