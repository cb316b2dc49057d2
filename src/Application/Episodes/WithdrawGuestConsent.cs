using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Notes that a guest has taken the consent back: what it allowed to be kept is deleted, and no session lets in any more.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record WithdrawGuestConsent(Guid Id, long? IfMatch) : ICommand<Written>;

internal sealed class WithdrawGuestConsentHandler(IRecords<GuestFields> records, IGuests guests, CallContext context, TimeProvider time) : ICommandHandler<WithdrawGuestConsent, Written>
{
    public async Task<Result<Written>> Handle(WithdrawGuestConsent command, CancellationToken cancellationToken)
    {
        var found = await records.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var withdrawn = found.Value.As<Guest>().Withdraw(time.GetUtcNow());
        if (!withdrawn.Succeeded) return withdrawn.As<Written>();

        var emptied = await records.Save(found.Value with { Schema = null }, found.Value.As<GuestFields>().WithoutConsent(), cancellationToken);
        if (!emptied.Succeeded) return emptied;

        await guests.RevokeSessions(command.Id, cancellationToken);
        return await records.Set(found.Value, withdrawn.Value, cancellationToken);
    }
}
