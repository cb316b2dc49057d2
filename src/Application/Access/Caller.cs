using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Who acts.</summary>
public enum ActorKind
{
    /// <summary>A person, by a bearer token.</summary>
    User,
    /// <summary>A service, by a key.</summary>
    Key,
    /// <summary>A guest, by a session's token.</summary>
    Guest,
    /// <summary>The worker, in a job.</summary>
    Job,
    /// <summary>The platform itself: the scheduler, a command of an operator.</summary>
    System,
}

/// <summary>Who acts, for which tenant, with what right, in which request.</summary>
/// <param name="ClientId">The tenant that everything is read from and written to.</param>
/// <param name="Kind">What <paramref name="ActorId"/> is the id of.</param>
/// <param name="ActorId">The user, key, guest or job; null for the platform itself.</param>
/// <param name="Role">What it may do with what this request is about.</param>
/// <param name="RequestId">Ties log lines, the answer and the change log together.</param>
public sealed record Caller(Guid ClientId, ActorKind Kind, Guid? ActorId, Role Role, string RequestId)
{
    /// <summary>The wire name of <see cref="Kind"/>.</summary>
    public string KindName => Names.Of(Kind);

    /// <summary>What it may do anywhere: what looks at several kinds of entities asks <see cref="Rights.In"/>.</summary>
    public Rights Rights { get; init; } = Role;

    /// <summary>Whether it may see what somebody has made: a guest sees the own alone.</summary>
    public bool MaySee(string creatorKind, Guid? creator) => Kind is not ActorKind.Guest || (creatorKind == KindName && creator == ActorId);

    /// <summary>The most that its credential lets through in any client, whatever the rights there; null for all of them.</summary>
    public Role? Limit { get; init; }
}

/// <summary>The caller of the current scope: set once by authentication, or by the job that runs.</summary>
public sealed class CallContext
{
    private Caller? caller;

    /// <summary>The caller. Asking for it before it is known is a bug and throws.</summary>
    public Caller Caller
    {
        get => caller ?? throw new InvalidOperationException("Nobody has said who is calling.");
        set => caller = value;
    }

    /// <summary>The idempotency key that this request has taken; what it commits notes that it was done.</summary>
    public Guid? IdempotencyToken { get; set; }
}
