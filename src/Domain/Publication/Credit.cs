namespace MediaPlatform.Domain.Publication;

/// <summary>What is known of a raw credit; its text is none of it, and stays.</summary>
public sealed record Credit(Guid Id, Guid SetId, ParticipantRole Role, string RawName, ResolutionStatus Status, Guid? PersonId, long Version)
{
    /// <summary>It means this person; of a resolved one it is said anew.</summary>
    public Result<Credit> Resolve(Guid person) => Status is ResolutionStatus.Resolved && PersonId == person ? new CreditAlreadyResolved(Id) : this with { Status = ResolutionStatus.Resolved, PersonId = person };

    /// <summary>It means nobody who is kept here.</summary>
    public Result<Credit> Ignore() => Status is ResolutionStatus.Ignored ? new CreditAlreadyIgnored(Id) : this with { Status = ResolutionStatus.Ignored, PersonId = null };

    /// <summary>Nobody knows after all.</summary>
    public Result<Credit> Unresolve() => Status is ResolutionStatus.Unresolved ? new CreditAlreadyUnresolved(Id) : this with { Status = ResolutionStatus.Unresolved, PersonId = null };
}
