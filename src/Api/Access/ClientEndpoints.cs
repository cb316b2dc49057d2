using MediaPlatform.Api.Http;
using MediaPlatform.Application;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediatR;

namespace MediaPlatform.Api.Access;

internal static class ClientEndpoints
{
    public static void MapClients(this RouteGroupBuilder api)
    {
        var clients = api.MapGroup("/clients");
        clients.MapGet("/", List).NeedsNoClient().Returns<IReadOnlyList<ClientDetails>>();
        var one = clients.MapGroup("/{id:guid}").PicksClientByPath();
        one.MapGet("/", Get).Needs(Role.Viewer).ReachesTrashedClient().Returns<ClientDetails>(versioned: true).Problems(404, "CLIENT_NOT_FOUND");
        one.MapPatch("/", Change).Needs(Role.Owner).Returns<ClientDetails>(versioned: true).Problems(404, "CLIENT_NOT_FOUND").Problems(422, "UNKNOWN_FILE_TYPE", "VALIDATION_ERROR")
            .Example(new { Name = "Studio West", AllowedFileTypes = new List<string> { "image/jpeg", "image/png" }, TrashRetentionDays = 60, WardrobeCoolDownDays = 45, LibraryQuotaBytes = 500_000_000_000L });
        one.MapPut("/", Replace).Needs(Role.Owner).Returns<ClientDetails>(versioned: true).Problems(404, "CLIENT_NOT_FOUND").Problems(422, "UNKNOWN_FILE_TYPE", "VALIDATION_ERROR")
            .Example(new { Name = "Studio East", TrashRetentionDays = 90, WardrobeCoolDownDays = 30 });
        one.MapDelete("/", Delete).Needs(Role.Owner).Returns<TrashedClient>().Problems(404, "CLIENT_NOT_FOUND").Problems(422, "VALIDATION_ERROR");
        one.MapPost("/restore", Restore).Needs(Role.Owner).ReachesTrashedClient().Returns<ClientDetails>(versioned: true).Problems(404, "CLIENT_NOT_FOUND").Problems(423, "CLIENT_NOT_IN_TRASH");
    }

    /// <summary>List the clients that the caller is in</summary>
    /// <remarks>With the role in each. A key is in one client; who signs in by a token may be in several.</remarks>
    private static async Task<IResult> List(IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListClients(), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get a client</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetClient(new(id)), cancellationToken)).Match(client => Respond.Item(client, client.Version), Problem.From);

    /// <summary>Change a client's name and settings</summary>
    /// <remarks>`"allowed_file_types": null` takes in all that the platform supports. What a client may register of a bucket is the operator's to say.</remarks>
    private static async Task<IResult> Change(Guid id, Body<ChangeClientBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var b = body.Value;
        var change = new ChangeClient(new(id), b.Name, b.AllowedFileTypes, b.TrashRetentionDays, b.WardrobeCoolDownDays, ifMatch.Version) { LibraryQuotaBytes = b.LibraryQuotaBytes, LibraryProviderCaps = b.LibraryProviderCaps };
        var changed = await mediator.Send(change, cancellationToken);
        return changed.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(changed.Errors);
    }

    /// <summary>Replace a client's name and settings</summary>
    /// <remarks>Without `allowed_file_types`, all that the platform supports are taken in. The budget of the stock library stays as it is where it is left out: nothing is evicted by a program that does not know of it.</remarks>
    private static async Task<IResult> Replace(Guid id, Body<ReplaceClientBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var b = body.Value;
        var change = new ChangeClient(new(id), b.Name, new(IsGiven: true, b.AllowedFileTypes), b.TrashRetentionDays, b.WardrobeCoolDownDays, ifMatch.Version)
        {
            LibraryQuotaBytes = b.LibraryQuotaBytes, LibraryProviderCaps = b.LibraryProviderCaps,
        };
        var replaced = await mediator.Send(change, cancellationToken);
        return replaced.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(replaced.Errors);
    }

    /// <summary>Move a client to the trash</summary>
    /// <remarks>Within a second, every credential of it is answered 403 `CLIENT_DELETED`, but an owner's for looking at the client and restoring it. Nothing in it is lost.</remarks>
    /// <param name="id">The client.</param>
    /// <param name="ifMatch">The version that the caller has seen.</param>
    /// <param name="reason">Kept with it.</param>
    private static async Task<IResult> Delete(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken, string? reason = null) =>
        (await mediator.Send(new TrashClient(new(id), reason, ifMatch.Version), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Take a client out of the trash</summary>
    private static async Task<IResult> Restore(Guid id, IMediator mediator, CancellationToken cancellationToken)
    {
        var restored = await mediator.Send(new RestoreClient(new(id)), cancellationToken);
        return restored.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(restored.Errors);
    }

    /// <param name="Name">Left as it is when left out.</param>
    /// <param name="AllowedFileTypes">MIME types taken in; `image/*` and its like stand for all of a kind.</param>
    /// <param name="TrashRetentionDays">Days in the trash before the purge: 0 to 3650.</param>
    /// <param name="WardrobeCoolDownDays">Days within which an outfit, or a piece of it, that is worn again is told as a warning: 0 (never) to 3650.</param>
    /// <param name="LibraryQuotaBytes">What stock media may take, originals and what is made of them.</param>
    /// <param name="LibraryProviderCaps">Bytes by provider, above which its media are evicted first; all that there are.</param>
    [ReadOnlyFields(typeof(ClientDetails))]
    internal sealed record ChangeClientBody(string? Name = null, Change<IReadOnlyList<string>> AllowedFileTypes = default, int? TrashRetentionDays = null, int? WardrobeCoolDownDays = null,
        long? LibraryQuotaBytes = null, IReadOnlyDictionary<string, long>? LibraryProviderCaps = null);

    /// <param name="Name">What people call the client.</param>
    /// <param name="AllowedFileTypes">MIME types taken in; `image/*` and its like stand for all of a kind.</param>
    /// <param name="TrashRetentionDays">Days in the trash before the purge: 0 to 3650.</param>
    /// <param name="WardrobeCoolDownDays">Days within which an outfit, or a piece of it, that is worn again is told as a warning: 0 (never) to 3650.</param>
    /// <param name="LibraryQuotaBytes">What stock media may take, originals and what is made of them.</param>
    /// <param name="LibraryProviderCaps">Bytes by provider, above which its media are evicted first; all that there are.</param>
    [ReadOnlyFields(typeof(ClientDetails))]
    internal sealed record ReplaceClientBody(string Name, IReadOnlyList<string>? AllowedFileTypes = null, int TrashRetentionDays = 30, int WardrobeCoolDownDays = 30, long? LibraryQuotaBytes = null,
        IReadOnlyDictionary<string, long>? LibraryProviderCaps = null);
}
