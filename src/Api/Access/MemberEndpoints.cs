using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Access;

internal static class MemberEndpoints
{
    public static void MapMembers(this RouteGroupBuilder api)
    {
        var members = api.MapGroup("/members").Needs(Role.Admin);
        members.MapList(new("Member", "the members of the client", ListFields.Members), request => new ListMembers(request));
        members.MapPost("/", Add).Returns<MemberDetails>(201, versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(409, "MEMBER_EXISTS").Problems(422, "VALIDATION_ERROR")
            .Example(new { Email = "ann@example.com", DisplayName = "Ann Lee", Role = "editor" });
        members.MapGet("/{id:guid}", Get).Returns<MemberDetails>(versioned: true).Problems(404, "MEMBER_NOT_FOUND");
        members.MapPatch("/{id:guid}", Change).Returns<MemberDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "MEMBER_NOT_FOUND")
            .Problems(423, "MEMBER_ALREADY_JOINED").Example(new { Status = "suspended" });
        members.MapDelete("/{id:guid}", Remove).Returns<RemovedMember>().Problems(403, "ROLE_ABOVE_OWN").Problems(404, "MEMBER_NOT_FOUND");
    }

    /// <summary>Invite a person</summary>
    /// <remarks>By email; the membership becomes active when a person with that verified email signs in.</remarks>
    private static async Task<IResult> Add(Body<AddMemberBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var added = await mediator.Send(new AddMember(body.Value.Email, body.Value.DisplayName, body.Value.Role), cancellationToken);
        if (!added.Succeeded) return Problem.From(added.Errors);

        return (await mediator.Send(new GetMember(added.Value), cancellationToken))
            .Match(member => Respond.Created($"{ApiGroup.Prefix}/members/{member.Id}", member, member.Version), Problem.From);
    }

    /// <summary>Get a member</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMember(new(id)), cancellationToken)).Match(member => Respond.Item(member, member.Version), Problem.From);

    /// <summary>Change a member's role or status</summary>
    /// <remarks>Nobody gives a role above the own, nor changes a member above it.</remarks>
    private static async Task<IResult> Change(Guid id, Body<ChangeMemberBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var changed = await mediator.Send(new ChangeMember(new(id), body.Value.Role, body.Value.Status, ifMatch.Version), cancellationToken);
        return changed.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(changed.Errors);
    }

    /// <summary>Take a person out of the client</summary>
    /// <remarks>What the person made stays.</remarks>
    private static async Task<IResult> Remove(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RemoveMember(new(id), ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new RemovedMember(id)), Problem.From);

    /// <param name="Email">Kept in lower case.</param>
    /// <param name="Role">viewer, editor, admin or owner.</param>
    /// <param name="DisplayName">What this client calls the person.</param>
    [ReadOnlyFields(typeof(MemberDetails))]
    internal sealed record AddMemberBody(string Email, Role Role, string? DisplayName = null);

    /// <param name="Role">viewer, editor, admin or owner; left as it is when left out.</param>
    /// <param name="Status">active or suspended; left as it is when left out.</param>
    [ReadOnlyFields(typeof(MemberDetails))]
    internal sealed record ChangeMemberBody(Role? Role = null, MemberStatus? Status = null);

    internal sealed record RemovedMember(Guid Id);
}
