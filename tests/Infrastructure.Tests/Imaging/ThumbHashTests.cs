using MediaPlatform.Infrastructure.Imaging;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

/// <summary>The expected hashes were computed by the reference implementation, npm's thumbhash 0.1.1, from the same pixels.</summary>
internal sealed class ThumbHashTests
{
    [TestCase("plain", 1, 1, "+WdyBxgI9wiIh4hwj3CI+AiIcH/4CIgA")]
    [TestCase("landscape", 100, 60, "nNcJLJhxdndwd3d3d3aRgBn4eA==")]
    [TestCase("portrait", 37, 91, "5kgJQwxgZ2h3d4Z3f41XBWY=")]
    [TestCase("alpha", 64, 64, "ZgmCDQQk0JfghV13mNDgDf0ncHewiHd4iA==")]
    [TestCase("clear", 8, 5, "AAiCA4AAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [TestCase("grey", 50, 50, "HQgOBwCEh4gEioaoZHpoh6aICAAAAAAA")]
    public void A_thumb_hash_is_that_of_the_reference_implementation(string picture, int width, int height, string expected)
    {
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                int[] pixel = picture switch
                {
                    "plain" => [253, 204, 230, 255],
                    "landscape" => [x * 2, y * 4, x * y, 255],
                    "portrait" => [x * y, 255 - y, x * 5 + y, 255],
                    "alpha" => [x * 4, y * 4, 128, x * y / 16],
                    "clear" => [9, 9, 9, 0],
                    _ => [(x ^ y) * 4, (x ^ y) * 4, (x ^ y) * 4, 255],
                };
                for (var band = 0; band < 4; band++) rgba[(y * width + x) * 4 + band] = (byte)pixel[band];
            }

        Assert.That(Convert.ToBase64String(ThumbHash.Encode(width, height, rgba)), Is.EqualTo(expected));
    }
}
