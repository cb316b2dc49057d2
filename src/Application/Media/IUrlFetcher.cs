using MediaPlatform.Domain;

namespace MediaPlatform.Application.Media;

/// <summary>
/// Fetches a file from the public internet by a URL that a stranger gave: http and https alone, from public addresses alone, whatever a
/// name resolves to and wherever a server sends on to, in bounded time and length.
/// </summary>
public interface IUrlFetcher
{
    /// <summary>A URL as a person writes it, held against all rules that need no network.</summary>
    Result<Uri> Read(string url);

    /// <summary>Asks for the file, follows up to three redirects, and gives its bytes to read. At most <c>Media:MaxFileBytes</c> of them come.</summary>
    /// <exception cref="UrlFetchException">There is no such file to be had; so does the stream throw, later.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<FetchedUrl> Open(Uri url, CancellationToken cancellationToken);
}

/// <summary>A file on its way. Whoever opened it disposes of it, which ends the connection.</summary>
/// <param name="content">The bytes, as they come; to be read asynchronously.</param>
/// <param name="owner">What holds the connection.</param>
public sealed class FetchedUrl(Stream content, IDisposable owner) : IAsyncDisposable
{
    /// <summary>The bytes, as they come; to be read asynchronously. It throws <see cref="UrlFetchException"/>.</summary>
    public Stream Content => content;

    /// <summary>From Content-Disposition or the last segment of the path; safe to show and to store.</summary>
    public required string FileName { get; init; }

    /// <summary>Bytes that the server announces; null when it does not. More than that never come, and fewer are an exception.</summary>
    public required long? Length { get; init; }

    public async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        owner.Dispose();
    }
}

/// <summary>Nothing, or not all, was fetched. No message holds anything of the URL.</summary>
/// <param name="retryable">True when the same URL may do better another time.</param>
public sealed class UrlFetchException(Error error, bool retryable, Exception? innerException = null) : Exception(error.Message, innerException)
{
    /// <summary>Why; the codes begin with <c>URL_</c>.</summary>
    public Error Error => error;

    /// <summary>True when the same URL may do better another time.</summary>
    public bool Retryable => retryable;
}
