namespace MediaPlatform.Application.Production;

/// <summary>The merges of the client's people, for writing.</summary>
public interface IPersonMerges
{
    /// <summary>Into whom a person was merged; null of those who were not.</summary>
    Task<Guid?> FindMergedInto(Guid personId, CancellationToken cancellationToken);

    /// <summary>Takes all aliases, links and credits of one to the other, keeps which these were, and has what the one is called as an alias of the other. What the other has already stays behind.</summary>
    /// <returns>The merge.</returns>
    Task<Guid> Merge(Guid from, Guid into, CancellationToken cancellationToken);

    /// <summary>A merge; null when there is none.</summary>
    Task<PersonMerge?> Find(Guid id, CancellationToken cancellationToken);

    /// <summary>The same, locked.</summary>
    Task<PersonMerge?> FindForUpdate(Guid id, CancellationToken cancellationToken);

    /// <summary>Takes back what is still where the merge brought it.</summary>
    Task Undo(PersonMerge merge, CancellationToken cancellationToken);

    /// <summary>Takes the credits of this very name from one to another.</summary>
    /// <returns>How many.</returns>
    Task<int> MoveCredits(Guid from, Guid to, string name, CancellationToken cancellationToken);
}

/// <summary>Who was merged into whom.</summary>
public sealed record PersonMerge(Guid Id, Guid FromId, Guid IntoId, DateTimeOffset? UndoneAt);
