using System.ComponentModel;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>The child's side of <see cref="ImageDecoderPool"/>: reads requests, renders, answers, until its input ends.</summary>
public static class DecoderProcess
{
    /// <summary>The argument that makes the program a decoder.</summary>
    public const string Argument = "decoder";

    /// <summary>Runs until <paramref name="input"/> ends.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output, opened before this call: afterwards whatever prints to it lands on standard error.</param>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static int Run(Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        return Run(input, output, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static async Task<int> Run(Stream input, Stream output, CancellationToken cancellationToken)
    {
        if (await DecoderProtocol.Receive(input, DecoderProtocol.Default.DecoderSettings, cancellationToken) is not { } settings) return 0;
        var greeting = Start(settings);
        if (ProcessLimits.IsOrphan(settings)) return 0;
        await DecoderProtocol.Send(output, greeting, DecoderProtocol.Default.DecoderGreeting, cancellationToken);
        if (greeting.Problem is not null) return 1;

        while (await DecoderProtocol.Receive(input, DecoderProtocol.Default.RenderRequest, cancellationToken) is { } request)
        {
            if (settings.Rehearsing) Rehearsal.Perform(request.SourcePath);
            await DecoderProtocol.Send(output, PictureRenderer.Render(request), DecoderProtocol.Default.RenderOutcome, cancellationToken);
        }
        return 0;
    }

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
