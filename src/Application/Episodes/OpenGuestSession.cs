using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Gives a guest a session. Its token is in the answer and nowhere else, ever.</summary>
public sealed record OpenGuestSession(Guid GuestId) : ICommand<OpenedGuestSession>;

/// <summary>The only time that the token is seen.</summary>
public sealed record OpenedGuestSession(Guid Id, GuestToken Token);

internal sealed class OpenGuestSessionHandler(IRecords<GuestFields> records, IGuests guests, GuestOptions options, CallContext context, TimeProvider time)
    : ICommandHandler<OpenGuestSession, OpenedGuestSession>
{
    public async Task<Result<OpenedGuestSession>> Handle(OpenGuestSession command, CancellationToken cancellationToken)
    {
        var found = await records.Open(command.GuestId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<OpenedGuestSession>();
        if (found.Value.As<Guest>().RefusesSessions() is { } refused) return refused;

        var token = GuestToken.Create();
        var session = new GuestSession(Guid.CreateVersion7(), command.GuestId, time.GetUtcNow() + options.SessionLifetime, RevokedAt: null, Version: 1);
        await guests.AddSession(session, token, cancellationToken);
        return new OpenedGuestSession(session.Id, token);
    }
}
