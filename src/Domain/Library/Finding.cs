namespace MediaPlatform.Domain.Library;

/// <summary>What is wrong between what the database says and what lies in the stores.</summary>
public enum FindingKind
{
    /// <summary>A row's object is not there, or of another size.</summary>
    Missing,
    /// <summary>An object that nobody knows.</summary>
    Orphaned,
    /// <summary>An original whose bytes have another hash than its asset.</summary>
    Corrupted,
}
