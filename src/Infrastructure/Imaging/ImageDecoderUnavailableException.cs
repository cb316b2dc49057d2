using MediaPlatform.Application.Jobs;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>No decoder can be started on this machine: an outage, and no fault of a picture. The message names what is missing.</summary>
public sealed class ImageDecoderUnavailableException(string message, Exception? inner = null)
    : OutageException(new("DECODER_UNAVAILABLE", "The worker cannot start its picture decoder; its log says why."), message, inner);
