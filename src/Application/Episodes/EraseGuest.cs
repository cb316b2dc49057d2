using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Deletes by a legal request whatever tells who a guest was, in the trash or not. The record stays without it, so that what points to it does.</summary>
/// <param name="Reason">At most 500 characters; kept in the receipt.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record EraseGuest(Guid Id, string? Reason, long? IfMatch) : ICommand<ErasedGuest>, IGivesReason;

internal sealed class EraseGuestHandler(IRecords<GuestFields> records, IGuests guests, TimeProvider time) : ICommandHandler<EraseGuest, ErasedGuest>
{
    public async Task<Result<ErasedGuest>> Handle(EraseGuest command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        if (await records.FindForUpdate(command.Id, cancellationToken) is not { } record) return new RecordNotFound(EpisodeKinds.Guest, command.Id);
        if (StaleVersion.Unless(command.IfMatch, record.State.Version) is { } stale) return stale;

        var now = time.GetUtcNow();
        var erased = record.As<Guest>().Erase(now);
        if (!erased.Succeeded) return erased.As<ErasedGuest>();

        var emptied = await records.Save(record with { Schema = null }, new GuestFields(Guest.ErasedName), cancellationToken);
        if (!emptied.Succeeded) return emptied.As<ErasedGuest>();
        var marked = await records.Set(record, erased.Value, cancellationToken);
        if (!marked.Succeeded) return marked.As<ErasedGuest>();
        return await guests.Erase(command.Id, record.As<GuestFields>().Name, now, command.Reason, cancellationToken);
    }
}
