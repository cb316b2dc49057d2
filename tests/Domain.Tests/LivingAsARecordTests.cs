using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Tests;

internal sealed class LivingAsARecordTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Guid Ann = Guid.NewGuid();
    private static readonly RecordKind Kind = new("note", "NOTE", "Note");

    [Test]
    public void Into_the_trash_and_out_again_each_once()
    {
        var trashed = ARecord().Trash(Now).Value;

        Assert.That(trashed.DeletedAt, Is.EqualTo(Now));
        Assert.That(trashed.Trash(Now.AddDays(1)).Errors, Is.EqualTo(new[] { new RecordInTrash(Kind, trashed.Id, Now) }));
        Assert.That(trashed.Restore().Value.DeletedAt, Is.Null);
        Assert.That(ARecord().Restore().Errors[0], Is.TypeOf<RecordNotInTrash>());
    }

    [TestCase(Role.Owner, false, 1000, true)]
    [TestCase(Role.Admin, false, 1000, true)]
    [TestCase(Role.Editor, true, 60, true)]
    [TestCase(Role.Editor, true, 61, false)]
    [TestCase(Role.Editor, false, 1, false)]
    [TestCase(Role.Viewer, true, 1, false)]
    public void An_admin_purges_anything_and_an_editor_its_own_within_the_hour(Role role, bool own, int minutes, bool allowed)
    {
        var purged = ARecord().Purge(role, "user", own ? Ann : Guid.NewGuid(), Now.AddMinutes(minutes));

        Assert.That(purged.Succeeded, Is.EqualTo(allowed));
        if (!allowed) Assert.That(purged.Errors, Is.EqualTo(new[] { new RoleTooLow(Role.Admin) }));
    }

    [Test]
    public void A_key_with_the_id_of_a_user_is_not_that_user() =>
        Assert.That(ARecord().Purge(Role.Editor, "api_key", Ann, Now).Succeeded, Is.False);

    [TestCase(Role.Viewer, "NOTE_NOT_FOUND")]
    [TestCase(Role.Editor, "NOTE_NOT_FOUND")]
    [TestCase(Role.Admin, "NOTE_IN_TRASH")]
    public void What_is_in_the_trash_does_not_exist_for_those_who_may_not_see_it(Role role, string code) =>
        Assert.That(ARecord().Trash(Now).Value.HiddenFrom(role)!.Code, Is.EqualTo(code));

    /// <summary>Each of the twelve ways, so that a thirteenth cannot come in unseen.</summary>
    [Test]
    public void An_approval_goes_its_four_ways_and_no_other()
    {
        var ways = from status in Enum.GetValues<ApprovalStatus>()
                   from move in Enum.GetValues<ApprovalMove>()
                   let moved = Approval.Move(status, move)
                   where moved.Succeeded
                   select $"{status} {move} {moved.Value}";

        Assert.That(ways, Is.EquivalentTo(new[] { "Draft Approve Approved", "Approved Unapprove Draft", "Draft Reject Rejected", "Rejected Resubmit Draft" }));
        Assert.That(ARecord().Move(ApprovalMove.Approve).Errors, Is.EqualTo(new[] { new ApprovalForbids(ApprovalStatus.Approved, ApprovalMove.Approve) }));
        Assert.That(ARecord().Move(ApprovalMove.Approve).Errors[0].Message, Is.EqualTo("What is approved does not take \"approve\"; it takes \"unapprove\"."));
        Assert.That(Approval.Next(ApprovalStatus.Draft), Is.EquivalentTo(new[] { ApprovalMove.Approve, ApprovalMove.Reject }));
    }

    private static RecordState ARecord() => new(Kind, Guid.NewGuid(), Version: 1, Now, "user", Ann, DeletedAt: null, ApprovalStatus.Approved);
}
