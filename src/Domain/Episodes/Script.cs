namespace MediaPlatform.Domain.Episodes;

/// <summary>What a script is of: the episode, or its trailer.</summary>
public enum ScriptKind { Main, Trailer }

/// <summary>How a version came in.</summary>
public enum ScriptSource { ManualUpload, Import, System }

/// <summary>Which script is meant: an episode has one of each kind, beside those in the trash.</summary>
public sealed record ScriptOf(Guid EpisodeId, ScriptKind Kind);

/// <summary>A script: its versions are numbered from 1, stay as they were written, and one of them is active.</summary>
/// <param name="ActiveVersion">Null of one that has no version yet.</param>
/// <param name="LastVersion">The highest number there ever was: none is given twice.</param>
/// <param name="Versions">How many there are, those in the trash left out.</param>
/// <param name="Version">Of the record; it goes up with whatever is done to one of its versions as well.</param>
public sealed record Script(Guid Id, int? ActiveVersion, int LastVersion, int Versions, long Version)
{
    /// <summary>The most versions that a script has, beside those in the trash.</summary>
    public const int MaxVersions = 100;

    /// <summary>With room for one version more, whose number is the last.</summary>
    public Result<Script> Next()
    {
        var room = Room();
        return room.Succeeded ? this with { LastVersion = LastVersion + 1, Versions = Versions + 1 } : room;
    }

    /// <summary>Itself, where there is room for one version more.</summary>
    public Result<Script> Room() => Versions < MaxVersions ? this : new ScriptVersionLimit();
}
