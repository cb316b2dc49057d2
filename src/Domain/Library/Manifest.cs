using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Library;

/// <summary>The records of the library, as errors and the change log name them.</summary>
public static class LibraryKinds
{
    public static readonly RecordKind Manifest = new("manifest", "MANIFEST", "Manifest");
}

/// <summary>Where a manifest stands.</summary>
public enum ManifestStatus
{
    /// <summary>It is worked with: while its lease lasts, nothing that it refers to is evicted.</summary>
    Open,
    /// <summary>What it was for is done.</summary>
    Completed,
    /// <summary>It is not needed any more, or its lease ended.</summary>
    Abandoned,
}

/// <summary>Where the gathering of a manifest stands.</summary>
public enum GatherStatus { Running, Done, Failed }

/// <summary>A manifest as its lifecycle sees it.</summary>
/// <param name="LeaseDays">How long a lease lasts: 1 to 365.</param>
public sealed record Manifest(ManifestStatus Status, DateTimeOffset LeaseUntil, int LeaseDays)
{
    /// <summary>What it was for is done.</summary>
    /// <param name="gather">Where its gathering stands; null where it has none.</param>
    public Result<Manifest> Complete(GatherStatus? gather)
    {
        if (Status is not ManifestStatus.Open) return new ManifestNotOpen(Status);
        return gather is GatherStatus.Running ? new ManifestBeingGathered() : this with { Status = ManifestStatus.Completed };
    }

    /// <summary>It is not needed any more.</summary>
    public Result<Manifest> Abandon() => Status is ManifestStatus.Open ? this with { Status = ManifestStatus.Abandoned } : new ManifestNotOpen(Status);

    /// <summary>A new lease from now on; one whose lease ended is open again.</summary>
    public Result<Manifest> Renew(DateTimeOffset now) =>
        Status is ManifestStatus.Completed ? new ManifestNotOpen(Status) : this with { Status = ManifestStatus.Open, LeaseUntil = now.AddDays(LeaseDays) };
}
