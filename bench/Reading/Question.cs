using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Bench.Reading;

/// <summary>Rows of which load generators choose one by chance.</summary>
/// <param name="Prefix">An id is this and the row's number in twelve digits.</param>
/// <param name="Count">The last number; the first is 1.</param>
internal sealed record Rows(string Prefix, int Count)
{
    public string Id(int number) => $"{Prefix}{number:D12}";
}

/// <summary>The same question to the API and to PostgreSQL.</summary>
/// <param name="Statements">As the API sends them, with <c>@names</c>; where the first rows of a sort give the page, it does not ask for all, and what fills the page is counted last.</param>
/// <param name="Parameters">Values of those.</param>
/// <param name="Path">What the API is asked; of one row without its id.</param>
/// <param name="WarmUp">How often it is asked before it counts.</param>
internal sealed partial record Question(string Name, IReadOnlyList<string> Statements, DynamicParameters Parameters, string Path, int WarmUp)
{
    /// <summary>Where another row is asked for each time; null where the question stays the same.</summary>
    public Rows? Of { get; private init; }

    /// <summary>One row of a list, another each time.</summary>
    /// <param name="path">Of the list.</param>
    public static Question OfOne<T>(BenchPlatform platform, string name, ListDefinition<T> list, string path, Rows rows)
    {
        var parameters = new DynamicParameters();
        parameters.Add("ClientId", platform.ClientId);
        parameters.Add("Id", new Guid(rows.Id(rows.Count / 2)));
        return new(name, [list.SelectOne], parameters, $"{path}/", WarmUp: 100_000) { Of = rows };
    }

    /// <summary>The first page of a list, or the one after a cursor.</summary>
    public static Question OfList<T>(BenchPlatform platform, string name, ListDefinition<T> list, ListRequest request, string path, int warmUp)
    {
        var compiled = ListCompiler.Compile(list, request, platform.ClientId).Value;
        string?[] statements = [compiled.NearSql, compiled.PageSql, compiled.CountSql];
        return new(name, [.. statements.OfType<string>()], compiled.Parameters, path + (request.Cursor is null ? "" : $"&cursor={request.Cursor}"), warmUp);
    }

    /// <summary>What the API is asked now.</summary>
    public string NextPath(Random random) => Of is { } rows ? Path + rows.Id(random.Next(1, rows.Count)) : Path;

    /// <summary>pgbench's variables; the id is made of a random number.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables =>
        Parameters.ParameterNames.Where(name => name != "Id" || Of is null).Select(name => KeyValuePair.Create(name, Text(Parameters.Get<object>(name))));

    public string PgBenchScript =>
        (Of is null ? "" : $"\\set number random(1, {Of.Count})\n")
        + string.Concat(Statements.Select(sql =>
            Parameter().Replace(sql, match => Of is { } rows && match.Value == "@Id" ? $"('{rows.Prefix}' || lpad(:number, 12, '0'))::uuid" : ":" + match.Value[1..]) + ";\n"));

    /// <summary>For a driver that numbers its parameters.</summary>
    public string PositionalSql => Statements[^1].Replace("@ClientId", "$1", StringComparison.Ordinal).Replace("@Id", "$2", StringComparison.Ordinal);

    /// <summary>A statement as SQL prepares it, and what it is executed with.</summary>
    public (string Sql, IReadOnlyList<string> Values) Literal(string statement)
    {
        List<string> names = [];
        var sql = Parameter().Replace(statement, match =>
        {
            if (!names.Contains(match.Value[1..], StringComparer.OrdinalIgnoreCase)) names.Add(match.Value[1..]);
            return $"${names.FindIndex(name => name.Equals(match.Value[1..], StringComparison.OrdinalIgnoreCase)) + 1}";
        });
        return (sql, [.. names.Select(name => $"'{Text(Parameters.Get<object>(name)).Replace("'", "''", StringComparison.Ordinal)}'")]);
    }

    public string Lua(string key) => $$"""
        local threads = 0
        function setup(thread)
            threads = threads + 1
            thread:set("seed", threads)
        end
        function init()
            math.randomseed(seed)
            wrk.headers["X-Api-Key"] = "{{key}}"
        end
        function request()
            return wrk.format(nil, {{(Of is { } rows ? $"string.format(\"{Path}{rows.Prefix}%012d\", math.random({rows.Count}))" : $"\"{Path}\"")}})
        end
        """;

    private static string Text(object value) => value switch
    {
        DateTime at => at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        string[] texts => $"{{{string.Join(',', texts.Select(text => $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("@[A-Za-z][A-Za-z0-9]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
