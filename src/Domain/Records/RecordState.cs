using MediaPlatform.Domain.Access;

namespace MediaPlatform.Domain.Records;

/// <summary>A kind of primary record, as errors and the change log name it.</summary>
/// <param name="Entity">In the change log, such as <c>media_asset</c>.</param>
/// <param name="Code">What its error codes begin with, such as <c>ASSET</c>.</param>
/// <param name="Noun">In sentences, such as <c>Asset</c>.</param>
public sealed record RecordKind(string Entity, string Code, string Noun);

/// <summary>What every primary record is beside its own fields: its version, who made it, and where it stands in the trash and in its approval.</summary>
public sealed record RecordState(
    RecordKind Kind, Guid Id, long Version, DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset? DeletedAt, ApprovalStatus Approval)
{
    private static readonly TimeSpan OwnPurge = TimeSpan.FromHours(1);

    /// <summary>What hides a record from a caller: what is in the trash is gone for an admin, who may ask for it, and does not exist for others.</summary>
    public static Error? Hidden(RecordKind kind, Guid id, DateTimeOffset? deletedAt, Role role, bool includeDeleted = false)
    {
        if (deletedAt is not { } since) return null;
        if (role < Role.Admin) return new RecordNotFound(kind, id);
        return includeDeleted ? null : new RecordInTrash(kind, id, since);
    }

    /// <inheritdoc cref="Hidden"/>
    public Error? HiddenFrom(Role role) => Hidden(Kind, Id, DeletedAt, role);

    /// <summary>Moves it to the trash.</summary>
    public Result<RecordState> Trash(DateTimeOffset now) => DeletedAt is { } since ? new RecordInTrash(Kind, Id, since) : this with { DeletedAt = now };

    /// <summary>Takes it out again.</summary>
    public Result<RecordState> Restore() => DeletedAt is null ? new RecordNotInTrash(Kind, Id) : this with { DeletedAt = null };

    /// <summary>Whether it may be deleted for good: by an admin, or by the editor who brought it in, within the hour.</summary>
    public Result<Done> Purge(Role role, string actorKind, Guid? actorId, DateTimeOffset now)
    {
        if (role >= Role.Admin) return Done.Instance;
        var own = CreatedByKind == actorKind && CreatedBy == actorId && actorId is not null;
        if (own && role >= Role.Editor && now - CreatedAt <= OwnPurge) return Done.Instance;
        return HiddenFrom(role) ?? new RoleTooLow(Role.Admin);
    }

    /// <summary>Moves its approval.</summary>
    public Result<RecordState> Move(ApprovalMove move)
    {
        var moved = Records.Approval.Move(Approval, move);
        return moved.Succeeded ? this with { Approval = moved.Value } : moved.As<RecordState>();
    }
}
