using MediaPlatform.Application.Records;
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

    /// <summary>The script that is not in the trash, locked: what is done to its versions is done one after the other.</summary>
    Task<Script?> FindForUpdate(ScriptOf script, CancellationToken cancellationToken);

    /// <summary>The same; where there is none it is made, without a version.</summary>
    Task<Script> MakeForUpdate(ScriptOf script, CancellationToken cancellationToken);

    /// <summary>The one that went to the trash last; not locked.</summary>
    Task<TrashedScript?> FindTrashed(ScriptOf script, CancellationToken cancellationToken);

    /// <summary>Whether somebody else than the caller wrote a version of it.</summary>
    Task<bool> HasVersionsOfOthers(Guid script, CancellationToken cancellationToken);

    /// <summary>The version of that number, in the trash or not.</summary>
    Task<Guid?> FindVersion(Script script, int number, CancellationToken cancellationToken);

    /// <summary>Whether the active version has this text and this reference.</summary>
    Task<bool> ActiveHas(Script script, IScriptTexts texts, CancellationToken cancellationToken);

    /// <summary>Whether the active version lies at this place.</summary>
    Task<bool> ActiveLiesAt(Script script, string fileReference, CancellationToken cancellationToken);

    /// <summary>Adds its last version.</summary>
    Task Add(Script script, IScriptTexts texts, CancellationToken cancellationToken);

    /// <summary>Adds its last version, as an old one was.</summary>
    Task AddCopy(Script script, int of, string changeNotes, CancellationToken cancellationToken);

    /// <summary>Writes which version is active and which is the last; the script's own version goes up in any case.</summary>
    Task Save(Script script, CancellationToken cancellationToken);
}

/// <summary>A script in the trash.</summary>
public sealed record TrashedScript(Guid Id, DateTimeOffset DeletedAt);

/// <summary>An episode that cannot be deleted now.</summary>
/// <param name="DeletedAt">Since when it is in the trash.</param>
public sealed record HeldEpisode(Guid Id, DateTimeOffset? DeletedAt);

/// <summary>A version of a script, both locked.</summary>
public sealed record OpenVersion(Script Script, int Number, StoredRecord Record)
{
    /// <summary>Why a caller cannot change it: it is hidden, as other records are, or another than the caller has seen.</summary>
    /// <param name="ifMatch">The version of the record that the caller has seen; null for any.</param>
    public Error? Refuses(Role role, long? ifMatch) =>
        Record.State.DeletedAt is not null && role < Role.Admin ? new ScriptVersionNotFound(Number) : Record.State.HiddenFrom(role) ?? StaleVersion.Unless(ifMatch, Record.State.Version);
}

/// <summary>The way into a change of a script.</summary>
internal static class OpenScript
{
    /// <summary>Why nothing can be written at this episode: it is not there, or in the trash. It is held.</summary>
    public static async Task<Error?> Refuses(this IScripts scripts, Guid episodeId, Role role, CancellationToken cancellationToken) =>
        await scripts.HoldEpisode(episodeId, cancellationToken) is { } episode
            ? RecordState.Hidden(EpisodeKinds.Episode, episodeId, episode.DeletedAt, role)
            : new RecordNotFound(EpisodeKinds.Episode, episodeId);

    /// <summary>Why there is none: it lies in the trash, for who may know that, or never was.</summary>
    public static async Task<Error> Missing(this IScripts scripts, ScriptOf of, Role role, CancellationToken cancellationToken) =>
        role >= Role.Admin && await scripts.FindTrashed(of, cancellationToken) is { } trashed ? new RecordInTrash(EpisodeKinds.Script, trashed.Id, trashed.DeletedAt) : new ScriptNotFound(of);

    /// <summary>A version, in the trash or not, of a script that is not.</summary>
    public static async Task<Result<OpenVersion>> Open(
        this IScripts scripts, IRecords<ScriptVersionFields> versions, ScriptOf of, int number, Role role, CancellationToken cancellationToken)
    {
        if (await scripts.Refuses(of.EpisodeId, role, cancellationToken) is { } refused) return refused;
        if (await scripts.FindForUpdate(of, cancellationToken) is not { } script) return await scripts.Missing(of, role, cancellationToken);
        return await scripts.FindVersion(script, number, cancellationToken) is { } id && await versions.FindForUpdate(id, cancellationToken) is { } version
            ? new OpenVersion(script, number, version)
            : new ScriptVersionNotFound(number);
    }
}
