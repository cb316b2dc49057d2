using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class FindingTests : PlatformFixture
{
    private Guid red;
    private Guid film;
    private Guid plain;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        red = (await Owner.Upload(Samples.Jpeg(1), "Beach_Ann-0042.jpg", fields: [("title", "Crème at the beach"), ("tags", "red,sun,sea")])).Expect(HttpStatusCode.Created).Id;
        film = (await Owner.Upload(Samples.Png(2), "film.png", fields: [("title", "Running dogs"), ("tags", "sun,dog,shoes"), ("caption", "At noon")])).Expect(HttpStatusCode.Created).Id;
        plain = (await Owner.Upload(Samples.Pdf(3), "100%_plain.pdf")).Expect(HttpStatusCode.Created).Id;
        (await Platform.Stranger.Upload(Samples.Jpeg(1), "Beach_Ann-0042.jpg", fields: [("title", "Crème at the beach"), ("tags", "red,sun,sea")])).Expect(HttpStatusCode.Created);

        await Platform.Sql<object>($"""
            update media_assets
            set external_id = 'x-1', width = 4000, height = 3000, status = 'ready', captured_at = '2026-01-31T12:00:00Z'
            where id = '{red}';
            update media_assets
            set type = 'video', format = 'MP4', mime_type = 'video/mp4', width = 1920, height = 1080, duration_ms = 90000, has_audio = true, status = 'failed', captured_at = '2026-02-01T00:00:00Z', source = 'url'
            where id = '{film}';
            """);
    }

    [TestCase("type=video", "film")]
    [TestCase("type[ne]=video", "red plain")]
    [TestCase("type[in]=image,document", "red plain")]
    [TestCase("type[nin]=image,document", "film")]
    [TestCase("format=JPEG", "red")]
    [TestCase("mime_type[starts_with]=image/", "red")]
    [TestCase("mime_type[ends_with]=/mp4", "film")]
    [TestCase("status=failed", "film")]
    [TestCase("status[in]=ready,failed", "red film plain")]
    [TestCase("external_id=x-1", "red")]
    [TestCase("external_id[ne]=x-1", "film plain")]
    [TestCase("external_id[nin]=x-1,x-2", "film plain")]
    [TestCase("external_id[null]=true", "film plain")]
    [TestCase("external_id[null]=false", "red")]
    [TestCase("title[contains]=beach", "red")]
    [TestCase("title[contains]=BEACH", "")]
    [TestCase("title[icontains]=BEACH", "red")]
    [TestCase("title[null]=true", "plain")]
    [TestCase("original_filename[contains]=%25_", "plain")]
    [TestCase("original_filename[contains]=_", "red plain")]
    [TestCase("original_filename[starts_with]=Beach_", "red")]
    [TestCase("source=url", "film")]
    [TestCase("tags[any]=red,dog", "red film")]
    [TestCase("tags[all]=red,sun", "red")]
    [TestCase("tags[all]=RED, sun", "red")]
    [TestCase("tags[none]=red", "film plain")]
    [TestCase("width[gte]=1920", "red film")]
    [TestCase("width[gt]=1920", "red")]
    [TestCase("height[lt]=3000", "film")]
    [TestCase("height[lte]=3000", "red film")]
    [TestCase("width[between]=1900,2000", "film")]
    [TestCase("duration_ms[gte]=60000", "film")]
    [TestCase("duration_ms[null]=true", "red plain")]
    [TestCase("has_audio=true", "film")]
    [TestCase("has_audio[ne]=true", "red plain")]
    [TestCase("captured_at[gte]=2026-02-01", "film")]
    [TestCase("captured_at[lt]=2026-02-01T01:00:00%2B01:00", "red")]
    [TestCase("captured_at[between]=2026-01-01,2026-01-31T12:00:00Z", "red")]
    [TestCase("size_bytes[gt]=0&type=image", "red")]
    [TestCase("created_at[gt]=2020-01-01", "red film plain")]
    [TestCase("updated_at[lt]=2020-01-01", "")]
    [TestCase("deleted_at[null]=true", "red film plain")]
    [TestCase("width[gte]=1000&width[lte]=2000", "film")]
    [TestCase("q=beach", "red")]
    [TestCase("q=creme", "red")]
    [TestCase("q=CR%C3%88ME", "red")]
    [TestCase("q=run", "film")]
    [TestCase("q=dog", "film")]
    [TestCase("q=noon", "film")]
    [TestCase("q=ann", "red")]
    [TestCase("q=0042", "red")]
    [TestCase("q=beach or dog", "red film")]
    [TestCase("q=sun -dog", "red")]
    [TestCase("q=\"at the beach\"", "red")]
    [TestCase("q=nothing", "")]
    [TestCase("q=running shoes", "film")]
    [TestCase("q=running -shoes", "")]
    [TestCase("q=running dog beach", "")]
    [TestCase("q=running -dogs", "")]
    [TestCase("q=run -suns", "")]
    [TestCase("q=beach -running", "red")]
    [TestCase("q=Beach_Ann-0042.jpg", "red")]
    [TestCase("q=the", "red")]
    [TestCase("q=the running", "film")]
    public async Task A_filter_finds_what_it_says(string query, string expected)
    {
        var reply = await Owner.Get("/media?" + query.Replace("\"", "%22", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal));

        Assert.That(Ids(reply).Select(NameOf), Is.EquivalentTo(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)), reply.Text);
    }

    [Test]
    public async Task A_title_is_found_in_either_form_of_its_letters_whichever_it_came_in([Values("Caf\u00E9", "Cafe\u0301")] string written)
    {
        var writer = await Platform.CreateTenant("writer");
        var id = (await writer.Upload(Samples.Jpeg(), fields: [("title", $"{written} noir")])).Expect(HttpStatusCode.Created).Id;

        foreach (var asked in new[] { "Caf\u00E9", "Cafe\u0301" }.Select(Uri.EscapeDataString))
        {
            foreach (var query in new[] { $"title={asked}%20noir", $"title[in]={asked}%20noir,x", $"title[starts_with]={asked}", $"q={asked}" })
                Assert.That(Ids(await writer.Get($"/media?{query}")), Is.EqualTo(new[] { id }), query);
        }
    }

    [Test]
    public async Task Every_field_of_the_list_takes_a_filter()
    {
        foreach (var field in ListFields.Media.Fields)
        {
            var reply = await Owner.Get(field is "tags" ? "/media?tags[none]=nothing" : $"/media?{field}[null]=true");
            reply.Expect(HttpStatusCode.OK);
        }

        var asset = (await Owner.Get($"/media/{red}")).Data;
        Assert.That(Ids(await Owner.Get($"/media?sha256={asset["sha256"]!.GetValue<string>()}")), Is.EqualTo(new[] { red }));
        Assert.That(Ids(await Owner.Get($"/media?sha256[in]={asset["sha256"]!.GetValue<string>().ToUpperInvariant()},{new string('0', 64)}")), Is.EqualTo(new[] { red }));
        Assert.That(Ids(await Owner.Get($"/media?sha256[ne]={asset["sha256"]!.GetValue<string>()}")), Is.EquivalentTo(new[] { film, plain }));
        Assert.That(Ids(await Owner.Get($"/media?id[in]={red},{film}")), Is.EquivalentTo(new[] { red, film }));
    }

    [TestCase("created_at", "red film plain")]
    [TestCase("-created_at", "plain film red")]
    [TestCase("captured_at", "red film plain")]
    [TestCase("-captured_at", "film red plain")]
    public async Task A_sort_puts_nulls_last(string sort, string expected) =>
        Assert.That(Ids(await Owner.Get($"/media?sort={sort}")).Select(NameOf), Is.EqualTo(expected.Split(' ')));

    [Test]
    public async Task Every_sort_of_the_list_pages_through_all_rows_once()
    {
        foreach (var sort in ListFields.Media.Sorts.SelectMany(sort => new[] { sort, "-" + sort, $"{sort},{(sort is "size_bytes" ? "-captured_at" : "-size_bytes")}" }))
            Assert.That(await Walk(Owner, $"sort={sort}&limit=1"), Is.EquivalentTo(new[] { red, film, plain }), sort);
    }

    [TestCase("titel=x", "UNKNOWN_FIELD", "title")]
    [TestCase("widht[gte]=1", "UNKNOWN_FIELD", "width")]
    [TestCase("sort=titel", "UNKNOWN_SORT", "sort")]
    [TestCase("width[regex]=1", "UNKNOWN_OPERATOR", "width")]
    [TestCase("width[contains]=1", "OPERATOR_NOT_TAKEN", "width")]
    [TestCase("tags=red", "OPERATOR_NOT_TAKEN", "tags")]
    [TestCase("width=wide", "VALUE_NOT_READABLE", "width")]
    [TestCase("width=99999999999999999999", "VALUE_NOT_READABLE", "width")]
    [TestCase("type=picture", "VALUE_NOT_READABLE", "type")]
    [TestCase("id=1", "VALUE_NOT_READABLE", "id")]
    [TestCase("has_audio=maybe", "VALUE_NOT_READABLE", "has_audio")]
    [TestCase("captured_at[gte]=yesterday", "VALUE_NOT_READABLE", "captured_at")]
    [TestCase("width[between]=1", "VALUE_NOT_READABLE", "width")]
    [TestCase("sha256=abc", "VALUE_NOT_READABLE", "sha256")]
    [TestCase("title[null]=perhaps", "VALUE_NOT_READABLE", "title")]
    [TestCase("limit=0", "INVALID_PARAMETER", "limit")]
    [TestCase("limit=201", "INVALID_PARAMETER", "limit")]
    [TestCase("count=all", "INVALID_PARAMETER", "count")]
    [TestCase("title=%00", "INVALID_TEXT", "title")]
    [TestCase("cursor=forged", "CURSOR_INVALID", "cursor")]
    public async Task What_cannot_be_asked_is_named(string query, string code, string named)
    {
        var reply = await Owner.Get("/media?" + query);

        reply.ExpectProblem(HttpStatusCode.BadRequest, code);
        Assert.That(reply.Text, Does.Contain(named));
    }

    [Test]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var reply = await Owner.Get("/media?titel=x&width=wide&sort=nothing");

        Assert.That(reply.Expect(HttpStatusCode.BadRequest).Codes, Is.EquivalentTo(new[] { "UNKNOWN_FIELD", "VALUE_NOT_READABLE", "UNKNOWN_SORT" }), reply.Text);
    }

    [TestCase("""{"s":"-created_at","k":["not a time"],"i":"019a0000-0000-7000-8000-000000000001","t":1,"c":false}""")]
    [TestCase("""{"s":"-created_at","k":[null],"i":"019a0000-0000-7000-8000-000000000001","t":1,"c":false}""")]
    [TestCase("""{"s":"-created_at","k":[],"i":"019a0000-0000-7000-8000-000000000001","t":1,"c":false}""")]
    [TestCase("""{"s":"-created_at","k":["2026-01-01T00:00:00Z","x"],"i":"019a0000-0000-7000-8000-000000000001","t":1,"c":false}""")]
    [TestCase("""{"s":"size_bytes","k":["1"],"i":"019a0000-0000-7000-8000-000000000001","t":1,"c":false}""")]
    [TestCase("""{"s":"-created_at","k":null,"i":null}""")]
    [TestCase("null")]
    [TestCase("[]")]
    public async Task A_forged_cursor_is_refused(string json) =>
        (await Owner.Get("/media?cursor=" + System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json)))).ExpectProblem(HttpStatusCode.BadRequest, "CURSOR_INVALID");

    [Test]
    public async Task A_cursor_of_another_sort_is_refused()
    {
        var cursor = (await Owner.Get("/media?sort=size_bytes&limit=1")).Json["metadata"]!["page"]!["next_cursor"]!.GetValue<string>();

        (await Owner.Get($"/media?sort=-size_bytes&limit=1&cursor={cursor}")).ExpectProblem(HttpStatusCode.BadRequest, "CURSOR_INVALID");
        (await Owner.Get($"/media?sort=size_bytes&limit=1&cursor={cursor}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_cursor_of_another_tenant_shows_nothing_of_it()
    {
        var cursor = (await Owner.Get("/media?limit=1")).Json["metadata"]!["page"]!["next_cursor"]!.GetValue<string>();

        Assert.That(Ids(await Platform.Stranger.Get($"/media?cursor={cursor}")).Select(NameOf), Is.SubsetOf(new[] { "?" }));
    }

    [Test]
    public async Task Paging_shows_every_row_once_while_others_are_added([Values("created_at", "-created_at", "-size_bytes", "captured_at")] string sort)
    {
        var crowded = await GivenRows(120);
        var before = await Walk(crowded, "limit=200");

        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await crowded.Get($"/media?sort={sort}&limit=25" + (cursor is null ? "" : $"&cursor={cursor}"));
            seen.AddRange(Ids(page));
            Assert.That(seen, Is.Unique, "a row that comes again would page for ever");
            cursor = page.Json["metadata"]!["page"]!["next_cursor"]?.GetValue<string>();
            Assert.That(page.Json["metadata"]!["page"]!["total"]!.GetValue<int>(), Is.EqualTo(120), "the total is counted on the first page and carried on");
            await AddRows(crowded, 3);
        }
        while (cursor is not null);

        Assert.That(seen, Is.SupersetOf(before));
    }

    [Test]
    public async Task Counts_are_exact_capped_or_left_out()
    {
        var crowded = await GivenRows(10_050);

        var capped = (await crowded.Get("/media?limit=1")).Json["metadata"]!["page"]!;
        Assert.That(capped["total"]!.GetValue<int>(), Is.EqualTo(10_000));
        Assert.That(capped["total_is_capped"]!.GetValue<bool>(), Is.True);
        var exact = (await crowded.Get("/media?limit=1&count=exact")).Json["metadata"]!["page"]!;
        Assert.That(exact["total"]!.GetValue<int>(), Is.EqualTo(10_050));
        Assert.That(exact["total_is_capped"]!.GetValue<bool>(), Is.False);
        Assert.That((await crowded.Get("/media?limit=1&count=none")).Json["metadata"]!["page"]!["total"], Is.Null);
    }

    [Test]
    public async Task Fifty_come_when_no_limit_is_given()
    {
        var crowded = await GivenRows(60);

        var page = await crowded.Get("/media");
        Assert.That(Ids(page), Has.Length.EqualTo(50));
        Assert.That(page.Json["metadata"]!["page"]!["limit"]!.GetValue<int>(), Is.EqualTo(50));
        Assert.That(Ids(await crowded.Get("/media?limit=200")), Has.Length.EqualTo(60));
    }

    [Test]
    public async Task Fields_can_be_picked()
    {
        var item = (await Owner.Get("/media?_fields=id,title&type=video")).Data.AsArray().Single()!.AsObject();

        Assert.That(item.Select(field => field.Key), Is.EquivalentTo(new[] { "id", "title" }));
    }

    private static Guid[] Ids(Reply reply) => [.. reply.Expect(HttpStatusCode.OK).Data.AsArray().Select(asset => asset!["id"]!.GetValue<Guid>())];

    private static async Task<List<Guid>> Walk(Tenant tenant, string query)
    {
        var seen = new List<Guid>();
        JsonNode? cursor = null;
        do
        {
            var page = await tenant.Get($"/media?{query}" + (cursor is null ? "" : $"&cursor={cursor.GetValue<string>()}"));
            seen.AddRange(Ids(page));
            Assert.That(seen, Is.Unique, "a row that comes again would page for ever");
            cursor = page.Json["metadata"]!["page"]!["next_cursor"];
        }
        while (cursor is not null);
        return seen;
    }

    private async Task<Tenant> GivenRows(int count)
    {
        var crowded = await Platform.CreateTenant("crowded");
        await AddRows(crowded, count);
        return crowded;
    }

    /// <summary>Rows with few different times and sizes, so that the id decides often.</summary>
    private async Task AddRows(Tenant crowded, int count) => await Platform.Sql<object>($"""
        insert into media_assets (
            client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, captured_at,
            created_at, created_by_kind, updated_at)
        select '{crowded.ClientId}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'row.jpg', 1 + n % 7, sha256(gen_random_uuid()::text::bytea), 'local',
            gen_random_uuid()::text, 'ready', 'upload', case when n % 3 = 0 then null else timestamptz '2026-01-01' + n % 5 * interval '1 day' end,
            timestamptz '2026-01-01' + n % 11 * interval '1 microsecond', 'system', now()
        from generate_series(1, {count}) n
        """);

    private string NameOf(Guid id) => id == red ? nameof(red) : id == film ? nameof(film) : id == plain ? nameof(plain) : "?";
}
