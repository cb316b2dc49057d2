using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>The attachments of the caller's client, for writing.</summary>
public interface IAttachments
{
    /// <summary>Whether there is such an owner; it is locked against going away.</summary>
    Task<bool> OwnerExists(string ownerType, string ownerId, CancellationToken cancellationToken);

    /// <summary>Adds the attachment. A cover that is in the trash gives way to a new one: it becomes a reference, as which its restore brings it back.</summary>
    Task<AttachOutcome> Add(AttachmentId id, AttachMedia attachment, CancellationToken cancellationToken);

    /// <summary>The version of an attachment, locked; null when there is none.</summary>
    Task<long?> FindVersionForUpdate(AttachmentId id, CancellationToken cancellationToken);

    Task Remove(AttachmentId id, CancellationToken cancellationToken);

    /// <summary>The version of an owner, locked; null when there is none.</summary>
    Task<long?> FindOwnerVersionForUpdate(string ownerType, string ownerId, CancellationToken cancellationToken);

    /// <summary>Makes an owner known, or changes its title.</summary>
    /// <returns>True when it is new.</returns>
    Task<bool> SaveOwner(string ownerType, string ownerId, string? title, CancellationToken cancellationToken);
}

/// <summary>What the constraints said.</summary>
public enum AttachOutcome { Attached, CoverTaken, AlreadyAttached }
