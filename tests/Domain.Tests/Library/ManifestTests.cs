using MediaPlatform.Domain.Library;

namespace MediaPlatform.Domain.Tests.Library;

internal sealed class ManifestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void An_open_one_is_completed_abandoned_or_renewed()
    {
        var open = Of(ManifestStatus.Open);
        Assert.That(open.Complete(gather: null).Value.Status, Is.EqualTo(ManifestStatus.Completed));
        Assert.That(open.Complete(GatherStatus.Failed).Value.Status, Is.EqualTo(ManifestStatus.Completed));
        Assert.That(open.Abandon().Value.Status, Is.EqualTo(ManifestStatus.Abandoned));
        Assert.That(open.Renew(Now).Value.LeaseUntil, Is.EqualTo(Now.AddDays(14)));
    }

    [Test]
    public void One_that_is_being_gathered_is_not_completed() => Assert.That(Of(ManifestStatus.Open).Complete(GatherStatus.Running).Errors[0], Is.InstanceOf<ManifestBeingGathered>());

    [Test]
    public void One_that_was_abandoned_can_be_renewed_and_a_completed_one_cannot()
    {
        Assert.That(Of(ManifestStatus.Abandoned).Renew(Now).Value.Status, Is.EqualTo(ManifestStatus.Open));
        Assert.That(Of(ManifestStatus.Completed).Renew(Now).Succeeded, Is.False);
    }

    [TestCase(ManifestStatus.Completed)]
    [TestCase(ManifestStatus.Abandoned)]
    public void One_that_is_not_open_is_not_completed_or_abandoned(ManifestStatus status)
    {
        Assert.That(Of(status).Complete(gather: null).Succeeded, Is.False);
        Assert.That(Of(status).Abandon().Succeeded, Is.False);
    }

    private static Manifest Of(ManifestStatus status) => new(status, Now, LeaseDays: 14);
}
