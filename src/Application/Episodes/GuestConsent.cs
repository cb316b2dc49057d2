using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Notes that a guest has agreed to a privacy notice.</summary>
/// <param name="ConsentedAt">Null is now.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ConsentGuest(Guid Id, string NoticeVersion, DateTimeOffset? ConsentedAt, long? IfMatch) : ICommand<Written>;

internal sealed class ConsentGuestValidator : AbstractValidator<ConsentGuest>
{
    public ConsentGuestValidator(TimeProvider time)
    {
        RuleFor(consent => consent.NoticeVersion).NotEmpty().MaximumLength(100);
        RuleFor(consent => consent.ConsentedAt).Must(at => at is null || at <= time.GetUtcNow()).WithMessage("Nobody has agreed in the future.");
    }
}

internal sealed class ConsentGuestHandler(IRecords<GuestFields> guests, CallContext context, TimeProvider time) : ICommandHandler<ConsentGuest, Written>
{
    public async Task<Result<Written>> Handle(ConsentGuest command, CancellationToken cancellationToken)
    {
        var found = await guests.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var guest = found.Value.As<Guest>();
        var at = command.ConsentedAt ?? (guest.HasConsent && guest.ConsentNoticeVersion == command.NoticeVersion ? guest.ConsentedAt : null) ?? time.GetUtcNow(); // said again, it was agreed to as before
        var consented = guest.Consent(command.NoticeVersion, at);
        return consented.Succeeded ? await guests.Set(found.Value, consented.Value, cancellationToken) : consented.As<Written>();
    }
}
