using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Infrastructure.Publication;

/// <summary>JSON (a set, a list of sets, or an object with a list <c>sets</c>) and CSV (RFC 4180 with a header, lists in a cell divided by semicolons), both in UTF-8.</summary>
internal sealed class SetImportReader : ISetImportReader
{
    private static readonly string[] Lists = ["models", "photographers", "tags"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 16 };
    private static readonly CsvConfiguration Csv = new(CultureInfo.InvariantCulture) { MissingFieldFound = null, DetectColumnCountChanges = false, MaxFieldSize = 1 << 20, CacheFields = true };

    public Result<IReadOnlyList<JsonElement>> Read(ImportFormat format, ReadOnlyMemory<byte> payload)
    {
        if (payload.Span.StartsWith("\uFEFF"u8)) payload = payload[3..];
        try
        {
            return format is ImportFormat.Csv ? ReadCsv(payload) : ReadJson(payload);
        }
        catch (InvalidOperationException)
        {
            return new ImportUnreadable("A name in the payload is no text.");
        }
        catch (DecoderFallbackException)
        {
            return new ImportUnreadable("The payload is not UTF-8.");
        }
    }

    private static Result<IReadOnlyList<JsonElement>> ReadJson(ReadOnlyMemory<byte> payload)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(payload, Json);
            root = document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            return new ImportUnreadable($"The payload is not JSON at line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1}.");
        }

        if (root.ValueKind is JsonValueKind.Array) return (JsonElement[])[.. root.EnumerateArray()];
        if (root.ValueKind is not JsonValueKind.Object) return new ImportUnreadable("The payload is a set, a list of sets, or an object with a list \"sets\".");
        if (!root.TryGetProperty("sets", out var sets)) return (JsonElement[])[root];
        return sets.ValueKind is JsonValueKind.Array && root.EnumerateObject().Count() == 1 ? (JsonElement[])[.. sets.EnumerateArray()] : new ImportUnreadable("An object with \"sets\" has a list there, and nothing else.");
    }

    private static Result<IReadOnlyList<JsonElement>> ReadCsv(ReadOnlyMemory<byte> payload)
    {
        using var csv = new CsvParser(new StringReader(Strict.GetString(payload.Span)), Csv);
        var rows = new List<JsonElement>();
        string[]? header = null;
        try
        {
            while (csv.Read())
            {
                if (header is not null)
                {
                    rows.Add(JsonSerializer.SerializeToElement(Row(header, csv)));
                    continue;
                }

                header = [.. csv.Record!.Select(name => name.Trim().ToLowerInvariant())];
                if (Array.Exists(header, name => name.Any(char.IsControl))) return new ImportUnreadable("A name in the header has a control character.");
                if (header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice) return new ImportUnreadable($"The header has \"{twice.Key}\" more than once.");
            }
        }
        catch (CsvHelperException)
        {
            return new ImportUnreadable($"The payload is not CSV (RFC 4180) near line {csv.RawRow}: a quote is not closed, stands within a cell that is not quoted, or a cell is longer than a mebibyte.");
        }

        return rows;
    }

    private static JsonObject Row(string[] header, CsvParser csv)
    {
        var row = new JsonObject();
        for (var column = 0; column < csv.Count; column++)
        {
            var cell = csv[column];
            if (column >= header.Length)
            {
                if (cell.Length > 0) row[$"column {column + 1}"] = cell; // nobody knows what it is: the row says so
            }
            else if (Array.IndexOf(Lists, header[column]) >= 0)
            {
                row[header[column]] = new JsonArray([.. cell.Split(';').Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => JsonValue.Create(part))]);
            }
            else if (cell.Length > 0)
            {
                row[header[column]] = cell;
            }
        }

        return row;
    }
}
