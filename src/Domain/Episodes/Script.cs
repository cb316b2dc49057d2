namespace MediaPlatform.Domain.Episodes;

/// <summary>What a script is of: the episode, or its trailer.</summary>
public enum ScriptKind { Main, Trailer }

/// <summary>How a version came in.</summary>
public enum ScriptSource { ManualUpload, Import, System }

/// <summary>Which script is meant: an episode has one of each kind.</summary>
public sealed record ScriptOf(Guid EpisodeId, ScriptKind Kind);

/// <summary>A script: its versions are numbered from 1, stay as they were written, and one of them is active.</summary>
/// <param name="ActiveVersion">Null of one that has no version yet.</param>
/// <param name="LastVersion">The highest number; none is ever left out.</param>
/// <param name="Version">Of the record; it goes up with whatever is done to one of its versions as well.</param>
public sealed record Script(Guid Id, int? ActiveVersion, int LastVersion, long Version)
{
    /// <summary>The most versions that a script has.</summary>
    public const int MaxVersions = 100;

    /// <summary>The number of a new version.</summary>
    public Result<int> Next() => LastVersion < MaxVersions ? LastVersion + 1 : new ScriptVersionLimit();
}
