namespace MediaPlatform.Domain.Media;

/// <summary>The one gate for every way in: the bytes decide what a file is, and its name and declaration must agree.</summary>
public static class MediaGate
{
    private const int MaxMimeTypeLength = 255;

    /// <summary>The format of a file that may come in, or every reason why it may not.</summary>
    /// <param name="head">The first <see cref="FileFormats.HeadLength"/> bytes, or the whole file when it is shorter.</param>
    /// <param name="declaredFileName">As the client sent it; a name without an extension agrees with everything.</param>
    /// <param name="declaredMimeType">As the client sent it, parameters included; none and <c>application/octet-stream</c> agree with everything.</param>
    /// <param name="acceptedTypes">The client's allowed MIME types, <c>image/*</c> included; null for everything supported.</param>
    /// <returns>
    /// <see cref="UploadEmpty"/>, <see cref="MediaTypeUnknown"/>, <see cref="MediaTypeNotSupported"/> or <see cref="MediaTypeNotAllowed"/> alone, for what
    /// may not come in under any name; else <see cref="MediaExtensionMismatch"/> and <see cref="MediaMimeMismatch"/> together.
    /// </returns>
    public static Result<FileFormat> Check(
        ReadOnlySpan<byte> head, string? declaredFileName, string? declaredMimeType, IReadOnlyCollection<string>? acceptedTypes)
    {
        if (head.IsEmpty) return new UploadEmpty();
        if (FileFormats.Detect(head) is not { } detected) return new MediaTypeUnknown();

        var extension = FileName.From(declaredFileName).Extension;
        var format = detected.As(extension);
        if (!format.Supported) return new MediaTypeNotSupported(format);
        if (acceptedTypes is not null && !acceptedTypes.Any(accepted => Covers(accepted, format))) return new MediaTypeNotAllowed(format, acceptedTypes);

        var errors = new List<Error>();
        if (extension.Length > 0 && !format.HasExtension(extension)) errors.Add(new MediaExtensionMismatch(format, extension));
        var declared = WithoutParameters(declaredMimeType);
        if (declared is not ("" or "application/octet-stream" or "binary/octet-stream") && !format.HasMimeType(declared)) errors.Add(new MediaMimeMismatch(format, declared));
        return errors.Count > 0 ? errors.ToArray() : format;
    }

    /// <summary>Whether this can stand in a Content-Type: type and subtype as RFC 6838 names them, and parameters; null as well.</summary>
    public static bool IsMimeType(string? text) =>
        text is null || (text.Length <= MaxMimeTypeLength && text.All(letter => letter is >= ' ' and <= '~') && WithoutParameters(text).Split('/') is [var type, var subtype] && IsToken(type) && IsToken(subtype));

    private static bool IsToken(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$&^_.+-".Contains(letter));

    private static bool Covers(string accepted, FileFormat format)
    {
        var type = WithoutParameters(accepted);
        var sameKind = format.MimeType.StartsWith(type[..(type.IndexOf('/') + 1)], StringComparison.Ordinal); // audio/mp4 may be declared for a film, and does not allow one
        return sameKind && (type.EndsWith("/*", StringComparison.Ordinal) || format.HasMimeType(type));
    }

    private static string WithoutParameters(string? mimeType) => (mimeType ?? "").Split(';', 2)[0].Trim().ToLowerInvariant();
}
