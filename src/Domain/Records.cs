using System.Globalization;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Domain;

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

    /// <summary>Whether the caller has seen what is there; null for any.</summary>
    public Error? StaleFor(long? seen) => seen is { } version && version != Version ? new StaleVersion(Version) : null;

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
        var moved = Domain.Approval.Move(Approval, move);
        return moved.Succeeded ? this with { Approval = moved.Value } : moved.As<RecordState>();
    }
}

/// <summary>Whether somebody stands for a record. New ones are approved.</summary>
public enum ApprovalStatus { Draft, Approved, Rejected }

/// <summary>A step of an approval.</summary>
public enum ApprovalMove { Approve, Unapprove, Reject, Resubmit }

/// <summary>The lifecycle of an approval, the same for whatever can be approved.</summary>
public static class Approval
{
    /// <summary>draft → approved, approved → draft, draft → rejected, rejected → draft, and no other way.</summary>
    public static Result<ApprovalStatus> Move(ApprovalStatus from, ApprovalMove move) => (from, move) switch
    {
        (ApprovalStatus.Draft, ApprovalMove.Approve) => ApprovalStatus.Approved,
        (ApprovalStatus.Approved, ApprovalMove.Unapprove) => ApprovalStatus.Draft,
        (ApprovalStatus.Draft, ApprovalMove.Reject) => ApprovalStatus.Rejected,
        (ApprovalStatus.Rejected, ApprovalMove.Resubmit) => ApprovalStatus.Draft,
        _ => new ApprovalForbids(from, move),
    };
}

public record RecordNotFound(RecordKind Of, Guid Id) : NotFoundError($"{Of.Code}_NOT_FOUND", $"{Of.Noun} {Id} does not exist.");
public sealed record RecordInTrash(RecordKind Of, Guid Id, DateTimeOffset Since) : GoneError($"{Of.Code}_IN_TRASH", $"{Of.Noun} {Id} is in the trash since {Since.ToString("u", CultureInfo.InvariantCulture)}; restore it first.");
public sealed record RecordNotInTrash(RecordKind Of, Guid Id) : LockedError($"{Of.Code}_NOT_IN_TRASH", $"{Of.Noun} {Id} is not in the trash.");
public sealed record ApprovalForbids(ApprovalStatus From, ApprovalMove Wanted) : LockedError("APPROVAL_FORBIDS", $"What is {Names.Of(From)} does not take \"{Names.Of(Wanted)}\".");
public sealed record ParentNotFound(RecordKind Parent, Guid Id, string Field) : InvalidError($"{Parent.Code}_NOT_FOUND", $"{Parent.Noun} {Id} does not exist, or is in the trash.", Field);
public sealed record ParentInTrash(RecordKind Parent, Guid Id) : LockedError("PARENT_IN_TRASH", $"{Parent.Noun} {Id} is in the trash, and this with it; restore that.");
public sealed record PurgeReceiptNotFound(Guid Id) : NotFoundError("PURGE_RECEIPT_NOT_FOUND", $"Receipt {Id} does not exist.");
