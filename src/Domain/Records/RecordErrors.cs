using System.Globalization;

namespace MediaPlatform.Domain.Records;

public record RecordNotFound(RecordKind Of, Guid Id) : NotFoundError($"{Of.Code}_NOT_FOUND", $"{Of.Noun} {Id} does not exist.");
public sealed record RecordMoved(RecordKind Of, Guid Id, Guid ToId, string Path) : MovedError($"{Of.Code}_MERGED", $"{Of.Noun} {Id} is merged into {ToId}.", Path);
public sealed record RecordInTrash(RecordKind Of, Guid Id, DateTimeOffset Since) : GoneError($"{Of.Code}_IN_TRASH", $"{Of.Noun} {Id} is in the trash since {Since.ToString("u", CultureInfo.InvariantCulture)}; restore it first.");
public sealed record RecordNotInTrash(RecordKind Of, Guid Id) : LockedError($"{Of.Code}_NOT_IN_TRASH", $"{Of.Noun} {Id} is not in the trash.");
public sealed record RecordKept(RecordKind Of, Guid Id, string What) : LockedError($"{Of.Code}_KEPT", $"{Of.Noun} {Id} has {What}: it can be in the trash, and no further.");
public sealed record ApprovalForbids(ApprovalStatus From, ApprovalMove Wanted) : LockedError(
    "APPROVAL_FORBIDS", $"What is {Names.Of(From)} does not take \"{Names.Of(Wanted)}\"; it takes {string.Join(" or ", Approval.Next(From).Select(move => $"\"{Names.Of(move)}\""))}.");
public sealed record ParentNotFound(RecordKind Parent, Guid Id, string Field) : InvalidError($"{Parent.Code}_NOT_FOUND", $"{Parent.Noun} {Id} does not exist, or is in the trash.", Field);
public sealed record UnknownName(RecordKind Of, string Given, IReadOnlyList<string> Known, string Field) : InvalidError(
    $"UNKNOWN_{Of.Code}", $"{Of.Noun} \"{Given}\" is not known; {(Known.Count > 0 ? $"known are {string.Join(", ", Known.Select(name => $"\"{name}\""))}" : "there are none")}.", Field);
public sealed record ParentInTrash(RecordKind Parent, Guid Id) : LockedError("PARENT_IN_TRASH", $"{Parent.Noun} {Id} is in the trash, and this with it; restore that.");
public sealed record RestoreConflicts(RecordKind Of) : ConflictError("RESTORE_CONFLICTS", $"{Of.Noun}: another has the place of one that would come back. Move that one away first.");
public sealed record PurgeReceiptNotFound(Guid Id) : NotFoundError("PURGE_RECEIPT_NOT_FOUND", $"Receipt {Id} does not exist.");
