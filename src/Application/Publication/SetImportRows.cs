using System.Text.Json;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

internal static class SetImportRows
{
    private const int Most = 20_000;

    /// <summary>The rows of a payload, where there are some and not too many.</summary>
    public static Result<IReadOnlyList<JsonElement>> Rows(this ISetImportReader reader, ImportFormat format, ReadOnlyMemory<byte> payload)
    {
        var read = reader.Read(format, payload);
        if (!read.Succeeded) return read;
        if (read.Value.Count == 0) return new ImportWithoutRows();
        return read.Value.Count > Most ? new ImportTooLong(Most) : read;
    }
}
