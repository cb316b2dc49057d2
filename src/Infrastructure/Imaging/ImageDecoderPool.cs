using System.Threading.Channels;
using MediaPlatform.Application.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>
/// A fixed number of long-lived child processes. A child is started when first needed, replaced when a file killed it or
/// had to be stopped, and after <see cref="ImagingOptions.FilesPerProcess"/> files. Callers beyond the number of children wait.
/// </summary>
public sealed class ImageDecoderPool : IImageDecoder, IAsyncDisposable
{
    private readonly ImagingOptions options;
    private readonly ILogger<ImageDecoderPool> logger;
    private readonly ProcessStarter starter = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>One entry a process: an idle child, or null where one must be started.</summary>
    private readonly Channel<DecoderChild?> idle = Channel.CreateUnbounded<DecoderChild?>();

    /// <exception cref="ArgumentException">A setting cannot work; the message names it.</exception>
    public ImageDecoderPool(ImagingOptions options, ILogger<ImageDecoderPool> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems().ToArray() is { Length: > 0 } problems) throw new ArgumentException(string.Join(' ', problems), nameof(options));
        (this.options, this.logger) = (options, logger);
        for (var process = 0; process < options.Processes; process++) idle.Writer.TryWrite(null);
    }

    /// <summary>Starts one child, if none is idle, so that a machine that cannot decode says so before there is work.</summary>
    /// <exception cref="ImageDecoderUnavailableException">What is missing.</exception>
    public async Task Check(CancellationToken cancellationToken)
    {
        var child = await idle.Reader.ReadAsync(cancellationToken);
        try
        {
            child = await Buried(child); // on its own, so that a dead one is not kept where no other can be started
            child ??= await DecoderChild.Start(options, starter, cancellationToken);
        }
        finally
        {
            idle.Writer.TryWrite(child);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ImageDecoderUnavailableException">No child can be started.</exception>
    /// <exception cref="FileNotFoundException">There is no source file.</exception>
    public async Task<RenderOutcome> Render(RenderRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!File.Exists(request.SourcePath)) throw new FileNotFoundException("There is no such file to decode.", request.SourcePath);
        ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        var child = await idle.Reader.ReadAsync(cancelled.Token);
        try
        {
            child = await Buried(child);
            child ??= await DecoderChild.Start(options, starter, cancelled.Token);
            var limited = request with { Limits = request.Limits ?? new ImageLimits(options.MaxPixels, options.MaxSide) };
            var (outcome, usable) = await Render(child, limited, cancelled.Token);
            if (!usable || child.Files >= options.FilesPerProcess) child = await Ended(child);
            if (outcome.Fault is not null) DeleteOutputs(request); // after the child ended: a dying one may still write
            return outcome;
        }
        catch (Exception)
        {
            child = await Ended(child); // it may be in the middle of a picture, and answer the next one with it
            DeleteOutputs(request);
            throw;
        }
        finally
        {
            idle.Writer.TryWrite(child);
        }
    }

    /// <summary>Stops what runs (those callers see their call cancelled) and waits until no child is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync();
        for (var process = 0; process < options.Processes; process++)
            if (await idle.Reader.ReadAsync() is { } child) await child.DisposeAsync();
        starter.Dispose();
        stopping.Dispose();
    }

    /// <summary>The processes that are idle now.</summary>
    internal int[] IdleProcessIds()
    {
        List<DecoderChild?> all = [];
        while (idle.Reader.TryRead(out var child)) all.Add(child);
        all.ForEach(child => idle.Writer.TryWrite(child));
        return [.. all.OfType<DecoderChild>().Select(child => child.ProcessId)];
    }

    /// <returns>The child when it lives, else null.</returns>
    private static async Task<DecoderChild?> Buried(DecoderChild? child) => child is { IsAlive: true } ? child : await Ended(child);

    private static async Task<DecoderChild?> Ended(DecoderChild? child)
    {
        if (child is not null) await child.DisposeAsync();
        return null;
    }

    private async Task<(RenderOutcome Outcome, bool Usable)> Render(DecoderChild child, RenderRequest request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.TimeLimit);
        var workedBefore = child.ProcessorTime;
        var worked = TimeSpan.Zero;
        await using var killing = deadline.Token.Register(() => { worked = child.ProcessorTime - workedBefore; child.Kill(); });

        var outcome = await child.Render(request);
        if (outcome is not null && Trusted(outcome, request) is { } trusted)
        {
            await killing.DisposeAsync(); // from here nothing kills it; it may have been killed just now
            return (trusted, !deadline.IsCancellationRequested);
        }

        if (outcome is not null) child.Distrust();
        var fault = await child.Fault(); // under the deadline still: it may live on without an answer
        cancellationToken.ThrowIfCancellationRequested();
        if (deadline.IsCancellationRequested) fault = RenderFaults.TimedOut(options.TimeLimit, starved: worked < options.TimeLimit / 2);
        logger.LogWarning("The decoder {ProcessId} is replaced: {Fault}", child.ProcessId, fault.Code);
        return (new RenderOutcome(null, [], fault), false);
    }

    /// <summary>The outcome with everything that this side knows better, or null when it does not answer the request: a file may have taken the child over.</summary>
    private static RenderOutcome? Trusted(RenderOutcome outcome, RenderRequest request)
    {
        if (outcome.Fault is { } fault) return new RenderOutcome(null, [], fault);
        if (outcome.Facts is null || outcome.Renditions?.Count != request.Renditions.Count) return null;
        var renditions = new List<RenditionFacts>();
        foreach (var (made, spec) in outcome.Renditions.Zip(request.Renditions))
        {
            var file = new FileInfo(spec.OutputPathWithoutExtension + (made.Format == "webp" ? ".webp" : ".jpg"));
            if (made.Format is not ("webp" or "jpeg") || !file.Exists) return null;
            renditions.Add(made with { Preset = spec.Preset, Path = file.FullName, SizeBytes = file.Length });
        }
        return outcome with { Renditions = renditions };
    }

    private static void DeleteOutputs(RenderRequest request)
    {
        foreach (var spec in request.Renditions)
        {
            if (!Directory.Exists(Path.GetDirectoryName(spec.OutputPathWithoutExtension))) continue;
            File.Delete(spec.OutputPathWithoutExtension + ".jpg");
            File.Delete(spec.OutputPathWithoutExtension + ".webp");
        }
    }
}
