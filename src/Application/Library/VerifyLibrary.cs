using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Library;

namespace MediaPlatform.Application.Library;

/// <summary>Has all objects of the client's media looked at; gives the verification.</summary>
/// <param name="Checksums">Also reads every original and hashes it.</param>
/// <param name="Quarantine">Quarantines what nobody knows, and has renditions made again that are missing.</param>
public sealed record VerifyLibrary(bool Checksums, bool Quarantine) : ICommand<Guid>;

internal sealed class VerifyLibraryHandler(IVerifications verifications, IJobs jobs) : ICommandHandler<VerifyLibrary, Guid>
{
    public async Task<Result<Guid>> Handle(VerifyLibrary command, CancellationToken cancellationToken)
    {
        await verifications.Lock(cancellationToken);
        if (await verifications.IsLive(cancellationToken)) return new LibraryBusy();

        var id = Guid.CreateVersion7();
        await verifications.Add(id, command.Checksums, command.Quarantine, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.LibraryVerify, VerifyStored.SubjectType, id, VerifyStored.OneAtATime), cancellationToken);
        return id;
    }
}
