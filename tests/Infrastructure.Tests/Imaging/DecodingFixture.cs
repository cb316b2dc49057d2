using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Imaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Infrastructure.Tests.Imaging;

/// <summary>A folder of its own and a pool of real child processes.</summary>
internal abstract class DecodingFixture
{
    private static readonly string[] Decoder = [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"), DecoderProcess.Argument];
    private int files;

    protected string Folder { get; private set; } = "";

    protected ImageDecoderPool Pool { get; private set; } = null!;

    protected static ImagingOptions Options { get; } = new() { Command = Decoder, Processes = 1, Rehearsing = true };

    [OneTimeSetUp]
    public void Open()
    {
        Folder = Directory.CreateTempSubdirectory("mediaplatform-imaging-").FullName;
        Pool = APool(Options);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        await Pool.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected static ImageDecoderPool APool(ImagingOptions options) => new(options, NullLogger<ImageDecoderPool>.Instance);

    /// <summary>A fresh path for a source file.</summary>
    protected string APath(string extension) => Path.Combine(Folder, $"{Interlocked.Increment(ref files)}.{extension}");

    protected string AFile(string content, string extension = "jpg")
    {
        var path = APath(extension);
        File.WriteAllText(path, content);
        return path;
    }

    protected RenderRequest ARequest(string source, int[]? widths = null, RenditionFit fit = RenditionFit.Width, ImageLimits? limits = null) =>
        new(source, limits ?? new ImageLimits(50_000_000, 16_384), [.. (widths ?? [100]).Select(width =>
            new RenditionSpec($"w{width}", fit, width, 90, Path.Combine(Folder, $"out-{Interlocked.Increment(ref files)}")))]);

    protected Task<RenderOutcome> Render(RenderRequest request) => Pool.Render(request, CancellationToken.None);

    protected async Task<(ImageFacts Facts, RenditionFacts Rendition)> Rendered(string source, int width = 100)
    {
        var outcome = await Render(ARequest(source, [width]));
        Assert.That(outcome.Fault, Is.Null, outcome.Fault?.Message);
        return (outcome.Facts!, outcome.Renditions[0]);
    }

    protected async Task<RenderFault> Refused(RenderRequest request, string code)
    {
        var outcome = await Render(request);
        ExpectFault(outcome, request, code);
        return outcome.Fault!;
    }

    protected static void ExpectFault(RenderOutcome outcome, RenderRequest request, string code)
    {
        Assert.That(outcome.Fault?.Code, Is.EqualTo(code), outcome.Fault?.Message ?? "It was rendered.");
        Assert.That(outcome.Fault!.Message, Does.Not.Contain(Path.DirectorySeparatorChar), "a fault names no path");
        Assert.That(outcome.Renditions, Is.Empty);
        ExpectNoOutput(request);
    }

    protected static void ExpectNoOutput(RenderRequest request) =>
        Assert.That(request.Renditions.SelectMany(spec => Directory.GetFiles(Path.GetDirectoryName(spec.OutputPathWithoutExtension)!, Path.GetFileName(spec.OutputPathWithoutExtension) + "*")), Is.Empty);
}
