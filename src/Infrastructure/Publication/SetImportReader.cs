using System.Buffers;
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
    private static readonly string[] Credited = ["models", "photographers", "photographer"];
    private static readonly byte[] Redacted = JsonSerializer.SerializeToUtf8Bytes(Credit.RedactedName);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 34 }; // a set may be nested in itself as any body, and stands in a list in an object
    private static readonly CsvConfiguration Csv = new(CultureInfo.InvariantCulture) { MissingFieldFound = null, DetectColumnCountChanges = false, MaxFieldSize = 1 << 20, CacheFields = true };

    public Result<IReadOnlyList<JsonElement>> Read(ImportFormat format, ReadOnlyMemory<byte> payload)
    {
        payload = payload[MarkOf(payload)..];
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

    public IReadOnlySet<string> NamesIn(ImportFormat format, ReadOnlyMemory<byte> payload, IReadOnlySet<int>? rows) =>
        Read(format, payload).Value.Where((row, index) => row.ValueKind is JsonValueKind.Object && rows?.Contains(index + 1) is not false).SelectMany(NamesIn).ToHashSet(StringComparer.Ordinal);

    public RedactedPayload Redact(ImportFormat format, ReadOnlyMemory<byte> payload, IReadOnlySet<int>? rows, IReadOnlySet<string> names)
    {
        var mark = MarkOf(payload);
        var redacted = new ArrayBufferWriter<byte>(payload.Length + 64);
        redacted.Write(payload.Span[..mark]);
        var count = format is ImportFormat.Csv ? RedactCsv(payload[mark..], rows, names, redacted) : RedactJson(payload[mark..], rows, names, redacted);
        return new RedactedPayload(redacted.WrittenSpan.ToArray(), count);
    }

    private static IEnumerable<string> NamesIn(JsonElement row)
    {
        foreach (var field in Credited)
        {
            if (!row.TryGetProperty(field, out var value)) continue;

            foreach (var one in value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : (JsonElement[])[value])
            {
                if (one.ValueKind is JsonValueKind.String && SetRow.ReadText(one) is { } name) yield return name;
            }
        }
    }

    /// <summary>How many bytes a byte order mark takes, which says nothing.</summary>
    private static int MarkOf(ReadOnlyMemory<byte> payload) => payload.Span.StartsWith("\uFEFF"u8) ? 3 : 0;

    private static int RedactJson(ReadOnlyMemory<byte> payload, IReadOnlySet<int>? rows, IReadOnlySet<string> names, ArrayBufferWriter<byte> redacted)
    {
        int depthOfRows;
        using (var document = JsonDocument.Parse(payload, Json))
            depthOfRows = document.RootElement.ValueKind is JsonValueKind.Array ? 1 : document.RootElement.TryGetProperty("sets", out _) ? 2 : 0;

        var json = new Utf8JsonReader(payload.Span, new JsonReaderOptions { MaxDepth = Json.MaxDepth });
        var (copied, row, count, credits) = (0, 0, 0, false);
        while (json.Read())
        {
            if (json.CurrentDepth == depthOfRows && json.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject)) row++;
            if (json.TokenType is JsonTokenType.PropertyName && json.CurrentDepth == depthOfRows + 1) credits = IsOneOf(ref json, Credited);
            if (json.TokenType is not JsonTokenType.String || !credits || rows?.Contains(row) is false || !IsOneOf(ref json, names)) continue;

            redacted.Write(payload.Span[copied..(int)json.TokenStartIndex]);
            redacted.Write(Redacted);
            copied = (int)json.BytesConsumed;
            count++;
        }

        redacted.Write(payload.Span[copied..]);
        return count;
    }

    private static bool IsOneOf(ref Utf8JsonReader json, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (json.ValueTextEquals(name)) return true;
        }

        return false;
    }

    private static int RedactCsv(ReadOnlyMemory<byte> payload, IReadOnlySet<int>? rows, IReadOnlySet<string> names, ArrayBufferWriter<byte> redacted)
    {
        var text = Strict.GetString(payload.Span);
        using var csv = new CsvParser(new StringReader(text), Csv);
        string[]? header = null;
        var (copied, row, count) = (0, 0, 0);
        while (csv.Read())
        {
            var given = text.AsSpan(copied..(int)csv.CharCount);
            copied = (int)csv.CharCount;
            if (header is null)
            {
                header = NamesOf(csv);
            }
            else if (++row is var number && rows?.Contains(number) is not false && RedactRecord(header, csv, names, ref count) is { } record)
            {
                var (blank, end) = (given.IndexOfAnyExcept('\r', '\n'), given.LastIndexOfAnyExcept('\r', '\n') + 1);
                Strict.GetBytes($"{given[..blank]}{record}{given[end..]}", redacted);
                continue;
            }

            Strict.GetBytes(given, redacted);
        }

        Strict.GetBytes(text.AsSpan(copied), redacted);
        return count;
    }

    /// <summary>A record with what stands for the names; null where it credits nobody so.</summary>
    private static string? RedactRecord(string[] header, CsvParser csv, IReadOnlySet<string> names, ref int count)
    {
        var (cells, before) = (csv.Record!, count);
        for (var column = 0; column < Math.Min(header.Length, cells.Length); column++)
        {
            if (Array.IndexOf(Credited, header[column]) < 0) continue;

            string[] credited = Array.IndexOf(Lists, header[column]) >= 0 ? cells[column].Split(';') : [cells[column]];
            count += credited.Count(names.Contains);
            if (credited.Any(names.Contains)) cells[column] = string.Join(';', credited.Select(name => names.Contains(name) ? Credit.RedactedName : name));
        }

        if (count == before) return null;

        using var record = new StringWriter(CultureInfo.InvariantCulture);
        using var writer = new CsvWriter(record, Csv);
        foreach (var cell in cells) writer.WriteField(cell);
        writer.Flush();
        return record.ToString();
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

                if (csv.Count > SetRow.MostFields) return new ImportUnreadable($"The header has {csv.Count} columns; a row has at most {SetRow.MostFields} fields.");
                header = NamesOf(csv);
                if (header is [var all] && all.Contains(';', StringComparison.Ordinal)) return new ImportUnreadable("The header is divided by semicolons. A comma stands between cells, and semicolons between the names in one.");
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

    private static string[] NamesOf(CsvParser csv) => [.. csv.Record!.Select(name => name.Trim().ToLowerInvariant())];

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
