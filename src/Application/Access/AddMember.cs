using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Invites a person by email.</summary>
public sealed record AddMember(string Email, string? DisplayName, Role Role) : ICommand<MemberId>;

internal sealed class AddMemberValidator : AbstractValidator<AddMember>
{
    public AddMemberValidator()
    {
        RuleFor(member => member.Email).NotEmpty().EmailAddress().MaximumLength(320);
        RuleFor(member => member.DisplayName).MaximumLength(200);
    }
}

internal sealed class AddMemberHandler(IMembers members, CallContext context) : ICommandHandler<AddMember, MemberId>
{
    public async Task<Result<MemberId>> Handle(AddMember command, CancellationToken cancellationToken)
    {
        if (command.Role > context.Caller.Role) return new RoleAboveOwn(command.Role, context.Caller.Role);

        var email = command.Email.Trim().ToLowerInvariant();
        var user = await members.FindOrAddUser(email, cancellationToken);
        var member = new Member(new(Guid.CreateVersion7()), user, command.DisplayName?.Trim(), command.Role, MemberStatus.Invited, Version: 1);
        return await members.Add(member, cancellationToken) ? member.Id : new MemberExists(email);
    }
}
