namespace MediaPlatform.Domain.Publication;

/// <summary>What is known of a raw credit; its text is none of it, and stays.</summary>
/// <param name="RedactedAt">When, by a legal request, its name was deleted; null of all others.</param>
public sealed record Credit(Guid Id, Guid SetId, ParticipantRole Role, string RawName, ResolutionStatus Status, Guid? PersonId, DateTimeOffset? RedactedAt, long Version)
{
    /// <summary>What stands where a name was deleted.</summary>
    public const string RedactedName = "[redacted]";

    /// <summary>It means this person; of a resolved one it is said anew.</summary>
    public Result<Credit> Resolve(Guid person) => Unless(Status is ResolutionStatus.Resolved && PersonId == person, new CreditAlreadyResolved(Id), ResolutionStatus.Resolved, person);

    /// <summary>It means nobody who is kept here.</summary>
    public Result<Credit> Ignore() => Unless(Status is ResolutionStatus.Ignored, new CreditAlreadyIgnored(Id), ResolutionStatus.Ignored, person: null);

    /// <summary>Nobody knows after all.</summary>
    public Result<Credit> Unresolve() => Unless(Status is ResolutionStatus.Unresolved, new CreditAlreadyUnresolved(Id), ResolutionStatus.Unresolved, person: null);

    /// <summary>Its name is deleted, for good: nobody is meant by it any more.</summary>
    public Result<Credit> Redact(DateTimeOffset now) =>
        RedactedAt is null ? this with { RawName = RedactedName, Status = ResolutionStatus.Ignored, PersonId = null, RedactedAt = now } : new CreditIsRedacted(Id);

    private Result<Credit> Unless(bool isSoAlready, Error already, ResolutionStatus status, Guid? person) =>
        RedactedAt is not null ? new CreditIsRedacted(Id) : isSoAlready ? already : this with { Status = status, PersonId = person };
}
