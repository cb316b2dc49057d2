using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>The raw credits of the client's sets, for writing.</summary>
public interface ICredits
{
    Task<int> Count(Guid setId, CancellationToken cancellationToken);

    /// <summary>Adds one to a set, word for word.</summary>
    Task<Guid> Add(Guid setId, ParticipantRole role, string rawName, CancellationToken cancellationToken);

    /// <summary>Whose credit it is, and whom it means; nothing is locked.</summary>
    Task<Credit?> Find(Guid id, CancellationToken cancellationToken);

    /// <summary>The same, locked.</summary>
    Task<Credit?> FindForUpdate(Guid id, CancellationToken cancellationToken);

    /// <summary>Writes whom it means, in one go with others where there is a resolution.</summary>
    Task Save(Credit credit, Guid? resolutionId, CancellationToken cancellationToken);

    /// <summary>Writes that its name is deleted, deletes it of resolutions where no other credit has it, and writes a receipt.</summary>
    /// <param name="imports">How many imports it was deleted from.</param>
    Task<RedactedCredit> Redact(Credit credit, long imports, string? reason, CancellationToken cancellationToken);

    /// <summary>Unresolved credits of this very name, however it is written, of sets that are not in the trash; oldest first.</summary>
    Task<IReadOnlyList<MatchingCredit>> FindMatching(CreditFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>Credits of this very name, however it is written.</summary>
    Task<IReadOnlyList<Guid>> FindNamed(string name, int limit, CancellationToken cancellationToken);

    /// <summary>Holds sets against their deletion, and against whoever says whom a credit of theirs means, in the order of their ids.</summary>
    /// <returns>Those that are not in the trash.</returns>
    Task<IReadOnlySet<Guid>> HoldSets(IReadOnlyCollection<Guid> setIds, CancellationToken cancellationToken);

    /// <summary>Likewise those whose credits were resolved in one go.</summary>
    Task HoldSetsOf(Guid resolutionId, CancellationToken cancellationToken);

    /// <summary>Resolves those of them that are unresolved still, and keeps that it was in one go.</summary>
    /// <returns>How many.</returns>
    Task<int> Resolve(Guid resolutionId, CreditFilter filter, Guid personId, IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>What was resolved in one go; null when there is none.</summary>
    Task<Resolution?> FindResolution(Guid id, CancellationToken cancellationToken);

    /// <summary>The same, locked.</summary>
    Task<Resolution?> FindResolutionForUpdate(Guid id, CancellationToken cancellationToken);

    /// <summary>Takes back what is still as it was resolved then.</summary>
    /// <returns>How many.</returns>
    Task<int> Undo(Guid resolutionId, CancellationToken cancellationToken);
}

/// <summary>Which credits.</summary>
/// <param name="Name">Compared as names are: without case, accents and blanks too many.</param>
/// <param name="ChannelId">Of sets of this channel alone; null for any.</param>
public sealed record CreditFilter(string Name, ParticipantRole? Role, Guid? ChannelId);

/// <summary>A credit that matches.</summary>
public sealed record MatchingCredit(Guid Id, Guid SetId, string SetTitle, string Role, string RawName, DateTimeOffset PublishedAt);

/// <summary>What was resolved in one go.</summary>
public sealed record Resolution(Guid Id, Guid PersonId, DateTimeOffset? UndoneAt);
