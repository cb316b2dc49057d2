using MediaPlatform.Api.Http;
using MediaPlatform.Application;
using MediaPlatform.Application.Access;
using MediaPlatform.Domain;
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
        members.MapPost("/", Add).Returns<MemberDetails>(201, versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(409, "MEMBER_EXISTS").Problems(422, "VALIDATION_ERROR", "UNKNOWN_ENTITY", "OWNER_HAS_NO_EXCEPTIONS")
            .Example(new { Email = "ann@example.com", DisplayName = "Ann Lee", Role = "editor", Permissions = new Dictionary<string, string> { ["jobs"] = "viewer" } });
        members.MapGet("/{id:guid}", Get).Returns<MemberDetails>(versioned: true).Problems(404, "MEMBER_NOT_FOUND");
        members.MapPatch("/{id:guid}", Change).Returns<MemberDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "MEMBER_NOT_FOUND")
            .Problems(422, "UNKNOWN_ENTITY", "OWNER_HAS_NO_EXCEPTIONS").Problems(423, "MEMBER_ALREADY_JOINED", "LAST_OWNER").Example(new { Status = "suspended" });
        members.MapPut("/{id:guid}", Replace).Returns<MemberDetails>(versioned: true).Problems(403, "ROLE_ABOVE_OWN").Problems(404, "MEMBER_NOT_FOUND")
            .Problems(422, "UNKNOWN_ENTITY", "OWNER_HAS_NO_EXCEPTIONS").Problems(423, "LAST_OWNER").Example(new { Role = "viewer", DisplayName = "Ann Lee" });
        members.MapDelete("/{id:guid}", Remove).Returns<RemovedMember>().Problems(403, "ROLE_ABOVE_OWN").Problems(404, "MEMBER_NOT_FOUND").Problems(423, "LAST_OWNER");
        members.MapBatch("Member", new BatchVerbs
        {
            Example = new { Op = "update", Id = Guid.Empty, Body = new { Status = "suspended" } },
            Create = BatchVerb.Taking<AddMemberBody, AddMember, MemberId>(Role.Admin, typeof(MemberDetails), (_, body) => new(body.Email, body.DisplayName, body.Role, body.Permissions), (_, id) => new(id.Value, 1)),
            Update = BatchVerb.Taking<ChangeMemberBody, ChangeMember, Member>(
                Role.Admin, typeof(MemberDetails), (item, body) => new(new(item.Id), body.Role, body.Status, item.IfMatch, body.Permissions, body.DisplayName), (item, member) => new(item.Id, member.Version)),
            Delete = BatchVerb.Naming<RemoveMember, Done>(Role.Admin, item => new(new(item.Id), item.IfMatch)),
        });
    }

    /// <summary>Invite a person</summary>
    /// <remarks>By email; the membership becomes active when a person with that verified email signs in.</remarks>
    private static async Task<IResult> Add(Body<AddMemberBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var added = await mediator.Send(new AddMember(body.Value.Email, body.Value.DisplayName, body.Value.Role, body.Value.Permissions), cancellationToken);
        if (!added.Succeeded) return Problem.From(added.Errors);

        return (await mediator.Send(new GetMember(added.Value), cancellationToken))
            .Match(member => Respond.Created($"{ApiGroup.Prefix}/members/{member.Id}", member, member.Version), Problem.From);
    }

    /// <summary>Get a member</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMember(new(id)), cancellationToken)).Match(member => Respond.Item(member, member.Version), Problem.From);

    /// <summary>Change a member's role, permissions, status or name</summary>
    /// <remarks>Nobody gives a right above the own, nor changes a member above it. The last active owner of a client stays one.</remarks>
    private static async Task<IResult> Change(Guid id, Body<ChangeMemberBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var changed = await mediator.Send(new ChangeMember(new(id), body.Value.Role, body.Value.Status, ifMatch.Version, body.Value.Permissions, body.Value.DisplayName), cancellationToken);
        return changed.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(changed.Errors);
    }

    /// <summary>Replace a member's role, permissions and name</summary>
    /// <remarks>What is left out is emptied; the status stays where it is, unless it is given.</remarks>
    private static async Task<IResult> Replace(Guid id, Body<ReplaceMemberBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var (role, status, displayName, permissions) = body.Value;
        var replaced = await mediator.Send(
            new ChangeMember(new(id), role, status, ifMatch.Version, permissions, new(IsGiven: true, displayName), ReplacesPermissions: true), cancellationToken);
        return replaced.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(replaced.Errors);
    }

    /// <summary>Take a person out of the client</summary>
    /// <remarks>What the person made stays.</remarks>
    private static async Task<IResult> Remove(Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RemoveMember(new(id), ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new RemovedMember(id)), Problem.From);

    /// <param name="Email">Kept in lower case.</param>
    /// <param name="Role">viewer, editor, admin or owner.</param>
    /// <param name="DisplayName">What this client calls the person.</param>
    /// <param name="Permissions">The entities, by the first segment of their path, on which the role is another: none, viewer, editor or admin. An owner has none.</param>
    [ReadOnlyFields(typeof(MemberDetails))]
    internal sealed record AddMemberBody(string Email, Role Role, string? DisplayName = null, IReadOnlyDictionary<string, EntityRight?> Permissions = null!);

    /// <param name="Role">viewer, editor, admin or owner; left as it is when left out.</param>
    /// <param name="Status">active or suspended; left as it is when left out.</param>
    /// <param name="Permissions">Those that change; null takes one away, so that the role counts again.</param>
    /// <param name="DisplayName">What this client calls the person.</param>
    [ReadOnlyFields(typeof(MemberDetails))]
    internal sealed record ChangeMemberBody(
        Role? Role = null, MemberStatus? Status = null, IReadOnlyDictionary<string, EntityRight?> Permissions = null!, Change<string> DisplayName = default);

    /// <param name="Role">viewer, editor, admin or owner.</param>
    /// <param name="Status">active or suspended; left as it is when left out.</param>
    /// <param name="DisplayName">What this client calls the person.</param>
    /// <param name="Permissions">All of them.</param>
    [ReadOnlyFields(typeof(MemberDetails))]
    internal sealed record ReplaceMemberBody(Role Role, MemberStatus? Status = null, string? DisplayName = null, IReadOnlyDictionary<string, EntityRight?> Permissions = null!);

    internal sealed record RemovedMember(Guid Id);
}
