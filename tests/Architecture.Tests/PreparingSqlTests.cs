using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using MediaPlatform.Application.Query;
using MediaPlatform.Infrastructure.Episodes;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Architecture.Tests;

/// <summary>Every statement is one that PostgreSQL takes, on the schema as it is.</summary>
internal sealed partial class PreparingSqlTests : DatabaseFixture
{
    [Test]
    public async Task Every_constant_statement_is_prepared()
    {
        var statements = Constants().ToList();
        Assert.That(statements, Has.Count.GreaterThan(50), "the constants are not found any more");

        var refused = new List<string>();
        foreach (var (name, sql) in statements)
        {
            if (await Refusal(sql) is { } reason) refused.Add($"{name}: {reason}");
        }

        Assert.That(refused, Is.Empty);
    }

    [Test]
    public async Task A_statement_on_a_column_that_is_not_there_is_refused() =>
        Assert.That(await Refusal("select no_such_column from clients where id = @Id"), Does.Contain("no_such_column"));

    [Test]
    public async Task Every_statement_of_every_kind_of_records_is_prepared()
    {
        var tables = Statics(typeof(RecordTable).IsAssignableFrom).Select(field => (RecordTable)field.GetValue(null)!).ToList();
        Assert.That(tables, Is.Not.Empty);

        var refused = new List<string>();
        foreach (var sql in new[] { SharedAssetTables.UiElements, SharedAssetTables.Backgrounds }.SelectMany(shared => shared.Statements))
        {
            if (await Refusal(sql) is { } reason) refused.Add($"{reason} in {sql}");
        }

        foreach (var table in tables)
        {
            foreach (var sql in table.Statements)
            {
                if (await Refusal(sql) is { } reason) refused.Add($"{table.Name}: {reason} in {sql}");
            }
        }

        var links = Statics(type => typeof(LinkTable).IsAssignableFrom(type)).Select(field => (LinkTable)field.GetValue(null)!).SelectMany(table => table.Statements)
            .Concat(Statics(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(LinkView<>)).SelectMany(field => ((ILinkView)field.GetValue(null)!).Statements)).ToList();
        Assert.That(links, Is.Not.Empty);
        foreach (var sql in links)
        {
            if (await Refusal(sql) is { } reason) refused.Add($"{reason} in {sql}");
        }

        Assert.That(refused, Is.Empty);
    }

    [Test]
    public async Task Every_field_of_every_list_filters_and_sorts()
    {
        var definitions = Statics(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ListDefinition<>)).ToList();
        Assert.That(definitions, Has.Count.GreaterThanOrEqualTo(5));

        var refused = new List<string>();
        var check = GetType().GetMethod(nameof(CheckList), BindingFlags.Instance | BindingFlags.NonPublic)!;
        foreach (var field in definitions)
            await (Task)check.MakeGenericMethod(field.FieldType.GetGenericArguments()).Invoke(this, [$"{field.DeclaringType!.Name}.{field.Name}", field.GetValue(null), refused])!;

        Assert.That(refused, Is.Empty);
    }

    private async Task CheckList<T>(string name, ListDefinition<T> list, List<string> refused)
    {
        if (await Refusal(list.SelectOne) is { } reason) refused.Add($"{name} one: {reason}");
        foreach (var field in list.Fields)
        {
            foreach (var op in Enum.GetValues<Operator>())
            {
                var value = op is Operator.Null ? "true" : Example(field);
                IReadOnlyList<string> values = op is Operator.Between ? [value, value] : [value];
                var named = field.Type is FieldType.Json && op is not Operator.Null ? field.Name + ".a.b" : field.Name;
                await Explain(new([new(named, op, values)], Text: null, [], 10, Cursor: null, CountMode.Exact, IncludeDeleted: false), $"{field.Name}[{op}]");
            }
        }

        foreach (var sort in list.SortNames)
        {
            foreach (var descending in new[] { true, false })
                await Explain(new([], list.Search is null ? null : "word", [new(sort, descending)], 10, Cursor: null, CountMode.Capped, IncludeDeleted: true), $"sort {sort}");
        }

        async Task Explain(ListRequest request, string what)
        {
            var compiled = ListCompiler.Compile(list, request, Guid.NewGuid());
            if (!compiled.Succeeded)
            {
                if (compiled.Errors.Any(error => error.Code != "OPERATOR_NOT_TAKEN")) refused.Add($"{name} {what}: {compiled.Errors[0].Message}");
                return;
            }

            foreach (var sql in new[] { compiled.Value.NearSql, compiled.Value.PageSql, compiled.Value.NullsSql, compiled.Value.CountSql })
            {
                try
                {
                    if (sql is not null) await Connection.ExecuteAsync("explain " + sql, compiled.Value.Parameters);
                }
                catch (PostgresException exception)
                {
                    refused.Add($"{name} {what}: {exception.MessageText}");
                }
            }
        }
    }

    private static IEnumerable<FieldInfo> Statics(Func<Type, bool> ofType) => typeof(Migrator).Assembly.GetTypes()
        .Where(type => !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .Where(field => ofType(field.FieldType));

    private static string Example<T>(Field<T> field) => field.Type switch
    {
        FieldType.Enum => field.Names![0],
        FieldType.Uuid => Guid.NewGuid().ToString(),
        FieldType.Boolean => "true",
        FieldType.Instant or FieldType.Date => "2026-01-31",
        FieldType.Integer or FieldType.Number => "7",
        FieldType.Sha256 => new string('0', 64),
        _ => "text",
    };

    private async Task<string?> Refusal(string sql)
    {
        // parameters become $1, $2, … in the order of their names' first appearance, and their types are inferred, as with Dapper
        var names = new List<string>();
        var numbered = Parameter().Replace(sql, match =>
        {
            if (!names.Contains(match.Value)) names.Add(match.Value);
            return $"${names.IndexOf(match.Value) + 1}";
        });
        try
        {
            await Connection.ExecuteAsync($"prepare checked as {numbered}");
            await Connection.ExecuteAsync("deallocate checked");
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState is not (PostgresErrorCodes.IndeterminateDatatype or PostgresErrorCodes.AmbiguousParameter))
        {
            return exception.MessageText;
        }
        catch (PostgresException)
        {
            return null; // the type of a parameter, which Npgsql sends along, decides here; everything else was checked before it
        }
    }

    private static IEnumerable<(string Name, string Sql)> Constants() =>
        from type in typeof(Migrator).Assembly.GetTypes()
        from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where field.IsLiteral && field.FieldType == typeof(string)
        let sql = ((string)field.GetRawConstantValue()!).Trim()
        where Statement().IsMatch(sql)
        select ($"{type.Name}.{field.Name}", sql);

    [GeneratedRegex(@"^(select|insert|update|delete|with)\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Statement();

    [GeneratedRegex(@"(?<![\w@])@[A-Za-z]\w*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();
}
