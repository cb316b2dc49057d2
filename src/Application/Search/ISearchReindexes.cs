namespace MediaPlatform.Application.Search;

/// <summary>The making anew of the search columns of the caller's client, and how far it is.</summary>
public interface ISearchReindexes
{
    /// <summary>What can be made anew, in the order in which it is.</summary>
    IReadOnlyList<string> Types { get; }

    /// <summary>Lets one transaction at a time begin one.</summary>
    Task Lock(CancellationToken cancellationToken);

    /// <summary>Whether a job makes them anew, or is to.</summary>
    Task<bool> IsLive(CancellationToken cancellationToken);

    /// <summary>Keeps one for its job, with how many rows it is about. Those whose jobs are forgotten by now go.</summary>
    Task Add(Guid id, IReadOnlyList<string> types, CancellationToken cancellationToken);

    /// <summary>The job of one.</summary>
    Task<Guid> FindJob(Guid id, CancellationToken cancellationToken);

    /// <summary>The next rows, and that they are done, in the caller's transaction; gives how far it is then, null when there is no such one.</summary>
    Task<ReindexedSoFar?> Advance(Guid id, int atMost, CancellationToken cancellationToken);

    /// <summary>Forgets one that is done.</summary>
    Task Remove(Guid id, CancellationToken cancellationToken);
}

/// <summary>How far it is.</summary>
/// <param name="Seen">Rows that were looked at.</param>
/// <param name="Changed">Rows whose column was not what it would be now.</param>
/// <param name="Total">Rows that there were in the beginning.</param>
public sealed record ReindexedSoFar(bool IsDone, long Seen, long Changed, long Total);
