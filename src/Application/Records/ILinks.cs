using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>The links of one kind in the caller's client, for writing.</summary>
/// <typeparam name="TLink">What people write of one, spelled as on the wire.</typeparam>
public interface ILinks<TLink>
    where TLink : class
{
    LinkKind Kind { get; }

    /// <summary>Whether a link changes what it leads to, such as when a person was active last: then that is locked, and not only held.</summary>
    bool ChangesLinked { get; }

    Task<int> Count(Guid of, CancellationToken cancellationToken);

    /// <summary>The version of a link, locked; null when there is none.</summary>
    Task<long?> FindVersionForUpdate(LinkKey key, CancellationToken cancellationToken);

    /// <summary>Links the two, or changes what is said of their link. The same again changes nothing.</summary>
    /// <returns>Whether the link is new.</returns>
    Task<bool> Save(LinkKey key, TLink link, CancellationToken cancellationToken);

    Task Remove(LinkKey key, CancellationToken cancellationToken);
}
