using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Tests.Media;

internal sealed class LivingAsAnAssetTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

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
        Assert.That((AnAsset() with { DeletedAt = Now }).Reprocess().Errors[0], Is.TypeOf<RecordInTrash>());

    private static MediaAsset AnAsset(FileFormat? format = null) =>
        new(new(Guid.NewGuid()), (format ?? FileFormats.Jpeg).Type, format ?? FileFormats.Jpeg, AssetStatus.Ready, Version: 1, DeletedAt: null);
}
