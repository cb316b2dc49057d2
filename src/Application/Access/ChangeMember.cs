using System.Collections.Frozen;
using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Changes a member's role, permissions, status or name; null leaves it.</summary>
/// <param name="Permissions">Those that change; null takes one away.</param>
/// <param name="ReplacesPermissions">They are all that there are to be.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeMember(
    MemberId Id, Role? Role, MemberStatus? Status, long? IfMatch, IReadOnlyDictionary<string, EntityRight?>? Permissions = null, Change<string> DisplayName = default,
    bool ReplacesPermissions = false) : ICommand<Member>;

internal sealed class ChangeMemberValidator : AbstractValidator<ChangeMember>
{
    public ChangeMemberValidator() => RuleFor(member => member.DisplayName.Value).MaximumLength(200).OverridePropertyName("DisplayName");
}

internal sealed class ChangeMemberHandler(IMembers members, EntityNames entities, CallContext context) : ICommandHandler<ChangeMember, Member>
{
    public async Task<Result<Member>> Handle(ChangeMember command, CancellationToken cancellationToken)
    {
        if (await members.FindForUpdate(command.Id, cancellationToken) is not { } member) return new MemberNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, member.Version) is { } stale) return stale;

        var permissions = entities.Change(command.ReplacesPermissions ? FrozenDictionary<string, EntityRight>.Empty : member.Permissions, command.Permissions ?? FrozenDictionary<string, EntityRight?>.Empty);
        if (!permissions.Succeeded) return permissions.As<Member>();

        var changed = member.Change(new(command.Role ?? member.Role, permissions.Value), command.Status ?? member.Status, context.Caller.Rights);
        if (!changed.Succeeded) return changed;
        if (member.Owns && !changed.Value.Owns && !await members.HasOtherOwner(member.Id, cancellationToken)) return new LastOwner();

        return await members.Save(command.DisplayName.IsGiven ? changed.Value with { DisplayName = command.DisplayName.Value?.Trim() } : changed.Value, cancellationToken);
    }
}
