using System.Text;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MediaPlatform.Api.Media;

/// <summary>A multipart form as it streams past: fields, one file, fields. Nothing of the file is kept.</summary>
internal sealed class UploadForm
{
    public static readonly IReadOnlyList<string> FieldNames = ["title", "description", "alt_text", "caption", "tags", "on_trashed"];

    /// <summary>What is no form at all, or has parts beyond its limits.</summary>
    public static readonly Error Unreadable = new MalformedError("MALFORMED_FORM", "The multipart form cannot be read.");

    private const int MaxFields = 50;
    private const int MaxFieldBytes = 64 << 10;
    private const int MaxBoundaryLength = 200;

    private readonly MultipartReader reader;
    private readonly List<(string Name, string Value)> fields = [];
    private readonly List<Error> errors = [];

    private UploadForm(MultipartReader reader) => this.reader = reader;

    /// <summary>Null when the request is no multipart form.</summary>
    public static UploadForm? Of(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? new UploadForm(new MultipartReader(boundary, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 16 << 10 })
            : null;

    /// <summary>Reads up to the file. Its stream must be read before anything else is.</summary>
    public async Task<UploadedFile?> ReadToFile(CancellationToken cancellationToken)
    {
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (await TakeField(section, cancellationToken) is { } file) return file;
        }

        return null;
    }

    /// <summary>Reads what follows the file, and says what all fields together mean.</summary>
    public async Task<Result<UploadTexts>> ReadToEnd(CancellationToken cancellationToken)
    {
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (await TakeField(section, cancellationToken) is null) continue;
                errors.Add(new InvalidError("UPLOAD_ONE_FILE", "One request takes one file.", "file"));
                break;
            }
        }
        catch (InvalidDataException)
        {
            errors.Add(Unreadable);
        }

        OnTrashed? onTrashed = null;
        if (Last("on_trashed") is { } policy && (onTrashed = Names.Parse<OnTrashed>(policy)) is null)
            errors.Add(new InvalidError("VALIDATION_ERROR", $"\"{policy}\" is not one of {string.Join(", ", Names.All<OnTrashed>())}.", "on_trashed"));
        if (errors.Count > 0) return errors.ToArray();

        var tags = fields.Where(field => field.Name == "tags").SelectMany(field => field.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return new UploadTexts(new AssetTexts(Last("title"), Last("description"), Last("alt_text"), Last("caption"), [.. tags]), onTrashed);
    }

    private string? Last(string name) => fields.FindLast(field => field.Name == name).Value is { Length: > 0 } value ? value : null;

    /// <summary>Keeps a field; gives the file when the section is one.</summary>
    private async Task<UploadedFile?> TakeField(MultipartSection section, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
        {
            errors.Add(new MalformedError("MALFORMED_FORM", "A part of the form has no Content-Disposition."));
            return null;
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        if (name == "file")
        {
            var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value?.Replace("\\\"", "\"", StringComparison.Ordinal); // as curl writes a quote; other backslashes are a path's
            return new UploadedFile(section.Body, fileName, section.ContentType);
        }

        if (!FieldNames.Contains(name)) errors.Add(new MalformedError("UNKNOWN_FIELD", $"There is no field \"{name}\".{NearestName.Hint(name, ["file", .. FieldNames])}", name));
        if (fields.Count >= MaxFields) errors.Add(new MalformedError("MALFORMED_FORM", $"A form has at most {MaxFields} fields."));
        if (await ReadText(section.Body, cancellationToken) is not { } text)
            errors.Add(new InvalidError("VALIDATION_ERROR", $"A field is text in UTF-8, without NUL, of at most {MaxFieldBytes} bytes.", name));
        else if (errors.Count == 0)
            fields.Add((name, text));
        return null;
    }

    private static async Task<string?> ReadText(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxFieldBytes) return null;
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, length);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>The file of a form, as it was declared.</summary>
internal sealed record UploadedFile(Stream Content, string? FileName, string? MimeType);
