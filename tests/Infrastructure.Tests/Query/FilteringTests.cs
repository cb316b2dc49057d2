using System.Globalization;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Query;

/// <summary>The compiler of lists, held against the same language said once more in memory, over rows and filters made by chance.</summary>
internal sealed class FilteringTests
{
    private const int Rows = 250;

    private static readonly Guid Client = Guid.CreateVersion7();

    private string database = null!;
    private NpgsqlConnection connection = null!;
    private NpgsqlDataSource source = null!;
    private List<Thing> things = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        database = await TestServers.CreateEmptyDatabase();
        source = Database.CreateDataSource(new DatabaseOptions { ConnectionString = database }, "tests");
        connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(Thing.Table);
        await connection.ExecuteAsync("create index on things using gin (doc jsonb_path_ops)");
        var chance = new Chance(1);
        things = [.. Enumerable.Range(0, Rows).Select(_ => chance.Thing())];
        foreach (var thing in things) await thing.InsertInto(connection, Client);
        await chance.Thing().InsertInto(connection, Guid.CreateVersion7()); // another tenant's
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await connection.DisposeAsync();
        await source.DisposeAsync();
        await TestServers.DropDatabase(database);
    }

    [Test]
    public async Task Each_operator_of_each_field_gives_what_it_means()
    {
        var chance = new Chance(2);
        var asked = new HashSet<(string, Operator)>();
        for (var round = 0; round < 4_000; round++)
        {
            var condition = chance.Condition(things);
            asked.Add((Thing.List.Resolve(condition.Field)!.Field.Name, condition.Operator));
            await GivesWhatItMeans(ListRequest.Everything with { Conditions = [condition] }, condition);
        }

        var all = Thing.List.Fields.SelectMany(field => FilterCompiler.Takes(field.Type).Select(op => (field.Name, op)));
        Assert.That(asked, Is.SupersetOf(all), "chance has left something out");
    }

    [Test]
    public async Task Any_tree_gives_what_it_means()
    {
        var chance = new Chance(3);
        var some = 0;
        for (var round = 0; round < 2_500; round++)
        {
            Filter filter = chance.Filter(things, depth: 4);
            if (await GivesWhatItMeans(ListRequest.Everything with { Where = filter }, filter) is > 0 and < Rows) some++;
        }

        Assert.That(some, Is.GreaterThan(1_000), "most filters say something");
    }

    [Test]
    public async Task Sorts_put_rows_in_the_order_that_they_say()
    {
        var chance = new Chance(4);
        for (var round = 0; round < 100; round++)
        {
            var sort = Sort(chance);
            var expected = things.Order(Comparer<Thing>.Create((a, b) => Order(a, b, sort))).Select(thing => thing.Id);
            Assert.That((await Walk(sort, limit: 1 + chance.Below(60))).Select(thing => thing.Id), Is.EqualTo(expected), Said(sort));
        }
    }

    [Test]
    public async Task Paging_shows_every_row_that_stayed_once_while_rows_come_and_go()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var chance = new Chance(100 + seed);
            var sort = Sort(chance);
            var client = Guid.CreateVersion7();
            var there = Enumerable.Range(0, 40).Select(_ => chance.Thing()).ToList();
            foreach (var thing in there) await thing.InsertInto(connection, client);
            var stayed = there.ToList();

            var seen = await Walk(sort, limit: 1 + chance.Below(9), client, async () =>
            {
                var left = chance.Of(there);
                await Thing.DeleteFrom(connection, left.Id);
                stayed.RemoveAll(thing => thing.Id == left.Id);
                await chance.Thing().InsertInto(connection, client);
            });

            Assert.That(seen.Select(thing => thing.Id), Is.Unique, $"{seed}: {Said(sort)}");
            Assert.That(seen.Select(thing => thing.Id), Is.SupersetOf(stayed.Select(thing => thing.Id)), $"{seed}: {Said(sort)}");
        }
    }

    [Test]
    public void Nothing_that_a_caller_says_becomes_sql()
    {
        var chance = new Chance(5);
        for (var round = 0; round < 500; round++)
        {
            const string mark = "drop table things";
            var filter = Marked(chance.Filter(things, depth: 4), mark);
            var compiled = ListCompiler.Compile(Thing.List, ListRequest.Everything with { Where = filter }, Client);
            if (compiled.Succeeded) Assert.That(compiled.Value.PageSql + compiled.Value.CountSql, Does.Not.Contain(mark).IgnoreCase);
        }
    }

    [Test]
    public void The_same_question_with_other_values_is_the_same_statement()
    {
        string Sql(string label, string path, params string[] list) => ListCompiler.Compile(
            Thing.List,
            ListRequest.Everything with { Conditions = [new("label", Operator.Contains, [label]), new("size", Operator.In, list), new($"doc.{path}", Operator.Eq, [label])] }, Client).Value.PageSql;

        Assert.That(Sql("red", "a", "1"), Is.EqualTo(Sql("blue", "b", "4", "5", "6")));
    }

    [TestCase("size[eq]", "SIZE_IS_TEXT", "a whole number")]
    [TestCase("mood[eq]", "pale", "one of bright, in_between, dark")]
    [TestCase("at[gt]", "10:00", "a date or a time in RFC 3339")]
    [TestCase("day[eq]", "2026-13-01", "a date, such as 2026-01-31")]
    [TestCase("rating[lt]", "NaN", "a number")]
    [TestCase("flag[eq]", "yes", "true or false")]
    [TestCase("ref[in]", "1", "a UUID")]
    public void A_value_of_another_type_says_what_was_expected(string name, string value, string expected)
    {
        var (field, op) = (name.Split('[')[0], Enum.Parse<Operator>(name.Split('[')[1].TrimEnd(']'), ignoreCase: true));

        Assert.That(Refusal(new Condition(field, op, [value])), Does.StartWith("VALUE_NOT_READABLE").And.Contain(expected));
    }

    [Test]
    public void A_number_of_json_is_no_text() =>
        Assert.That(Refusal(new Condition("label", Operator.Eq, ["5"]) { Kinds = [ValueKind.Number] }), Does.StartWith("VALUE_NOT_READABLE").And.Contain("a text"));

    [TestCase("lable", "UNKNOWN_FIELD", "label")]
    [TestCase("dco.a", "UNKNOWN_FIELD", "doc.a")]
    [TestCase("label.a", "UNKNOWN_FIELD", null)]
    [TestCase("doc.", "PATH_TOO_DEEP", null)]
    [TestCase("doc.a..b", "PATH_TOO_DEEP", null)]
    [TestCase("doc.1.2.3.4.5.6.7.8.9", "PATH_TOO_DEEP", null)]
    [TestCase("r.client_id", "UNKNOWN_FIELD", null)]
    [TestCase("", "UNKNOWN_FIELD", null)]
    [TestCase("size = 1 or 1", "UNKNOWN_FIELD", null)]
    [TestCase("doc.\0", "UNKNOWN_FIELD", null)]
    public void A_field_that_is_not_there_names_the_nearest(string field, string code, string? nearest)
    {
        var refusal = Refusal(new Condition(field, Operator.Eq, ["1"]));

        Assert.That(refusal, Does.StartWith(code));
        if (nearest is not null) Assert.That(refusal, Does.EndWith($"Did you mean \"{nearest}\"?"));
    }

    [Test]
    public void What_is_over_a_limit_is_refused_by_name()
    {
        Filter one = new Condition("size", Operator.Eq, ["1"]);
        Filter five = one, six;
        for (var depth = 0; depth < FilterLimits.Depth; depth++) five = new Filter.Not(five);
        six = new Filter.And([one, five]);
        var values = Enumerable.Range(0, FilterLimits.Values).Select(value => value.ToString(CultureInfo.InvariantCulture)).ToArray();
        var longest = new string('x', FilterLimits.ValueLength);

        Assert.Multiple(() =>
        {
            Assert.That(Refusal(five), Is.Null);
            Assert.That(Refusal(six), Does.StartWith("FILTER_TOO_DEEP"));
            Assert.That(Refusal(new Filter.Or([.. Enumerable.Repeat(one, FilterLimits.Conditions)])), Is.Null);
            Assert.That(Refusal(new Filter.Or([.. Enumerable.Repeat(one, FilterLimits.Conditions + 1)])), Does.StartWith("TOO_MANY_CONDITIONS"));
            Assert.That(Refusal(new Condition("size", Operator.In, values)), Is.Null);
            Assert.That(Refusal(new Condition("doc.a", Operator.In, values)), Is.Null);
            Assert.That(Refusal(new Condition("size", Operator.In, [.. values, "1"])), Does.StartWith("TOO_MANY_VALUES"));
            Assert.That(Refusal(new Condition("label", Operator.Eq, [longest])), Is.Null);
            Assert.That(Refusal(new Condition("label", Operator.Eq, [longest + "x"])), Does.StartWith("VALUE_TOO_LONG"));
            Assert.That(Refusal(new Condition(new string('x', FilterLimits.NameLength + 1), Operator.Eq, ["1"])), Does.StartWith("PATH_TOO_DEEP"));
            Assert.That(RefusalOf(ListRequest.Everything with { Sort = [.. "abcde".Select(field => new SortBy($"{field}", Descending: false))] }), Does.StartWith("TOO_MANY_SORT_KEYS"));
        });
    }

    [Test]
    public async Task A_path_is_looked_up_in_its_index()
    {
        var filter = new Condition("doc.a", Operator.Eq, ["7"]);
        var compiled = ListCompiler.Compile(Thing.List, ListRequest.Everything with { Where = filter }, Client).Value;
        await connection.ExecuteAsync("set enable_seqscan = off");

        var plan = string.Join('\n', await connection.QueryAsync<string>("explain " + compiled.PageSql, compiled.Parameters));

        await connection.ExecuteAsync("reset enable_seqscan");
        Assert.That(plan, Does.Contain("things_doc_idx"));
    }

    [Test]
    public async Task What_is_rare_is_looked_up_and_what_is_frequent_is_met_along_the_order()
    {
        Condition lookedUp = new("doc.a", Operator.Eq, ["7"]), plain = new("size", Operator.Eq, ["1"]);
        var compiled = ListCompiler.Compile(Thing.List, ListRequest.Everything with { Conditions = [lookedUp], Limit = 2 }, Client).Value;
        var near = await connection.QueryAsync<Thing>(compiled.NearSql!, compiled.Parameters);
        var page = await connection.QueryAsync<Thing>(compiled.PageSql, compiled.Parameters);

        Assert.Multiple(() =>
        {
            Assert.That(near, Is.EqualTo(page), "all rows are near here");
            Assert.That(compiled.NearSql, Does.Contain("limit @near"));
            Assert.That(compiled.Parameters.Get<int>("near"), Is.EqualTo(200), "a hundred rows for each of the page");
            foreach (var (filter, isLookedUp) in new (Filter, bool)[]
            {
                (plain, false), (new Filter.And([plain, lookedUp]), true), (new Filter.Or([plain, lookedUp]), false), (new Filter.Or([lookedUp, lookedUp]), true), (new Filter.Not(lookedUp), false),
            })
                Assert.That(ListCompiler.Compile(Thing.List, ListRequest.Everything with { Where = filter }, Client).Value.NearSql is not null, Is.EqualTo(isLookedUp), Said(filter));
        });
    }

    [Test]
    public async Task What_is_rare_is_found_however_far_down_the_order_it_stands([Values] bool descending)
    {
        var client = Guid.CreateVersion7();
        await connection.ExecuteAsync(
            """
            insert into things (client_id, id, code, mood, size, tags, doc, created_at)
            select @client, gen_random_uuid(), 'c', 'bright', number, case when number in (1, 299, 300) then array['needle'] else '{}' end, '{}', now()
            from generate_series(1, 300) number
            """,
            new { client });

        var found = await Walk([new("size", descending)], limit: 1, client, conditions: [new("tags", Operator.Any, ["needle"])]);

        var expected = new long[] { 1, 299, 300 };
        Assert.That(found.Select(thing => thing.Size), Is.EqualTo(descending ? expected.Reverse() : expected));
    }

    [Test]
    public void A_cursor_of_another_filter_is_refused()
    {
        var request = ListRequest.Everything with { Conditions = [new("size", Operator.Eq, ["1"])] };
        var sort = new[] { new SortBy("created_at", Descending: true) };
        var cursor = Cursor.After(Thing.List, sort, things[0], total: 7, totalIsCapped: false, request).Write();

        Assert.Multiple(() =>
        {
            Assert.That(RefusalOf(request with { Cursor = cursor }), Is.Null);
            Assert.That(RefusalOf(request with { Cursor = cursor, Conditions = [new("size", Operator.Eq, ["2"])] }), Does.StartWith("CURSOR_INVALID"));
            Assert.That(RefusalOf(request with { Cursor = cursor, Where = new Filter.Not(request.Conditions[0]) }), Does.StartWith("CURSOR_INVALID"));
            Assert.That(RefusalOf(request with { Cursor = cursor, IncludeDeleted = true }), Does.StartWith("CURSOR_INVALID"));
        });
    }

    private async Task<int> GivesWhatItMeans(ListRequest request, Filter filter)
    {
        var compiled = ListCompiler.Compile(Thing.List, request with { Limit = Rows, Count = CountMode.Exact }, Client);
        Assert.That(compiled.Succeeded, Is.True, () => $"{Said(filter)}: {compiled.Errors[0].Message}");

        var got = (await connection.QueryAsync<Thing>(compiled.Value.PageSql, compiled.Value.Parameters)).Select(thing => thing.Id).ToHashSet();
        var expected = things.Where(thing => Meaning.Fits(filter, thing)).Select(thing => thing.Id).ToHashSet();
        if (!got.SetEquals(expected))
        {
            var wrong = things.First(thing => got.Contains(thing.Id) != expected.Contains(thing.Id));
            Assert.Fail($"{Said(filter)}\n{(got.Contains(wrong.Id) ? "gives" : "leaves out")} {wrong}\n{compiled.Value.PageSql}");
        }

        return got.Count;
    }

    private async Task<List<Thing>> Walk(IReadOnlyList<SortBy> sort, int limit, Guid? client = null, Func<Task>? between = null, IReadOnlyList<Condition>? conditions = null)
    {
        var db = new DbSession(source, new CallContext { Caller = new(client ?? Client, ActorKind.System, ActorId: null, Role.Owner, "test") }, new DatabaseOptions(), NullLogger<DbSession>.Instance);
        var seen = new List<Thing>();
        var request = ListRequest.Everything with { Sort = sort, Limit = limit, Conditions = conditions ?? [] };
        while (true)
        {
            var page = (await db.Page(Thing.List, request, CancellationToken.None)).Value;
            seen.AddRange(page.Items);
            Assert.That(seen, Has.Count.LessThan(1_000), "it pages for ever");
            if (page.NextCursor is null) return seen;
            request = request with { Cursor = page.NextCursor };
            if (between is not null) await between();
        }
    }

    private static SortBy[] Sort(Chance chance)
    {
        var fields = Thing.List.SortNames.ToList();
        return [.. Enumerable.Range(0, 1 + chance.Below(3)).Select(_ =>
        {
            var field = chance.Of(fields);
            fields.Remove(field);
            return new SortBy(field, chance.OneIn(2));
        })];
    }

    private static int Order(Thing a, Thing b, IReadOnlyList<SortBy> sort)
    {
        foreach (var key in sort)
        {
            var get = Thing.List.Find(key.Field)!.SortKey!;
            var (x, y) = (get(a), get(b));
            var order = x is null || y is null ? (x is null ? 1 : 0) - (y is null ? 1 : 0) : Compare(x, y) * (key.Descending ? -1 : 1);
            if (order != 0) return order;
        }

        return Compare(a.Id, b.Id) * (sort[^1].Descending ? -1 : 1);
    }

    private static int Compare(object x, object y) => x is string text ? Meaning.CodePoints(text, (string)y) : ((IComparable)x).CompareTo(y);

    private static Filter Marked(Filter filter, string mark) => filter switch
    {
        Filter.And and => new Filter.And([.. and.Of.Select(part => Marked(part, mark))]),
        Filter.Or or => new Filter.Or([.. or.Of.Select(part => Marked(part, mark))]),
        Filter.Not not => new Filter.Not(Marked(not.Of, mark)),
        Condition c => c with { Field = Thing.List.Resolve(c.Field)!.Path.Count > 0 ? $"{c.Field}.'{mark}" : c.Field, Values = [.. c.Values.Select(value => c.Operator is Operator.Null ? value : $"{value}'; {mark}; --")] },
        _ => throw new InvalidOperationException(),
    };

    private static string? Refusal(Filter filter) => RefusalOf(ListRequest.Everything with { Where = filter });

    private static string? RefusalOf(ListRequest request) =>
        ListCompiler.Compile(Thing.List, request, Client) is { Succeeded: false } refused ? $"{refused.Errors[0].Code}: {refused.Errors[0].Message}" : null;

    private static string Said(IEnumerable<SortBy> sort) => string.Join(',', sort.Select(key => (key.Descending ? "-" : "") + key.Field));

    private static string Said(Filter filter) => filter switch
    {
        Filter.And and => $"and({string.Join("; ", and.Of.Select(Said))})",
        Filter.Or or => $"or({string.Join("; ", or.Of.Select(Said))})",
        Filter.Not not => $"not({Said(not.Of)})",
        Condition c => $"{c.Field}[{c.Operator}]={string.Join('|', c.Values)}{(c.Kinds is null ? "" : $" ({string.Join(' ', c.Kinds)})")}",
        _ => "?",
    };
}
