using MediaPlatform.Infrastructure.Imaging;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

internal sealed class DominantColorsTests
{
    [Test]
    public void The_most_frequent_comes_first() =>
        Assert.That(DominantColors.Of(Rgba((20, 0, 0, 255, 255), (50, 255, 0, 0, 255), (30, 0, 255, 0, 255))), Is.EqualTo(new[] { "#ff0000", "#00ff00", "#0000ff" }));

    [Test]
    public void Shades_of_one_colour_are_one() =>
        Assert.That(DominantColors.Of(Rgba((50, 200, 100, 50, 255), (50, 210, 110, 60, 255))), Is.EqualTo(new[] { "#cd6937" }));

    [Test]
    public void What_is_mostly_transparent_does_not_count() =>
        Assert.That(DominantColors.Of(Rgba((90, 0, 255, 0, 127), (10, 255, 0, 0, 128))), Is.EqualTo(new[] { "#ff0000" }));

    [Test]
    public void A_speck_does_not_count() =>
        Assert.That(DominantColors.Of(Rgba((999, 255, 255, 255, 255), (1, 255, 0, 0, 255))), Is.EqualTo(new[] { "#ffffff" }));

    [Test]
    public void A_picture_has_five_dominant_colors_at_most() =>
        Assert.That(DominantColors.Of(Rgba((1, 0, 0, 0, 255), (1, 255, 0, 0, 255), (1, 0, 255, 0, 255), (1, 0, 0, 255, 255), (1, 255, 255, 0, 255), (1, 255, 255, 255, 255))), Has.Count.EqualTo(5));

    private static byte[] Rgba(params (int Count, byte Red, byte Green, byte Blue, byte Alpha)[] runs) =>
        [.. runs.SelectMany(run => Enumerable.Repeat((byte[])[run.Red, run.Green, run.Blue, run.Alpha], run.Count)).SelectMany(pixel => pixel)];
}
