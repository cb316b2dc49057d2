using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>The scripts of the client's episodes, for writing.</summary>
public interface IScripts
{
    /// <summary>The episode, held against its deletion until the transaction ends.</summary>
    Task<HeldEpisode?> HoldEpisode(Guid id, CancellationToken cancellationToken);

    /// <summary>The script, locked: what is done to its versions is done one after the other.</summary>
    Task<Script?> FindForUpdate(ScriptOf script, CancellationToken cancellationToken);

    /// <summary>The script, locked; where there is none it is made, without a version.</summary>
    Task<Script> MakeForUpdate(ScriptOf script, CancellationToken cancellationToken);

    /// <summary>Where the approval of a version stands; null when there is no such version.</summary>
    Task<ApprovalStatus?> FindApproval(Script script, int number, CancellationToken cancellationToken);

    /// <summary>Whether the active version has this text and this reference.</summary>
    Task<bool> ActiveHas(Script script, IScriptTexts texts, CancellationToken cancellationToken);

    /// <summary>Whether the active version lies at this place.</summary>
    Task<bool> ActiveLiesAt(Script script, string fileReference, CancellationToken cancellationToken);

    /// <summary>Adds a version.</summary>
    Task Add(Script script, int number, IScriptTexts texts, CancellationToken cancellationToken);

    /// <summary>Adds a version that is as an old one was.</summary>
    Task AddCopy(Script script, int number, int of, string changeNotes, CancellationToken cancellationToken);

    /// <summary>Writes where the approval of a version stands.</summary>
    Task SaveApproval(Script script, int number, ApprovalStatus status, CancellationToken cancellationToken);

    /// <summary>Writes which version is active; the script's own version goes up in any case.</summary>
    Task Save(Script script, CancellationToken cancellationToken);
}

/// <summary>An episode that cannot be deleted now.</summary>
/// <param name="DeletedAt">Since when it is in the trash.</param>
public sealed record HeldEpisode(Guid Id, DateTimeOffset? DeletedAt);

/// <summary>The way into a change of a script.</summary>
internal static class OpenScript
{
    /// <summary>Why nothing can be written at this episode: it is not there, or in the trash. It is held.</summary>
    public static async Task<Error?> Refuses(this IScripts scripts, Guid episodeId, Role role, CancellationToken cancellationToken) =>
        await scripts.HoldEpisode(episodeId, cancellationToken) is { } episode
            ? RecordState.Hidden(EpisodeKinds.Episode, episodeId, episode.DeletedAt, role)
            : new RecordNotFound(EpisodeKinds.Episode, episodeId);

    /// <summary>A script that has versions, locked.</summary>
    public static async Task<Result<Script>> Open(this IScripts scripts, ScriptOf script, Role role, CancellationToken cancellationToken)
    {
        if (await scripts.Refuses(script.EpisodeId, role, cancellationToken) is { } refused) return refused;
        return await scripts.FindForUpdate(script, cancellationToken) is { } found ? found : new ScriptNotFound(script);
    }
}
