using MediaPlatform.Application.Access;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class FileTypes : IFileTypes
{
    public IReadOnlyCollection<string> All { get; } =
    [
        .. FileFormats.All.Where(format => format.Supported).SelectMany(format => new[] { format.MimeType, format.MimeType[..(format.MimeType.IndexOf('/') + 1)] + "*" }).Distinct(),
    ];
}
