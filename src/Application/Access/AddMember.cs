using System.Collections.Frozen;
using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Invites a person by email.</summary>
/// <param name="Permissions">The entities on which the role is another.</param>
public sealed record AddMember(string Email, string? DisplayName, Role Role, IReadOnlyDictionary<string, EntityRight?>? Permissions = null) : ICommand<MemberId>;

internal sealed class AddMemberValidator : AbstractValidator<AddMember>
{
    public AddMemberValidator()
    {
        RuleFor(member => member.Email).NotEmpty().EmailAddress().MaximumLength(320);
        RuleFor(member => member.DisplayName).MaximumLength(200);
    }
}

internal sealed class AddMemberHandler(IMembers members, EntityNames entities, CallContext context) : ICommandHandler<AddMember, MemberId>
{
    public async Task<Result<MemberId>> Handle(AddMember command, CancellationToken cancellationToken)
    {
        var permissions = entities.Change(FrozenDictionary<string, EntityRight>.Empty, command.Permissions ?? FrozenDictionary<string, EntityRight?>.Empty);
        if (!permissions.Succeeded) return permissions.As<MemberId>();

        var granted = Member.Grant(new(command.Role, permissions.Value), context.Caller.Rights);
        if (!granted.Succeeded) return granted.As<MemberId>();

        var email = command.Email.Trim().ToLowerInvariant();
        var user = await members.FindOrAddUser(email, cancellationToken);
        var member = new Member(new(Guid.CreateVersion7()), user, command.DisplayName?.Trim(), command.Role, MemberStatus.Invited, Version: 1) { Permissions = permissions.Value };
        return await members.Add(member, cancellationToken) ? member.Id : new MemberExists(email);
    }
}
