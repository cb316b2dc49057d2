using System.Runtime.CompilerServices;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>
/// What the rows of a client say of a store beside what lies there, in the order of keys and in bounded memory: the client's own folder is listed beside them; of the folders of renditions, among
/// those of all clients, each is listed by itself.
/// </summary>
internal sealed class ObjectWalk(IStoredObjects rows)
{
    private const int AtATime = 1_000;
    private const int ListsAtOnce = 8;

    /// <param name="provider">Whose rows: those of the store itself, or of one whose objects are to lie in it.</param>
    public async IAsyncEnumerable<Seen> Of(IMediaStore store, Guid clientId, string provider, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var own = StorageKeys.ClientFolder(clientId);
        var behind = own[..^1] + "0"; // '0' follows '/'
        await foreach (var seen in InFolders(store, provider, "", own, cancellationToken)) yield return seen;
        await foreach (var seen in Beside(store, clientId, provider, own, behind, cancellationToken)) yield return seen;
        await foreach (var seen in InFolders(store, provider, behind, until: null, cancellationToken)) yield return seen;
    }

    private async IAsyncEnumerable<Seen> Beside(IMediaStore store, Guid clientId, string provider, string own, string behind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var listed = Ours(store.List(own, cancellationToken), clientId).GetAsyncEnumerator(cancellationToken);
        await using var known = Rows(provider, own, behind, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var (found, row) = (await Next(listed), await Next(known));
        while (found is not null || row is not null)
        {
            var order = found is null ? 1 : row is null ? -1 : string.CompareOrdinal(found.Key, row.StorageKey);
            yield return new(order >= 0 ? row : null, order <= 0 ? found : null);
            var (nextRow, nextFound) = (order >= 0, order <= 0);
            if (nextRow) row = await Next(known);
            if (nextFound) found = await Next(listed);
        }
    }

    private async IAsyncEnumerable<Seen> InFolders(IMediaStore store, string provider, string after, string? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await rows.Page(provider, after, until, AtATime, cancellationToken) is { Count: > 0 } page)
        {
            var folders = page.GroupBy(row => row.Folder, StringComparer.Ordinal).ToList();
            foreach (var some in folders.Chunk(ListsAtOnce))
            {
                var seen = await Task.WhenAll(some.Select(folder => InFolder(store, folder.Key, [.. folder], cancellationToken)));
                foreach (var one in seen.SelectMany(all => all)) yield return one;
            }

            after = page[^1].StorageKey;
        }
    }

    private static async Task<List<Seen>> InFolder(IMediaStore store, string folder, IReadOnlyList<KnownObject> of, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, StoredObject>(StringComparer.Ordinal);
        await foreach (var one in store.List(folder, cancellationToken)) found[one.Key] = one;
        return [.. of.Select(row => new Seen(row, found.GetValueOrDefault(row.StorageKey)))];
    }

    private async IAsyncEnumerable<KnownObject> Rows(string provider, string after, string until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await rows.Page(provider, after, until, AtATime, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page) yield return row;
            after = page[^1].StorageKey;
        }
    }

    /// <summary>Without what has a key of another shape: in ours all letters are ASCII, and so in the order of bytes.</summary>
    private static async IAsyncEnumerable<StoredObject> Ours(IAsyncEnumerable<StoredObject> listed, Guid clientId)
    {
        await foreach (var one in listed)
        {
            if (StorageKeys.UploadOf(clientId, one.Key) is not null) yield return one;
        }
    }

    private static async ValueTask<T?> Next<T>(IAsyncEnumerator<T> of)
        where T : class => await of.MoveNextAsync() ? of.Current : null;
}

/// <summary>A row and the object that lies under its key; one of them may be lacking.</summary>
internal sealed record Seen(KnownObject? Row, StoredObject? Object);
