using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Audit;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MediaPlatform.Api.Tests.Audit;

/// <summary>What a consumer gets that follows the feed. Transactions of other tests hold it back now and then, so it is asked until it tells.</summary>
internal sealed class FollowingEventsTests : PlatformFixture
{
    private Issuer issuer = null!;
    private Tenant tenant = null!;

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        return await Platform.Start(overrides: new Dictionary<string, string?>(issuer.Settings(), StringComparer.Ordinal)
        {
            ["Audit:MaxWaiters"] = "20", ["Audit:MaxWaitersPerClient"] = "12", ["Audit:EventPoll"] = "00:00:00.02", ["Database:MaxPoolSize"] = "4",
        });
    }

    [SetUp]
    public async Task MakeTenant() => tenant = await Platform.CreateTenant("events");

    [Test]
    public async Task An_event_tells_who_changed_which_fields_of_what()
    {
        var reader = await Reader.UpToDate(Platform, tenant);
        var made = await tenant.Put("/owners/scene/7", new { Title = "Roof" });

        var seen = (await reader.ReadUntil(1)).Single();

        Assert.That($"{seen["type"]}", Is.EqualTo("attachable_owner.insert"));
        Assert.That(($"{seen["entity"]}", $"{seen["operation"]}", $"{seen["actor_kind"]}"), Is.EqualTo(("attachable_owner", "insert", "key")));
        Assert.That($"{seen["request_id"]}", Is.EqualTo(made.Headers.GetValues("X-Request-Id").Single()));
        Assert.That(seen["changed_fields"]!.AsArray().Select(field => $"{field}"), Does.Contain("title").And.Contain("owner_id"));
        Assert.That(seen.ToJsonString(), Does.Not.Contain("Roof"), "values are read where they stand");
        Assert.That((await tenant.Get($"/audit/{seen["id"]}")).Data["changes"]!["title"]!.ToJsonString(), Is.EqualTo("""{"new":"Roof"}"""));
    }

    [Test]
    public async Task A_late_commit_comes_once_and_what_came_before_it_waits_for_it()
    {
        var reader = await Reader.UpToDate(Platform, tenant);
        await using var late = await Writer.Begin(Platform);
        await late.Write(tenant, "late");
        await GivenOwner("early");

        Assert.That(await reader.Read(), Is.Empty, "the transaction with the earlier number is open");
        await late.Commit();

        Assert.That((await reader.ReadUntil(2)).Select(IdOf), Is.EqualTo(await LoggedOf(tenant)));
        Assert.That(await reader.Read(), Is.Empty);
    }

    [Test]
    public async Task Whatever_commits_in_whatever_order_a_reader_gets_each_event_once_and_in_one_order()
    {
        const int Writers = 8, Steps = 60;
        var reader = await Reader.UpToDate(Platform, tenant);
        var seen = new List<JsonNode>();
        using var done = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) seen.AddRange(await reader.Read(limit: 7));
        });

        // Each writer holds up to three transactions at once, and begins, writes, commits and rolls back by chance.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var open = new List<Writer>();
            for (var step = 0; step < Steps; step++)
            {
                if (open.Count < 3 && random.Next(3) == 0) open.Add(await Writer.Begin(Platform));
                if (open.Count == 0) continue;
                var one = open[random.Next(open.Count)];
                if (random.Next(3) > 0)
                {
                    await one.Write(tenant, $"{seed}-{step}");
                    continue;
                }

                if (random.Next(4) == 0) await one.RollBack();
                else await one.Commit();
                await one.DisposeAsync();
                open.Remove(one);
            }

            foreach (var one in open)
            {
                await one.Commit();
                await one.DisposeAsync();
            }
        })));
        var logged = await LoggedOf(tenant);
        Assert.That(logged, Has.Length.GreaterThan(50));
        await Eventually.Is("all are told", () => Task.FromResult(seen.Count >= logged.Length));
        await done.CancelAsync();
        await reading;

        Assert.That(seen.Select(IdOf), Is.EqualTo(logged));
    }

    [Test]
    public async Task Reading_again_from_a_cursor_gives_the_same()
    {
        var begin = await Reader.UpToDate(Platform, tenant);
        for (var i = 0; i < 5; i++) await GivenOwner($"{i}");
        var again = begin.Copy();

        var (once, twice) = (await begin.ReadUntil(5), await again.ReadUntil(5, limit: 2));

        Assert.That(twice.Select(IdOf), Is.EqualTo(once.Select(IdOf)));
    }

    [Test]
    public async Task Without_a_cursor_a_reader_begins_with_the_oldest_that_is_kept()
    {
        await GivenOwner("first");

        var all = await new Reader(tenant, cursor: null).ReadUntil(await Platform.Sql<long>($"select count(*) from change_log where client_id = '{tenant.ClientId}'"));

        Assert.That(all.Select(entry => $"{entry["type"]}"), Is.EqualTo(new[] { "client.insert", "talent_source.insert", "talent_source.insert", "talent_source.insert", "api_key.insert", "attachable_owner.insert" }));
    }

    [Test]
    public async Task Now_is_after_all_that_was_told()
    {
        await GivenOwner("before");
        await Reader.UpToDate(Platform, tenant);
        var reader = new Reader(tenant, "now");
        Assert.That(await reader.Read(), Is.Empty);
        await GivenOwner("after");

        Assert.That((await reader.ReadUntil(1)).Select(IdOf), Is.EqualTo((await LoggedOf(tenant))[1..]));
    }

    [Test]
    public async Task Of_keys_members_and_the_client_only_admins_hear()
    {
        var viewer = await Platform.CreateKey(tenant, Role.Viewer);
        _ = (await tenant.Post("/members", new { Email = $"{Guid.NewGuid():n}@example.com", Role = "viewer" })).Data;
        await GivenOwner("shown");

        var (all, some) = (await new Reader(tenant, cursor: null).ReadUntil(8), await new Reader(viewer, cursor: null).ReadUntil(4));

        Assert.That(all.Select(entry => $"{entry["entity"]}"), Is.EqualTo(new[] { "client", "talent_source", "talent_source", "talent_source", "api_key", "api_key", "member", "attachable_owner" }));
        Assert.That(some.Select(entry => $"{entry["entity"]}"), Is.EqualTo(new[] { "talent_source", "talent_source", "talent_source", "attachable_owner" }));
    }

    [Test]
    public async Task Only_the_types_asked_for_come_and_the_cursor_passes_the_others()
    {
        var reader = await Reader.UpToDate(Platform, tenant);
        for (var i = 0; i < 3; i++) await GivenOwner("same", $"title {i}");
        await GivenOwner("other");
        var every = reader.Copy();

        var made = await reader.ReadUntil(2, types: "attachable_owner.insert,job.*");
        Assert.That(made.Select(entry => $"{entry["type"]}"), Is.All.EqualTo("attachable_owner.insert"));
        Assert.That(await reader.Read(types: "attachable_owner.*"), Is.Empty, "they lie before the cursor");
        Assert.That(await every.ReadUntil(4, types: "attachable_owner.*"), Has.Count.EqualTo(4));
    }

    [TestCase("media_aset.insert", "media_asset.insert")]
    [TestCase("media_asset", null)]
    [TestCase("media_asset.drop", null)]
    [TestCase("*.*", null)]
    public async Task A_type_that_there_is_not_is_named(string type, string? meant)
    {
        var refused = (await tenant.Get($"/events?types={type}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_EVENT_TYPE");

        Assert.That(refused.Text, Does.Contain(type));
        if (meant is not null) Assert.That(refused.Text, Does.Contain($"Did you mean \\\"{meant}\\\"?"));
    }

    [TestCase("limit=0")]
    [TestCase("limit=201")]
    [TestCase("wait=31")]
    [TestCase("wait=-1")]
    public async Task What_is_asked_for_has_its_limits(string query) => (await tenant.Get($"/events?{query}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [TestCase("x")]
    [TestCase("MS4x")]
    [TestCase("MS4xLjEuMQ")]
    [TestCase("MS4tMS4w")]
    [TestCase("MS4xOyBkcm9wIHRhYmxlIGpvYnMuMA")]
    [TestCase("%00")]
    public async Task A_cursor_that_is_none_is_refused(string after) => Assert.That((await tenant.Get($"/events?after={after}")).Status, Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task Anothers_cursor_is_a_place_in_ones_own_events()
    {
        var stranger = await Platform.CreateTenant("other");
        var begin = await Reader.UpToDate(Platform, tenant);
        await GivenOwner("mine");
        _ = (await stranger.Put("/owners/scene/theirs", new { })).Data;

        var seen = await new Reader(stranger, begin.Cursor).ReadUntil(1);

        Assert.That(IdOf(seen.Single()), Is.EqualTo((await LoggedOf(stranger)).Single()));
    }

    [Test]
    public async Task A_cursor_after_which_events_were_forgotten_says_so()
    {
        var mine = await Platform.Start();
        await using var _ = mine;
        var old = (await Reader.UpToDate(mine, mine.Tenant)).Cursor!;
        await mine.Sql<object>("update change_log_forgotten set through = pg_current_xact_id()");
        (await mine.Tenant.Put("/owners/scene/new", new { })).Expect(HttpStatusCode.Created);

        (await mine.Tenant.Get($"/events?after={old}")).ExpectProblem(HttpStatusCode.Gone, "EVENTS_EXPIRED");
        Assert.That((await new Reader(mine.Tenant, cursor: null).ReadUntil(1)).Select(entry => $"{entry["type"]}"), Is.EqualTo(new[] { "attachable_owner.insert" }));
    }

    [Test]
    public async Task Who_waits_is_told_at_once_and_holds_no_connection()
    {
        var readers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Reader.UpToDate(Platform, tenant)));
        var waiting = readers.Select(reader => reader.Read(wait: 30)).ToList();
        await Waiting(10);

        await GivenOwner("awaited"); // by one of four connections
        var told = await Task.WhenAll(waiting);

        var logged = await LoggedOf(tenant);
        Assert.That(told.SelectMany(events => events.Select(IdOf)), Is.EqualTo(Enumerable.Repeat(logged.Single(), 10)));
        await Waiting(0);
    }

    [Test]
    public async Task Who_waits_for_one_type_is_not_woken_by_others()
    {
        var waiting = (await Reader.UpToDate(Platform, tenant)).Read(types: "attachable_owner.update", wait: 30);
        await Waiting(1);
        await GivenOwner("one");
        await GivenOwner("one", "changed");

        Assert.That((await waiting).Select(entry => $"{entry["type"]}"), Is.EqualTo(new[] { "attachable_owner.update" }));
    }

    [Test]
    public async Task A_wait_that_was_for_nothing_ends_with_a_cursor()
    {
        var reader = await Reader.UpToDate(Platform, tenant);

        Assert.That(await reader.Read(wait: 1), Is.Empty);
        await GivenOwner("after");
        Assert.That(await reader.ReadUntil(1), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task There_are_so_many_places_to_wait_for_a_client_and_no_more()
    {
        var reader = await Reader.UpToDate(Platform, tenant);
        var stranger = await Reader.UpToDate(Platform, Platform.Stranger);
        var asked = Enumerable.Range(0, 13).Select(_ => tenant.Get($"/events?after={reader.Cursor}&wait=30")).ToList();

        var refused = await await Task.WhenAny(asked);
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "TOO_MANY_WAITERS");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);

        var others = stranger.Read(wait: 30);
        await Waiting(13);
        await GivenOwner("wakes");
        _ = (await Platform.Stranger.Put("/owners/scene/wakes", new { })).Data;
        Assert.That((await Task.WhenAll(asked)).Count(reply => reply.Status is HttpStatusCode.OK), Is.EqualTo(12));
        Assert.That(await others, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Whose_key_is_revoked_while_it_waits_gets_nothing()
    {
        var created = (await tenant.Post("/api-keys", new { Name = "waits", Role = "editor" })).Data;
        var revoked = new Tenant(Platform, tenant.ClientId, $"{created["secret"]}");
        var reader = (await Reader.UpToDate(Platform, tenant)).Copy(revoked);
        var before = reader.Cursor;
        var waiting = reader.Read(wait: 30);
        await Waiting(1);

        (await tenant.Delete($"/api-keys/{created["key"]!["id"]}")).Expect(HttpStatusCode.OK);
        await GivenOwner("secret");

        Assert.That(await waiting, Is.Empty);
        Assert.That(reader.Cursor, Is.EqualTo(before));
    }

    [Test]
    public async Task Who_may_not_be_told_any_more_waits_no_longer([Values("key revoked", "key expired", "permission taken", "role lowered", "client trashed")] string how)
    {
        var created = (await tenant.Post("/api-keys", new { Name = "waits", Role = "editor" })).Data;
        var key = new Tenant(Platform, tenant.ClientId, $"{created["secret"]}");
        var email = $"{Guid.NewGuid():n}@example.com";
        var member = (await tenant.Post("/members", new { Email = email, Role = "editor" })).Expect(HttpStatusCode.Created).Id;
        var person = Tenant.By(Platform, issuer.IdToken("subject-" + email, email));
        (await person.Get("/clients")).Expect(HttpStatusCode.OK);
        var reader = (await Reader.UpToDate(Platform, tenant)).Copy(how is "permission taken" or "role lowered" ? person : key);
        var (before, started) = (reader.Cursor, Stopwatch.GetTimestamp());
        var waiting = reader.Read(wait: 30);
        await Waiting(1);

        if (how is "key revoked") (await tenant.Delete($"/api-keys/{created["key"]!["id"]}")).Expect(HttpStatusCode.OK);
        if (how is "key expired") await Platform.Sql<object>($"update api_keys set expires_at = now() where id = '{created["key"]!["id"]}'");
        if (how is "permission taken") (await tenant.Patch($"/members/{member}", new { Permissions = new Dictionary<string, string> { ["events"] = "none" } })).Expect(HttpStatusCode.OK);
        if (how is "role lowered") (await tenant.Patch($"/members/{member}", new { Role = "viewer" })).Expect(HttpStatusCode.OK);
        if (how is "client trashed") (await tenant.Delete($"/clients/{tenant.ClientId}")).Expect(HttpStatusCode.OK);

        Assert.That(await waiting, Is.Empty);
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(20)), "the wait was for 30");
        Assert.That(reader.Cursor, Is.EqualTo(before));
    }

    [Test]
    public async Task A_process_that_stops_lets_its_waiters_go()
    {
        var mine = await Platform.Start();
        await using var _ = mine;
        var waiting = (await Reader.UpToDate(mine, mine.Tenant)).Read(wait: 30);
        await Eventually.Is("it waits", () => Task.FromResult(mine.ApiServices.GetRequiredService<EventWaiters>().Waiting == 1));

        await mine.StopApi();

        Assert.That(await waiting, Is.Empty);
    }

    private Task Waiting(int count) => Eventually.Is($"{count} wait", () => Task.FromResult(Platform.ApiServices.GetRequiredService<EventWaiters>().Waiting == count));

    private async Task GivenOwner(string id, string title = "") => _ = (await tenant.Put($"/owners/scene/{id}", new { Title = title })).Data;

    private static Guid IdOf(JsonNode entry) => entry["id"]!.GetValue<Guid>();

    /// <summary>The owners' changes as they lie in the log, in the order of the feed.</summary>
    private async Task<Guid[]> LoggedOf(Tenant of) => await Platform.Sql<Guid[]>(
        $"""
        select coalesce(array_agg(lpad(to_hex(id), 32, '0')::uuid order by transaction_id, id), array[]::uuid[])
        from change_log where client_id = '{of.ClientId}' and entity = 'attachable_owner'
        """) ?? [];

    /// <summary>A consumer that keeps its cursor.</summary>
    private sealed class Reader(Tenant tenant, string? cursor)
    {
        public string? Cursor { get; private set; } = cursor;

        /// <summary>One that has been told all that there is.</summary>
        public static async Task<Reader> UpToDate(Platform platform, Tenant tenant)
        {
            var reader = new Reader(tenant, cursor: null);
            await reader.ReadUntil(await platform.Sql<long>($"select count(*) from change_log where client_id = '{tenant.ClientId}'"));
            return reader;
        }

        public Reader Copy(Tenant? by = null) => new(by ?? tenant, Cursor);

        public async Task<IReadOnlyList<JsonNode>> Read(int limit = 200, string? types = null, int wait = 0)
        {
            var reply = (await tenant.Get($"/events?limit={limit}&wait={wait}{(Cursor is null ? "" : $"&after={Cursor}")}{(types is null ? "" : $"&types={types}")}")).Expect(HttpStatusCode.OK);
            Cursor = $"{reply.Json["metadata"]!["page"]!["next_cursor"]}";
            return [.. reply.Data.AsArray().Select(entry => entry!)];
        }

        public async Task<List<JsonNode>> ReadUntil(long count, int limit = 200, string? types = null)
        {
            var seen = new List<JsonNode>();
            await Eventually.Is($"{count} events are told", async () =>
            {
                seen.AddRange(await Read(limit, types));
                return seen.Count >= count;
            });
            return seen;
        }
    }

    /// <summary>A transaction that the test holds open.</summary>
    private sealed class Writer(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public static async Task<Writer> Begin(Platform platform)
        {
            var connection = new NpgsqlConnection(platform.Database);
            await connection.OpenAsync();
            return new Writer(connection, await connection.BeginTransactionAsync());
        }

        public async Task Write(Tenant tenant, string owner)
        {
            await using var command = new NpgsqlCommand(
                $"""
                insert into attachable_owners (client_id, owner_type, owner_id, id, created_at, created_by_kind, updated_at)
                values ('{tenant.ClientId}', 'scene', '{owner}', gen_random_uuid(), now(), 'system', now())
                """,
                connection,
                transaction);
            await command.ExecuteNonQueryAsync();
        }

        public Task Commit() => transaction.CommitAsync();

        public Task RollBack() => transaction.RollbackAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
