using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using MediaPlatform.Application.Exports;
using MediaPlatform.Domain.Exports;

namespace MediaPlatform.Infrastructure.Tests.Exports;

internal sealed class WritingRowsTests
{
    private static readonly string[] Columns = ["id", "title", "size", "tags", "exif"];

    private const string Row = """{"id": "1", "title": "Évening, \"at\" the pier", "size": -5, "tags": ["a", "=b"], "exif": {"lens": {"name": "50 mm"}, "iso": null}}""";

    [Test]
    public async Task Csv_has_a_line_of_names_and_quotes_what_it_must() => Assert.That(
        await Written(ExportFormat.Csv, [], Row),
        Is.EqualTo("id,title,size,tags,exif\r\n1,\"Évening, \"\"at\"\" the pier\",-5,\"[\"\"a\"\",\"\"=b\"\"]\",\"{\"\"lens\"\":{\"\"name\"\":\"\"50 mm\"\"},\"\"iso\"\":null}\"\r\n"));

    [Test]
    public async Task Picked_paths_are_columns() => Assert.That(
        await Written(ExportFormat.Csv, ["exif.lens.name", "exif.iso", "size", "missing.a"], Row), Is.EqualTo("exif.lens.name,exif.iso,size,missing.a\r\n50 mm,,-5,\r\n"));

    [Test]
    public async Task A_path_through_a_list_is_a_list() => Assert.That(
        await Written(ExportFormat.Csv, ["tags.name"], """{"tags": [{"name": "a"}, {}, {"name": "b"}]}"""), Is.EqualTo("tags.name\r\n\"[\"\"a\"\",\"\"b\"\"]\"\r\n"));

    [TestCase("=1+1", "'=1+1")]
    [TestCase("+1", "'+1")]
    [TestCase("-1", "'-1")]
    [TestCase("@sum(a1)", "'@sum(a1)")]
    [TestCase("\tx", "'\tx")]
    [TestCase("＝1", "'＝1")]
    [TestCase("=cmd|' /c calc'!A0,x", "\"'=cmd|' /c calc'!A0,x\"")]
    [TestCase("a=1", "a=1")]
    [TestCase("two\r\nlines", "\"two\r\nlines\"")]
    [TestCase(" blank", "\" blank\"")]
    [TestCase("", "")]
    public async Task A_text_is_never_a_formula(string text, string cell) =>
        Assert.That(await Written(ExportFormat.Csv, ["title"], JsonSerializer.Serialize(new { title = text })), Is.EqualTo($"title\r\n{cell}\r\n"));

    [Test]
    public async Task An_export_as_json_is_one_array()
    {
        Assert.That(await Written(ExportFormat.Json, []), Is.EqualTo("[\n]\n"));
        Assert.That(await Written(ExportFormat.Json, ["exif.lens", "id"], Row, Row), Is.EqualTo("[\n{\"id\":\"1\",\"exif\":{\"lens\":{\"name\":\"50 mm\"}}},\n{\"id\":\"1\",\"exif\":{\"lens\":{\"name\":\"50 mm\"}}}\n]\n"));
        Assert.That(JsonDocument.Parse(await Written(ExportFormat.Json, [], Row)).RootElement[0].GetProperty("title").GetString(), Is.EqualTo("Évening, \"at\" the pier"));
    }

    private static async Task<string> Written(ExportFormat format, string[] fields, params string[] rows)
    {
        using var stream = new MemoryStream();
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        using (var writer = new ExportWriter(pipe, format, Columns, fields))
        {
            writer.Begin();
            foreach (var row in rows) writer.Write(JsonElement.Parse(row));
            writer.End();
        }

        await pipe.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
