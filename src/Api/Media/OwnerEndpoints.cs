using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Media;

internal static class OwnerEndpoints
{
    public static void MapOwners(this RouteGroupBuilder api)
    {
        var owners = api.MapGroup("/owners/{owner_type}/{owner_id}").Needs(Role.Viewer);
        owners.MapGet("/", Get).Returns<OwnerDetails>(versioned: true).Problems(404, "OWNER_NOT_FOUND");
        owners.MapPut("/", Save).Needs(Role.Editor).Returns<OwnerDetails>(versioned: true).Returns<OwnerDetails>(201, versioned: true)
            .Problems(422, "OWNER_TYPE_RESERVED", "VALIDATION_ERROR").Example(new { Title = "The rooftop at dawn" });
        owners.MapGet("/media", Media).Returns<OwnerMediaBody>().Problems(403, "ROLE_TOO_LOW").Problems(404, "OWNER_NOT_FOUND").Problems(422, "VALIDATION_ERROR");

        var attachments = api.MapGroup("/attachments").Needs(Role.Viewer);
        attachments.MapGet("/{id:guid}", GetAttachment).Returns<AttachmentDetails>(versioned: true).Problems(404, "ATTACHMENT_NOT_FOUND");
        attachments.MapDelete("/{id:guid}", Detach).Needs(Role.Editor).Returns<Detached>().Problems(404, "ATTACHMENT_NOT_FOUND");
        attachments.MapBatch("Attachment", new BatchVerbs
        {
            Example = new { Op = "delete", Id = Guid.Empty },
            Delete = BatchVerb.Naming<DetachMedia, Done>(Role.Editor, item => new(new(item.Id), item.IfMatch)),
        });
    }

    /// <summary>Get an owner of media</summary>
    private static async Task<IResult> Get([FromRoute(Name = "owner_type")] string ownerType, [FromRoute(Name = "owner_id")] string ownerId, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetOwner(ownerType, ownerId), cancellationToken)).Match(owner => Respond.Item(owner, owner.Version), Problem.From);

    /// <summary>Make something outside the platform known</summary>
    /// <remarks>So that media can be attached to it: a writing tool's scene, character, location or theme. Types of the platform's own are reserved.</remarks>
    private static async Task<IResult> Save([FromRoute(Name = "owner_type")] string ownerType, [FromRoute(Name = "owner_id")] string ownerId, Body<SaveOwnerBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var saved = await mediator.Send(new SaveOwner(ownerType, ownerId, body.Value.Title, ifMatch.Version), cancellationToken);
        if (!saved.Succeeded) return Problem.From(saved.Errors);

        var owner = await mediator.Send(new GetOwner(ownerType, ownerId), cancellationToken);
        return owner.Match(
            found => saved.Value.Created
                ? Respond.Created($"{ApiGroup.Prefix}/owners/{Uri.EscapeDataString(ownerType)}/{Uri.EscapeDataString(ownerId)}", found, found.Version)
                : Respond.Item(found, found.Version),
            Problem.From);
    }

    /// <summary>List the media of an owner</summary>
    /// <remarks>The cover first, then by role and order; at most 500, and nothing that is in the trash.</remarks>
    /// <param name="ownerType">Such as scene.</param>
    /// <param name="ownerId">The owner's id in its own system.</param>
    /// <param name="role">cover, inline, gallery or reference; all, when left out.</param>
    private static async Task<IResult> Media(
        [FromRoute(Name = "owner_type")] string ownerType, [FromRoute(Name = "owner_id")] string ownerId, IMediator mediator, IMediaLinks links, CancellationToken cancellationToken, string? role = null)
    {
        var wanted = Names.Parse<AttachmentRole>(role);
        if (role is not null && wanted is null)
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "VALIDATION_ERROR", $"\"{role}\" is not one of {string.Join(", ", Names.All<AttachmentRole>())}.", "role");

        return (await mediator.Send(new ListOwnerMedia(ownerType, ownerId, wanted), cancellationToken)).Match(
            found => Respond.Ok(new OwnerMediaBody(found.Owner, [.. found.Media.Select(one => new AttachedMediaBody(one.Attachment, MediaBody.From(one.Asset, links)))])),
            Problem.From);
    }

    /// <summary>Get an attachment</summary>
    private static async Task<IResult> GetAttachment(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetAttachment(new(id)), cancellationToken)).Match(attachment => Respond.Item(attachment, attachment.Version), Problem.From);

    /// <summary>Take an asset away from an owner</summary>
    /// <remarks>The asset stays in the library.</remarks>
    private static async Task<IResult> Detach(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new DetachMedia(new(id), ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new Detached(id)), Problem.From);

    /// <param name="Title">What people call it.</param>
    [ReadOnlyFields(typeof(OwnerDetails))]
    internal sealed record SaveOwnerBody(string? Title = null);

    /// <param name="Owner">The owner.</param>
    /// <param name="Media">Its media in order.</param>
    internal sealed record OwnerMediaBody(OwnerDetails Owner, IReadOnlyList<AttachedMediaBody> Media);

    /// <param name="Attachment">The place at the owner.</param>
    /// <param name="Asset">The asset there.</param>
    internal sealed record AttachedMediaBody(AttachmentDetails Attachment, MediaBody Asset);

    internal sealed record Detached(Guid Id);
}
