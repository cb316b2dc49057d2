using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>Scripts and their versions where they are records like others: in the trash, and in their approval.</summary>
internal static class ScriptRecords
{
    internal static readonly RecordTable<ScriptFields> Table = new(EpisodeKinds.Script, "scripts", [new("episode_id", "uuid"), new("kind", "text")])
    {
        Parents = [new(EpisodeKinds.Episode, "episodes", "episode_id", TakesAlong: true)],
        Counts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["versions"] = "select count(*) from script_versions where client_id = @ClientId and script_id = @Id",
        },
        Violations = new Dictionary<string, Func<ScriptFields, Error>>(StringComparer.Ordinal)
        {
            ["scripts_one_of_a_kind"] = static _ => new RestoreConflicts(EpisodeKinds.Script),
        },
    };

    // They lie below their script and are not touched by its deletion: what a script of a hundred long versions costs is one row.
    internal static readonly RecordTable<ScriptVersionFields> Versions = new(EpisodeKinds.ScriptVersion, "script_versions", [new("script_id", "uuid"), new("number", "int")]);
}
