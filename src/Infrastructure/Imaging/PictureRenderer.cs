using System.Runtime.InteropServices;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// Renders one picture, inside a child process: header, limits, one decode at little more than the largest size wanted,
/// and every smaller size from that in memory. Everything it writes is upright, 8-bit sRGB without metadata (a picture
/// without a profile is sRGB on the web), JPEG or, where a pixel is not fully opaque, WebP.
/// </summary>
internal static class PictureRenderer
{
    /// <summary>WebP cannot be larger; what is longer is made to fit.</summary>
    private const int LongestWritable = 16_383;

    /// <summary>Writes the renditions. After a failure some output files may be there: the pool deletes them.</summary>
    public static RenderOutcome Render(RenderRequest request)
    {
        Vips.Forget();
        var wanted = request.Renditions.Select(spec => spec.Width).DefaultIfEmpty(ThumbHash.MaxSide).Max();
        return request.Scene is { } scene
            ? RenderFrom(scene, new Canvas(scene.Width, scene.Height), request)
            : RenderFrom(request.SourcePath, request.OfPreview, wanted, source => Render(request, source, wanted));
    }

    /// <summary>Lays one picture after the other on the canvas, each under the care for its own faults, and writes what came of it.</summary>
    private static RenderOutcome RenderFrom(Scene scene, Canvas canvas, RenderRequest request, int laid = 0)
    {
        if (laid == scene.Layers.Count) return Write(canvas, request);

        var layer = scene.Layers[laid];
        return RenderFrom(layer.SourcePath, layer.OfPreview, Math.Max(layer.Width, layer.Height), source =>
        {
            using (var picture = Canvas.Fit(layer, source, request.Limits!, out var tooLarge))
            {
                if (picture is null) return Failed(tooLarge!);
                canvas.Lay(layer, picture);
            }

            return RenderFrom(scene, canvas, request, laid + 1);
        });
    }

    private static RenderOutcome RenderFrom(string path, bool ofPreview, int wanted, Func<PictureSource, RenderOutcome> render)
    {
        try
        {
            if (new FileInfo(path).Length == 0) return Failed(RenderFaults.Empty);
            return PictureSource.Of(path, ofPreview, wanted, out var fault) is { } source ? RenderFrom(source, path, render) : Failed(fault!);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException && !File.Exists(path))
        {
            return Failed(RenderFaults.Gone);
        }
    }

    private static RenderOutcome RenderFrom(PictureSource source, string path, Func<PictureSource, RenderOutcome> render)
    {
        try
        {
            return render(source);
        }
        catch (VipsException) when (!File.Exists(path))
        {
            return Failed(RenderFaults.Gone);
        }
        catch (VipsException failure)
        {
            Console.Error.WriteLine(failure.Everything);
            return Failed(RenderFaults.FromReading(failure.Everything, source.Format, cut: !source.HasItsEnd()));
        }
        catch (RenderingException failure)
        {
            return Failed(failure.Fault);
        }
        catch (OutOfMemoryException)
        {
            return Failed(RenderFaults.OutOfMemory);
        }
    }

    private static RenderOutcome Render(RenderRequest request, PictureSource source, int wanted)
    {
        using var opened = new OpenedPicture(source, wanted);
        var (width, height) = (opened.Width, opened.Height);
        if (RenderFaults.IfTooLarge(width, height, request.Limits!) is { } tooLarge) return Failed(tooLarge);

        var sizes = request.Renditions.Select(spec => SizeOf(spec, width, height)).ToArray();
        var placeholder = FitInside(ThumbHash.MaxSide, width, height);
        var largest = sizes.Append(placeholder).MaxBy(size => size.Width);

        var decoded = new Decoded(source, opened.Header, Math.Min((double)width / largest.Width, (double)height / largest.Height));
        using var made = new Sizes(decoded.Reduce(largest));
        var renditions = Write(made, sizes, request, decoded.HasAlpha);

        var rgba = Rgba(made.Of(placeholder));
        var facts = new ImageFacts(opened.OwnWidth, opened.OwnHeight, source.Format.PagesAreSizes ? 1 : opened.Header.Pages,
            Convert.ToBase64String(ThumbHash.Encode(placeholder.Width, placeholder.Height, rgba)),
            PerceptualHash.Of(placeholder.Width, placeholder.Height, rgba), DominantColors.Of(rgba), EmbeddedMetadataReader.Read(source.File, request.SourcePath));
        return new RenderOutcome(facts, renditions, null);
    }

    private static RenderOutcome Write(Canvas canvas, RenderRequest request)
    {
        var sizes = request.Renditions.Select(spec => SizeOf(spec, canvas.Width, canvas.Height)).ToArray();
        var placeholder = FitInside(ThumbHash.MaxSide, canvas.Width, canvas.Height);
        using var made = new Sizes(canvas.ToImage());
        var renditions = Write(made, sizes, request, hasAlpha: false);
        var rgba = Rgba(made.Of(placeholder));
        var facts = new ImageFacts(
            canvas.Width, canvas.Height, 1, Convert.ToBase64String(ThumbHash.Encode(placeholder.Width, placeholder.Height, rgba)),
            PerceptualHash.Of(placeholder.Width, placeholder.Height, rgba), DominantColors.Of(rgba),
            new EmbeddedMetadata(null, new Dictionary<string, object>(), null));
        return new RenderOutcome(facts, renditions, null);
    }

    private static RenditionFacts[] Write(Sizes made, Size[] sizes, RenderRequest request, bool hasAlpha)
    {
        var renditions = new RenditionFacts[sizes.Length];
        foreach (var index in Enumerable.Range(0, sizes.Length).OrderByDescending(index => sizes[index].Width))
            renditions[index] = WriteFitted(made.Of(sizes[index]), request.Renditions[index], hasAlpha);
        return renditions;
    }

    private static Size SizeOf(RenditionSpec spec, int width, int height)
    {
        var bounded = spec.Fit is RenditionFit.LongestSide ? Math.Max(width, height) : width;
        return Scale(Math.Min((double)spec.Width / bounded, (double)LongestWritable / Math.Max(width, height)), width, height);
    }

    private static Size FitInside(int side, int width, int height) => Scale((double)side / Math.Max(width, height), width, height);

    private static Size Scale(double factor, int width, int height) => factor >= 1
        ? new(width, height)
        : new(Math.Max(1, (int)Math.Round(width * factor)), Math.Max(1, (int)Math.Round(height * factor)));

    private static RenditionFacts WriteFitted(VipsImage image, RenditionSpec spec, bool hasAlpha)
    {
        if (spec.Fit is not RenditionFit.PaddedWidth || image.Width >= spec.Width) return Write(image, spec, hasAlpha);

        using var padded = Vips.Image(
            "embed", $"x={(spec.Width - image.Width) / 2},y=0,width={spec.Width},height={image.Height},extend=black", ("in", image));
        return Write(padded, spec, hasAlpha);
    }

    private static RenditionFacts Write(VipsImage image, RenditionSpec spec, bool hasAlpha)
    {
        var path = spec.OutputPathWithoutExtension + (hasAlpha ? ".webp" : ".jpg");
        try
        {
            Vips.Save(hasAlpha ? "webpsave" : "jpegsave", hasAlpha ? $"Q={spec.Quality},strip=true" : $"Q={spec.Quality},strip=true,optimize_coding=true",
                ("in", image), ("filename", path));
        }
        catch (VipsException failure)
        {
            Console.Error.WriteLine(failure.Everything);
            throw new RenderingException(RenderFaults.FromWriting(failure.Everything)); // the pixels are there: only writing can fail
        }
        return new RenditionFacts(spec.Preset, path, hasAlpha ? "webp" : "jpeg", image.Width, image.Height, new FileInfo(path).Length);
    }

    private static byte[] Rgba(VipsImage image)
    {
        var bytes = image.ToBytes();
        if (image.Bands == 4) return bytes;
        var rgba = new byte[bytes.Length / 3 * 4];
        for (int from = 0, to = 0; from < bytes.Length; from += 3, to += 4)
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (bytes[from], bytes[from + 1], bytes[from + 2], 255);
        return rgba;
    }

    private static RenderOutcome Failed(RenderFault fault) => new(null, [], fault);

    private sealed class RenderingException(RenderFault fault) : Exception
    {
        public RenderFault Fault => fault;
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Size(int Width, int Height);

    /// <summary>The pictures made so far. A new size comes from the smallest one that is at least twice as wide, else from the largest: near enough to be cheap, far enough not to be softened twice.</summary>
    private sealed class Sizes(VipsImage largest) : IDisposable
    {
        private readonly List<VipsImage> made = [largest];

        public VipsImage Of(Size size)
        {
            if (made.Find(image => image.Width == size.Width && image.Height == size.Height) is { } same) return same;
            var from = made.FindLast(image => image.Width >= 2 * size.Width) ?? made[0];
            using var resized = ColorManagement.Reduce(from, size);
            made.Add(resized.InMemory());
            return made[^1];
        }

        public void Dispose() => made.ForEach(image => image.Dispose());
    }
}
