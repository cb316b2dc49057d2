using MediaPlatform.Domain.Library;

namespace MediaPlatform.Domain.Tests.Library;

internal sealed class BudgetTests
{
    [TestCase(1_000, 400, 100, 500, true)]
    [TestCase(1_000, 400, 100, 501, false)]
    [TestCase(1_000, 1_200, 0, 0, false)] // it was made smaller
    [TestCase(0, 0, 0, 1, false)]
    public void So_much_more_may_come(long quota, long used, long reserved, long bytes, bool may) =>
        Assert.That(new LibraryBudget(quota, used, reserved).Takes(bytes), Is.EqualTo(may));

    [TestCase(1_000, 400, 100, 500)]
    [TestCase(1_000, 1_200, 0, 0)]
    public void What_is_free_is_never_less_than_nothing(long quota, long used, long reserved, long room) => Assert.That(new LibraryBudget(quota, used, reserved).Room, Is.EqualTo(room));

    [TestCase(1_000, 850, 100, 0.9, 50)]
    [TestCase(1_000, 800, 100, 0.9, 0)]
    [TestCase(1_000, 1_500, 0, 1, 500)]
    public void What_is_above_a_share_of_the_quota_is_evicted(long quota, long used, long reserved, double share, long excess) =>
        Assert.That(new LibraryBudget(quota, used, reserved).Excess(share), Is.EqualTo(excess));

    [TestCase(1_000, 880, 0, 150, 30)]
    [TestCase(1_000, 880, 0, 1_001, 0)] // never has room
    public void What_was_refused_gets_room(long quota, long used, long reserved, long wanted, long excess) =>
        Assert.That(new LibraryBudget(quota, used, reserved, wanted).Excess(0.9), Is.EqualTo(excess));

    [TestCase(5L, 0L, 5L)]
    [TestCase(null, 0L, 64L << 20)]
    [TestCase(null, (64L << 20) - 1, 64L << 20)]
    [TestCase(null, 64L << 20, 128L << 20)]
    public void Room_is_kept_for_what_is_announced_and_else_in_steps_with_that_for_variants(long? announced, long come, long original) =>
        Assert.That(LibraryBudget.ToReserve(announced, come), Is.EqualTo(original + (4L << 20)));
}
