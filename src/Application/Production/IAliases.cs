using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>The other names of the client's people, for writing.</summary>
public interface IAliases
{
    Task<int> Count(Guid personId, CancellationToken cancellationToken);

    /// <summary>Adds one, unless the person has it already.</summary>
    /// <returns>Its id; null when the person has it.</returns>
    Task<Guid?> Add(Guid personId, string alias, AliasSource source, CancellationToken cancellationToken);

    /// <summary>Unresolved credits of this very name, however it is written: a few of them, oldest first.</summary>
    Task<IReadOnlyList<Guid>> FindExplained(string alias, CancellationToken cancellationToken);

    /// <summary>The version of one, locked; null when the person does not have it.</summary>
    Task<long?> FindVersionForUpdate(Guid personId, Guid id, CancellationToken cancellationToken);

    Task<string?> Find(Guid id, CancellationToken cancellationToken);

    Task Remove(Guid personId, Guid id, CancellationToken cancellationToken);
}
