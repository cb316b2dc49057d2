namespace MediaPlatform.Domain.Production;

/// <summary>How sure it is that a session took place as it is written.</summary>
public enum SessionStatus { Draft, Confirmed }

/// <summary>A session as its lifecycle sees it: of the columns that people write those that it asks for, and those that are its own.</summary>
public sealed record Session(DateTimeOffset? ProducedStartAt, SessionStatus Status)
{
    /// <summary>It took place: somebody says so, and when.</summary>
    public Result<Session> Confirm()
    {
        if (Status is SessionStatus.Confirmed) return new SessionIsConfirmed();
        return ProducedStartAt is null ? new SessionWithoutStart() : this with { Status = SessionStatus.Confirmed };
    }

    /// <summary>It is not so sure after all.</summary>
    public Result<Session> Reopen() => Status is SessionStatus.Draft ? new SessionIsDraft() : this with { Status = SessionStatus.Draft };
}
