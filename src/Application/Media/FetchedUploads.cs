using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Takes the file behind a URL through the gate that all others pass.</summary>
internal sealed class FetchedUploads(IUrlFetcher fetcher, UploadReceiver receiver)
{
    /// <summary>
    /// The name is the client's, or else the server's, and agrees with the bytes as by any way in; but where a server's name ends as no format's
    /// does, such as image.php, nothing is said by that of the bytes, and the ending of their format takes its place.
    /// </summary>
    /// <param name="admit">Asked when it is known how long the file is, and before any of it has come: gives the stream to read, or says why it is not taken.</param>
    /// <param name="progress">Told of the bytes read so far, and of how many there are.</param>
    /// <exception cref="UrlFetchException">There is no such file to be had.</exception>
    public async Task<Result<ReceivedUpload>> Receive(
        NewUpload upload, Uri url, IReadOnlyList<string>? allowed, Func<FetchedUrl, Task<Result<Stream>>>? admit, Action<long, long?>? progress, CancellationToken cancellationToken)
    {
        await using var fetched = await fetcher.Open(url, cancellationToken);
        var content = admit is null ? fetched.Content : await admit(fetched);
        if (!content.Succeeded) return content.As<ReceivedUpload>();

        if (upload.FileName != FileName.Unnamed) return await Receive(upload);

        var name = FileName.From(fetched.FileName);
        var isTelling = name.Extension.Length == 0 || FileFormats.All.Any(format => format.HasExtension(name.Extension));
        var named = upload with { FileName = isTelling ? name.Value : FileName.Unnamed };
        var received = await Receive(named);
        return isTelling || !received.Succeeded ? received : received.Value with { Upload = named with { FileName = name.WithExtension(received.Value.Format.Extension).Value } };

        Task<Result<ReceivedUpload>> Receive(NewUpload called) =>
            receiver.Receive(called, content.Value, isStored: false, allowed, progress is null ? null : read => progress(read, fetched.Length), cancellationToken);
    }
}
