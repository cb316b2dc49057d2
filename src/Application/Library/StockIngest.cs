using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Library;

/// <summary>Takes a file of a provider in, by the one way that all files come in, within the budget of the library.</summary>
internal sealed class StockIngest(
    ITransactions transactions, ILibrary library, IMediaAssets assets, IUploads uploads, NewUploads newUploads, FetchedUploads fetched, UploadResolver resolver, ILibraryBudget budget, IManifests manifests,
    IJobs jobs)
{
    private const int MaxPage = 2_000; // an index has them

    /// <summary>Adds an item to a manifest: as the asset that it is already, which gets the tags, or downloaded; either both are done in the end, or neither, and nothing is left.</summary>
    /// <param name="tags">What it was looked for by.</param>
    /// <returns><see cref="LibraryQuotaExceeded"/> when there is no room: then an eviction is queued. Whatever else is wrong is wrong with this file alone.</returns>
    /// <exception cref="OutageException">The storage is away, or full.</exception>
    public async Task<Result<TakenStock>> Take(Guid manifestId, string segment, StockItem item, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var page = UploadResolver.PublicPartOf(item.PageUrl.AbsoluteUri)!;
        if (page.Length > MaxPage) return new StockPageTooLong();
        if (await library.FindByPage(item.Provider, page, cancellationToken) is { } known)
        {
            if (known.DeletedAt is not null) return new SameBytesInTrash(new(known.Id));
            if (!known.IsReadable) return new StockUnreadable();
            return await transactions.Run(ct => Reuse(manifestId, segment, item, new(known.Id), tags, ct), static outcome => outcome.Succeeded, again: false, cancellationToken);
        }

        var upload = newUploads.Of(UploadKind.Stock, fileName: null, mimeType: null, OnTrashed.Refuse) with
        {
            Provider = item.Provider, SourceUrl = page, Texts = TextsOf(item, tags),
        };
        var allowed = await transactions.Run(
            async ct =>
            {
                await uploads.Add(upload, ct);
                return await uploads.AllowedTypes(ct);
            },
            cancellationToken);

        try
        {
            var received = await Receive(upload, item, allowed, cancellationToken);
            if (received.Succeeded && received.Value.Format.Type != item.Type) received = new StockOfAnotherType(item.Type, received.Value.Format);
            var taken = received.Succeeded
                ? await transactions.Run(ct => Keep(manifestId, segment, item, received.Value, ct), static outcome => outcome.Succeeded, again: false, cancellationToken)
                : received.As<TakenStock>();
            if (!taken.Succeeded) await GiveUp(upload.Id, taken.Errors[0]);
            return taken;
        }
        catch (Exception exception)
        {
            await GiveUp(upload.Id, exception is UrlFetchException fault ? fault.Error : new StockInterrupted());
            if (exception is UrlFetchException refused) return refused.Error;
            throw;
        }
    }

    private async Task<Result<ReceivedUpload>> Receive(NewUpload upload, StockItem item, IReadOnlyList<string>? allowed, CancellationToken cancellationToken)
    {
        try
        {
            return await fetched.Receive(upload, item.DownloadUrl, allowed, Admit, progress: null, cancellationToken);
        }
        catch (NoRoomException exception)
        {
            return exception.Error;
        }

        async Task<Result<Stream>> Admit(FetchedUrl file)
        {
            if (await Reserve(upload.Id, LibraryBudget.ToReserve(file.Length, come: 0), cancellationToken) is { } full) return full;
            return new MeteredStream(file.Content, (come, ct) => Reserve(upload.Id, LibraryBudget.ToReserve(file.Length, come), ct));
        }
    }

    private async Task<Result<TakenStock>> Reuse(Guid manifestId, string segment, StockItem item, AssetId asset, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        var added = await manifests.Add(manifestId, [new(segment, item.Type, asset.Value, SegmentFiller.FromTheLibrary, Score: null)], cancellationToken);
        if (added.Count == 0) return new StockNotWanted();

        await assets.AddTags(asset, TextsOf(item, tags).Tags, cancellationToken);
        return new TakenStock(asset, IsDownloaded: false);
    }

    /// <summary>The asset, its place in the manifest and the room that it takes, at once.</summary>
    private async Task<Result<TakenStock>> Keep(Guid manifestId, string segment, StockItem item, ReceivedUpload received, CancellationToken cancellationToken)
    {
        if (!await budget.IsKept(received.Upload.Id, cancellationToken) && !await budget.Reserve(received.Upload.Id, LibraryBudget.ToReserve(received.SizeBytes, come: 0), cancellationToken))
            return new LibraryQuotaExceeded((await budget.Find(cancellationToken)).Quota);

        var resolved = await resolver.Resolve(received, cancellationToken);
        if (!resolved.Succeeded) return resolved.As<TakenStock>();

        if (resolved.Value.Created && received.Format.IsProcessed) await budget.KeepForVariants(received.Upload.Id, cancellationToken);
        else await budget.Release(received.Upload.Id, cancellationToken);

        var source = resolved.Value.Created ? item.Provider : SegmentFiller.FromTheLibrary;
        var added = await manifests.Add(manifestId, [new(segment, item.Type, resolved.Value.AssetId.Value, source, Score: null)], cancellationToken);
        return added.Count == 1 ? new TakenStock(resolved.Value.AssetId, IsDownloaded: true) : new StockNotWanted();
    }

    /// <summary>Null when the room is kept.</summary>
    private async Task<Error?> Reserve(UploadId upload, long bytes, CancellationToken cancellationToken) => await transactions.Run(
        async ct => await budget.Reserve(upload, bytes, ct) ? (Error?)null : new LibraryQuotaExceeded((await budget.Find(ct)).Quota),
        cancellationToken);

    /// <summary>One at a time.</summary>
    internal static readonly NewJob Eviction = new(JobType.LibraryGc, SubjectType: null, SubjectId: null, DedupeKey: JobType.LibraryGc.Name);

    /// <summary>Whatever stopped it: what it has left is let go, and the room that was kept for it.</summary>
    private Task GiveUp(UploadId upload, Error reason) => transactions.Run(
        async ct =>
        {
            await uploads.Reject(upload, UploadStatus.Rejected, reason, ct);
            await budget.Release(upload, ct);
            if (reason is LibraryQuotaExceeded) await jobs.Enqueue(Eviction, ct);
        },
        CancellationToken.None);

    private static AssetTexts TextsOf(StockItem item, IReadOnlyList<string> tags) => AssetTexts.None with
    {
        Title = item.Title, Caption = item.Author, Tags = [.. Tags.Normalise([.. tags, .. item.Tags]).Where(Tags.IsTag).Take(Tags.MaxCount)],
    };

    /// <summary>Room is kept for bytes step by step, before they are read; where it is known how many there are it is kept for as long again.</summary>
    private sealed class MeteredStream(Stream source, Func<long, CancellationToken, Task<Error?>> keepRoom) : ForwardStream
    {
        private long come;
        private long kept = LibraryBudget.Step;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (come >= kept)
            {
                if (await keepRoom(come, cancellationToken) is { } full) throw new NoRoomException(full);
                kept += LibraryBudget.Step;
            }

            var read = await source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, kept - come)], cancellationToken);
            come += read;
            return read;
        }
    }

    private sealed class NoRoomException(Error error) : Exception(error.Message)
    {
        public Error Error => error;
    }
}

/// <summary>An item that is in a manifest by now.</summary>
/// <param name="IsDownloaded">False when the library had it before.</param>
internal sealed record TakenStock(AssetId Asset, bool IsDownloaded);
