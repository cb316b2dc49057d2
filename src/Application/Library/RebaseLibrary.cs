using FluentValidation;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Library;

namespace MediaPlatform.Application.Library;

/// <summary>Takes the client's media to lie in another store, to which somebody has copied them under the same keys, once all of them are found there; gives the job.</summary>
/// <param name="From">A store, such as local.</param>
/// <param name="To">Another.</param>
/// <param name="Checksums">Also reads every original there and hashes it.</param>
public sealed record RebaseLibrary(string From, string To, bool Checksums) : ICommand<Guid>;

internal sealed class RebaseLibraryValidator : AbstractValidator<RebaseLibrary>
{
    public RebaseLibraryValidator() => RuleFor(rebase => rebase.To).NotEqual(rebase => rebase.From).WithMessage("It is another store than from.");
}

internal sealed class RebaseLibraryHandler(IVerifications verifications, IRebases rebases, IJobs jobs, IMediaStores stores) : ICommandHandler<RebaseLibrary, Guid>
{
    public async Task<Result<Guid>> Handle(RebaseLibrary command, CancellationToken cancellationToken)
    {
        var known = stores.All.Select(store => store.Provider).ToList();
        foreach (var (field, name) in new[] { ("from", command.From), ("to", command.To) })
        {
            if (!known.Contains(name, StringComparer.Ordinal)) return new StoreNotConfigured(field, name, known);
        }

        await verifications.Lock(cancellationToken);
        if (await verifications.IsLive(cancellationToken)) return new LibraryBusy();

        var id = Guid.CreateVersion7();
        await rebases.Add(id, command.From, command.To, command.Checksums, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.LibraryRebase, RebaseStored.SubjectType, id, VerifyStored.OneAtATime), cancellationToken);
        return await rebases.FindJob(id, cancellationToken);
    }
}

/// <summary>Changes of the store that the caller's client has its media in.</summary>
public interface IRebases
{
    Task Add(Guid id, string from, string to, bool checksums, CancellationToken cancellationToken);

    Task<Guid> FindJob(Guid id, CancellationToken cancellationToken);

    /// <summary>What was asked for, with nothing found yet; null when it is not to be done any more.</summary>
    Task<RebaseRequest?> Begin(Guid id, CancellationToken cancellationToken);

    /// <summary>Keeps what was found; gives the keys of those that are kept: none that is being deleted there.</summary>
    Task<IReadOnlyList<string>> Keep(Guid id, string to, IReadOnlyList<KnownObject> found, CancellationToken cancellationToken);

    /// <summary>Changes the rows of what was found and is as it was, and raises the version of the client's root.</summary>
    /// <exception cref="OutageException">Something that was found is being deleted by now.</exception>
    Task Commit(Guid id, RebaseRequest request, CancellationToken cancellationToken);
}

/// <summary>What a rebase is to do.</summary>
public sealed record RebaseRequest(string FromProvider, string ToProvider, bool Checksums);
