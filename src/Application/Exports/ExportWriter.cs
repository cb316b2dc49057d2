using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Application.Exports;

/// <summary>
/// Rows as CSV (RFC 4180: UTF-8, CRLF, a line of names) or as an array of JSON. In CSV, lists and objects are JSON in a cell, what has no
/// value is empty, and a text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are left as they are.
/// </summary>
/// <param name="output">Filled; whoever has it flushes it.</param>
/// <param name="columns">The fields of a row, in order.</param>
/// <param name="fields">Paths that are picked; empty for whole rows.</param>
public sealed class ExportWriter(PipeWriter output, ExportFormat format, IReadOnlyList<string> columns, IReadOnlyList<string> fields) : IDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r＝＋－＠");

    private readonly string[][] paths = [.. (fields.Count > 0 ? fields : columns).Select(path => path.Split('.'))];
    private readonly FieldTree? tree = TreeOf(fields);
    private readonly Utf8JsonWriter json = new(output, Relaxed);
    private bool any;

    /// <summary>What stands before the rows.</summary>
    public void Begin() => Write(format is ExportFormat.Json ? "[" : string.Join(',', (fields.Count > 0 ? fields : columns).Select(name => Cell(name))) + "\r\n");

    /// <summary>A row.</summary>
    public void Write(JsonElement row)
    {
        if (format is ExportFormat.Csv)
        {
            Write(string.Join(',', paths.Select(path => CellOf(row, path))) + "\r\n");
            return;
        }

        Write(any ? ",\n" : "\n");
        any = true;
        json.Reset(output);
        if (tree is null) row.WriteTo(json);
        else tree.Write(json, row);
        json.Flush();
    }

    /// <summary>What stands behind them.</summary>
    public void End() => Write(format is ExportFormat.Json ? "\n]\n" : "");

    public void Dispose() => json.Dispose();

    private static FieldTree? TreeOf(IReadOnlyList<string> fields)
    {
        if (fields.Count == 0) return null;
        var picked = new FieldTree();
        foreach (var path in fields) picked.Add(path);
        return picked;
    }

    private static string CellOf(JsonElement row, string[] path) => Find(row, path) switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        { ValueKind: JsonValueKind.String } text => Cell(text.GetString()!),
        { ValueKind: JsonValueKind.Object or JsonValueKind.Array } nested => Quote(Compact(nested)),
        { } plain => plain.GetRawText(),
    };

    /// <summary>What stands at a path; through a list, the list of what its items have there.</summary>
    private static JsonElement? Find(JsonElement at, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty) return at;
        if (at.ValueKind is JsonValueKind.Object) return at.TryGetProperty(path[0], out var next) ? Find(next, path[1..]) : null;
        if (at.ValueKind is not JsonValueKind.Array) return null;

        var found = new List<JsonElement>();
        foreach (var item in at.EnumerateArray())
        {
            if (Find(item, path) is { } value) found.Add(value);
        }

        return JsonSerializer.SerializeToElement(found);
    }

    private static string Compact(JsonElement nested)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Relaxed)) nested.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Cell(string text) => Quote(text.Length > 0 && Formula.Contains(text[0]) ? "'" + text : text);

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(Quoted) || text is [' ', ..] or [.., ' '] ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
