using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The child's side of <see cref="ImageDecoderPool"/>: reads requests, renders, answers, until its input ends.</summary>
public static class DecoderProcess
{
    /// <summary>The argument that makes the program a decoder.</summary>
    public const string Argument = "decoder";

    /// <summary>Runs until <paramref name="input"/> ends. To be called from the program's first thread.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output, opened before this call: afterwards whatever prints to it lands on standard error.</param>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static int Run(Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (Receive(input, DecoderProtocol.Default.DecoderSettings) is not { } settings) return 0;
        var greeting = Start(settings);
        if (ProcessLimits.IsOrphan(settings)) return 0;
        Send(output, greeting, DecoderProtocol.Default.DecoderGreeting);
        if (greeting.Problem is not null) return 1;

        while (Receive(input, DecoderProtocol.Default.RenderRequest) is { } request)
        {
            if (settings.Rehearsing) Rehearsal.Perform(request.SourcePath);
            Send(output, PictureRenderer.Render(request), DecoderProtocol.Default.RenderOutcome);
        }
        return 0;
    }

    // Everything stays on the first thread: two of the limits belong to the thread that sets them, and it alone never ends.
    private static T? Receive<T>(Stream input, JsonTypeInfo<T> type) where T : class => DecoderProtocol.Receive(input, type, CancellationToken.None).GetAwaiter().GetResult();

    private static void Send<T>(Stream output, T message, JsonTypeInfo<T> type) => DecoderProtocol.Send(output, message, type, CancellationToken.None).GetAwaiter().GetResult();

    private static DecoderGreeting Start(DecoderSettings settings)
    {
        try
        {
            ProcessLimits.KeepOutputClean();
            ProcessLimits.Apply(settings);
            return new DecoderGreeting(Vips.Start(), null);
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or VipsException or Win32Exception)
        {
            return new DecoderGreeting(null, failure.Message);
        }
    }
}
