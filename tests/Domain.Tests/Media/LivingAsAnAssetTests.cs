using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Domain.Tests.Media;

internal sealed class LivingAsAnAssetTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Guid Ann = Guid.NewGuid();

    [Test]
    public void Into_the_trash_and_out_again_each_once()
    {
        var trashed = AnAsset().Trash(Now).Value;

        Assert.That(trashed.DeletedAt, Is.EqualTo(Now));
        Assert.That(trashed.Trash(Now.AddDays(1)).Errors, Is.EqualTo(new[] { new AssetInTrash(trashed.Id, Now) }));
        Assert.That(trashed.Restore().Value.DeletedAt, Is.Null);
        Assert.That(AnAsset().Restore().Errors[0], Is.TypeOf<AssetNotInTrash>());
    }

    [TestCase(Role.Owner, false, 1000, true)]
    [TestCase(Role.Admin, false, 1000, true)]
    [TestCase(Role.Editor, true, 60, true)]
    [TestCase(Role.Editor, true, 61, false)]
    [TestCase(Role.Editor, false, 1, false)]
    [TestCase(Role.Viewer, true, 1, false)]
    public void An_admin_purges_anything_and_an_editor_its_own_within_the_hour(Role role, bool own, int minutes, bool allowed)
    {
        var purged = AnAsset().Purge(role, "user", own ? Ann : Guid.NewGuid(), Now.AddMinutes(minutes));

        Assert.That(purged.Succeeded, Is.EqualTo(allowed));
        if (!allowed) Assert.That(purged.Errors, Is.EqualTo(new[] { new RoleTooLow(Role.Admin) }));
    }

    [Test]
    public void A_key_with_the_id_of_a_user_is_not_that_user() =>
        Assert.That(AnAsset().Purge(Role.Editor, "api_key", Ann, Now).Succeeded, Is.False);

    [TestCase("JPEG", true)]
    [TestCase("MP4", true)]
    [TestCase("MP3", true)]
    [TestCase("DNG", true)]
    [TestCase("Photoshop document", true)]
    [TestCase("PDF", false)]
    public void What_is_rendered_can_be_rendered_again(string format, bool allowed)
    {
        var again = AnAsset(FileFormats.All.Single(known => known.Name == format)).Reprocess();

        Assert.That(again.Succeeded ? again.Value.Status : (AssetStatus?)null, Is.EqualTo(allowed ? AssetStatus.Processing : (AssetStatus?)null));
    }

    [Test]
    public void What_is_in_the_trash_is_not_processed() =>
        Assert.That(AnAsset().Trash(Now).Value.Reprocess().Errors[0], Is.TypeOf<AssetInTrash>());

    private static MediaAsset AnAsset(FileFormat? format = null) =>
        new(new(Guid.NewGuid()), (format ?? FileFormats.Jpeg).Type, format ?? FileFormats.Jpeg, AssetStatus.Ready, Version: 1, Now, "user", Ann, DeletedAt: null);
}
