using MediaPlatform.Domain.Access;

namespace MediaPlatform.Domain.Tests.Access;

internal sealed class GrantingRolesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void A_key_makes_keys_of_its_own_role_and_below([Values] Role wanted, [Values] Role own)
    {
        var granted = ApiKey.Grant(wanted, own);

        Assert.That(granted.Succeeded, Is.EqualTo(wanted <= own));
        if (!granted.Succeeded) Assert.That(granted.Errors, Is.EqualTo(new[] { new RoleAboveOwn(wanted, own) }));
    }

    [Test]
    public void A_key_is_closed_once_and_the_first_time_stays()
    {
        var key = new ApiKey(new(Guid.NewGuid()), "importer", Role.Editor, ExpiresAt: null, RevokedAt: null, Version: 1).Revoke(Now);

        Assert.That(key.Revoke(Now.AddDays(1)).RevokedAt, Is.EqualTo(Now));
    }

    [Test]
    public void Nobody_touches_a_member_above_nor_lifts_one_above_the_own_role([Values] Role from, [Values] Role to, [Values] Role by)
    {
        var changed = AMember(from).Change(to, MemberStatus.Active, by);

        Assert.That(changed.Succeeded, Is.EqualTo(from <= by && to <= by));
        if (changed.Succeeded) Assert.That(changed.Value.Role, Is.EqualTo(to));
    }

    [TestCase(MemberStatus.Invited, MemberStatus.Invited, true)]
    [TestCase(MemberStatus.Invited, MemberStatus.Active, true)]
    [TestCase(MemberStatus.Active, MemberStatus.Suspended, true)]
    [TestCase(MemberStatus.Suspended, MemberStatus.Active, true)]
    [TestCase(MemberStatus.Active, MemberStatus.Invited, false)]
    [TestCase(MemberStatus.Suspended, MemberStatus.Invited, false)]
    public void Who_has_joined_is_never_invited_again(MemberStatus from, MemberStatus to, bool allowed)
    {
        var changed = AMember(Role.Viewer, from).Change(Role.Viewer, to, Role.Owner);

        Assert.That(changed.Succeeded, Is.EqualTo(allowed));
    }

    private static Member AMember(Role role, MemberStatus status = MemberStatus.Active) => new(new(Guid.NewGuid()), new(Guid.NewGuid()), "Ann", role, status, Version: 1);
}
