using System.Security.Cryptography;
using System.Text;
using MediaPlatform.Api.Http;
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
    public static readonly IReadOnlyList<string> FieldNames = ["title", "description", "alt_text", "caption", "tags", "sha256", "on_trashed", "session_id"];

    /// <summary>What is no form at all.</summary>
    public static readonly Error Unreadable = new MalformedError("MALFORMED_FORM", "The multipart form cannot be read.");

    private const int MaxParts = 50; // beside the file; with MaxFieldBytes and the headers' limit, what bounds all that is not the file
    private const int MaxFieldBytes = 64 << 10;
    private const int MaxBoundaryLength = 200;
    private const int MaxMimeTypeLength = 255;

    private readonly MultipartReader reader;
    private readonly List<(string Name, string Value)> fields = [];
    private readonly List<Error> errors = [];
    private int parts;
    private bool isOver; // a limit was passed: not a byte more is read

    private readonly WatchedBody body;
    private readonly HttpContext context;
    private readonly IncrementalHash? said; // what all parts are and hold, whatever boundary stands between them; only where it is asked for

    private UploadForm(HttpContext context, WatchedBody body, string boundary)
    {
        (this.context, this.body, reader) = (context, body, new MultipartReader(boundary, body) { HeadersCountLimit = 16, HeadersLengthLimit = 16 << 10 });
        if (Idempotency.IsAsked(context)) said = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>Whether the server has ended the request because it came too slowly; whatever else went wrong did for that reason.</summary>
    public bool TimedOut => body.TimedOut;

    /// <summary>Null when the request is no multipart form.</summary>
    /// <param name="patience">How long the caller may send nothing.</param>
    public static UploadForm? Of(HttpRequest request, TimeSpan patience) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? new UploadForm(request.HttpContext, new WatchedBody(request.Body, patience), boundary)
            : null;

    /// <summary>Reads a form for what it says alone.</summary>
    public static async Task ReadThrough(HttpContext context)
    {
        if (Of(context.Request, context.RequestServices.GetRequiredService<MediaOptions>().BodyPatience) is not { } form) return;

        var file = await form.ReadToFile(context.RequestAborted);
        if (file.Succeeded) await file.Value.Content.CopyToAsync(Stream.Null, context.RequestAborted);
        await form.ReadToEnd(context.RequestAborted);
    }

    /// <summary>Reads up to the file. Its stream must be read before anything else is.</summary>
    public async Task<Result<UploadedFile>> ReadToFile(CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadFields(cancellationToken) is { } file) return file;
            if (!isOver) errors.Add(new InvalidError("VALIDATION_ERROR", "The form has no file; send it as the part named \"file\".", "file"));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            errors.Add(Unreadable);
        }

        return errors.ToArray();
    }

    /// <summary>Reads what follows the file, and says what all fields together mean.</summary>
    public async Task<Result<UploadTexts>> ReadToEnd(CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadFields(cancellationToken) is not null) errors.Add(new InvalidError("UPLOAD_ONE_FILE", "One request takes one file.", "file"));
        }
        catch (InvalidDataException)
        {
            errors.Add(Unreadable);
        }

        if (said is not null) Idempotency.Read(context, said.GetCurrentHash());
        OnTrashed? onTrashed = null;
        if (Last("on_trashed") is { } policy && (onTrashed = Names.Parse<OnTrashed>(policy)) is null)
            errors.Add(new InvalidError("VALIDATION_ERROR", $"\"{policy}\" is not one of {string.Join(", ", Names.All<OnTrashed>())}.", "on_trashed"));
        Guid? session = null;
        if (Last("session_id") is { } given)
        {
            if (Guid.TryParseExact(given, "D", out var read)) session = read;
            else errors.Add(new InvalidError("VALIDATION_ERROR", "session_id is a UUID.", "session_id"));
        }

        var sha256 = Last("sha256");
        if (!Hashes.IsSha256(sha256)) errors.Add(new InvalidError("VALIDATION_ERROR", Hashes.Expected, "sha256"));
        if (errors.Count > 0) return errors.ToArray();

        var tags = fields.Where(field => field.Name == "tags").SelectMany(field => field.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return new UploadTexts(new AssetTexts(Last("title"), Last("description"), Last("alt_text"), Last("caption"), [.. tags], session), onTrashed, Hashes.Parse(sha256));
    }

    private string? Last(string name) => fields.FindLast(field => field.Name == name).Value is { Length: > 0 } value ? value : null;

    /// <summary>Keeps fields up to the next file, and gives that; null at the end of the form, and where it passes a limit.</summary>
    private async Task<UploadedFile?> ReadFields(CancellationToken cancellationToken)
    {
        while (!isOver && await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            var named = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition);
            var name = named ? HeaderUtilities.RemoveQuotes(disposition!.Name).Value ?? "" : null;
            if (name == "file" && !IsMimeType(section.ContentType)) Stop(new MalformedError("MALFORMED_FORM", "The Content-Type of the file has control characters, or is longer than any.", "file"));
            else if (name == "file") return FileOf(section, disposition!);
            else if (++parts > MaxParts) Stop(new MalformedError("MALFORMED_FORM", $"A form has at most {MaxParts} parts beside its file."));
            else await TakeField(name, section.Body, cancellationToken);
        }

        return null;
    }

    private static bool IsMimeType(string? text) => text is null || (text.Length <= MaxMimeTypeLength && !text.Any(char.IsControl));

    private UploadedFile FileOf(MultipartSection section, ContentDispositionHeaderValue disposition)
    {
        var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : HeaderUtilities.RemoveQuotes(disposition.FileName).Value?.Replace("\\\"", "\"", StringComparison.Ordinal); // as curl writes a quote; other backslashes are a path's
        said?.AppendData(Encoding.UTF8.GetBytes($"file\n{fileName}\n{section.ContentType}\n"));
        return new UploadedFile(said is null ? section.Body : new HashedStream(section.Body, said), fileName, section.ContentType);
    }

    /// <summary>Every part is read, within the limit, whether it is known or not: the reader would pass over the rest of one without a limit.</summary>
    private async Task TakeField(string? name, Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFieldBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var isLong = length > MaxFieldBytes;
        said?.AppendData(Encoding.UTF8.GetBytes($"{name}\n{length}\n"));
        said?.AppendData(buffer, 0, length);
        if (name is null)
            errors.Add(new MalformedError("MALFORMED_FORM", "A part of the form has no Content-Disposition."));
        else if (!FieldNames.Contains(name))
            errors.Add(new MalformedError("UNKNOWN_FIELD", $"There is no field \"{name}\".{(isLong ? " The file is the part named \"file\"." : NearestName.Hint(name, ["file", .. FieldNames]))}", name));
        else if (isLong)
            errors.Add(new InvalidError("VALIDATION_ERROR", $"A field has at most {MaxFieldBytes} bytes.", name));
        else if (Text(buffer.AsSpan(0, length)) is { } text)
            fields.Add((name, text));
        else
            errors.Add(new MalformedError("INVALID_TEXT", "A field is text in UTF-8, without the character U+0000.", name));
        isOver |= isLong;
    }

    private void Stop(Error error)
    {
        errors.Add(error);
        isOver = true;
    }

    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return Wire.IsStorable(text) ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>The file of a form, as it was declared.</summary>
internal sealed record UploadedFile(Stream Content, string? FileName, string? MimeType);

/// <summary>A stream that is hashed as it passes.</summary>
internal sealed class HashedStream(Stream inner, IncrementalHash hash) : ForwardStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span[..read]);
        return read;
    }
}
