using MediaPlatform.Bench.Imaging;

if (args is ["rendering", ..])
{
    var result = await RenderingBench.Run(rounds: 9, CancellationToken.None);
    Console.WriteLine($"rendering, 12 MP JPEG to 1280, 640, 400, 320 px: ours {result.Ours:0.00}/s, sharp {result.Sharp:0.00}/s ({result.SharpSetting}), vipsthumbnail {result.VipsThumbnail:0.00}/s");
    Console.WriteLine($"ours / sharp {result.OverSharp:0.00} (bar {RenderingBench.Bar}), ours / vipsthumbnail {result.OverVipsThumbnail:0.00}");
    return result.OverSharp >= RenderingBench.Bar ? 0 : 1;
}

return 0;
