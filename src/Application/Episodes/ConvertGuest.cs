using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Makes known that a guest is a user of the client now. What points to the guest goes on to do so; its sessions end, since the user signs in.</summary>
/// <param name="UserId">A user who is a member, or <paramref name="Email"/> says who.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ConvertGuest(Guid Id, Guid? UserId, string? Email, long? IfMatch) : ICommand<Written>;

internal sealed class ConvertGuestValidator : AbstractValidator<ConvertGuest>
{
    public ConvertGuestValidator() =>
        RuleFor(convert => convert.UserId).Must((convert, user) => user is null != convert.Email is null).WithMessage("Say who by user_id or by email, one of them.");
}

internal sealed class ConvertGuestHandler(IRecords<GuestFields> records, IGuests guests, CallContext context, TimeProvider time) : ICommandHandler<ConvertGuest, Written>
{
    public async Task<Result<Written>> Handle(ConvertGuest command, CancellationToken cancellationToken)
    {
        var found = await records.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();
        if (await guests.FindMember(command.UserId, command.Email?.Trim().ToLowerInvariant(), cancellationToken) is not { } user)
            return new UserIsNoMember(command.UserId is null ? "email" : "user_id");

        var converted = found.Value.As<Guest>().Convert(user, time.GetUtcNow());
        if (!converted.Succeeded) return converted.As<Written>();

        await guests.RevokeSessions(command.Id, cancellationToken);
        return await records.Set(found.Value, converted.Value, cancellationToken);
    }
}
