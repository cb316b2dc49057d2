namespace MediaPlatform.Application.Episodes;

/// <summary>A script as a record: what people write of it are its versions.</summary>
/// <param name="Kind">main or trailer.</param>
public sealed record ScriptFields(Guid EpisodeId, string Kind);

/// <summary>A version of a script as a record: once written it stays.</summary>
public sealed record ScriptVersionFields(Guid ScriptId, int Number);
