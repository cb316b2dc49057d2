using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>Guests as real people: what they have agreed to is kept, and what the law takes back goes.</summary>
internal sealed class KeepingGuestsTests : PlatformFixture
{
    private static readonly string[] NeedConsent = ["business_name", "business_email", "business_phone", "website", "bio_url", "notes"];

    private static int numbers;

    [Test]
    public async Task Without_consent_a_guest_has_a_name_a_role_and_outfits_and_all_else_is_refused_by_its_field()
    {
        var outfit = (await Owner.Post("/outfits", new { Name = "For the show" })).Expect(HttpStatusCode.Created).Id;
        var everything = new
        {
            Name = "Sarah Johnson", BusinessName = "Johnson Styling", BusinessEmail = "sarah@example.com", BusinessPhone = "+1 (555) 010-77", Website = "https://example.com", BioUrl = "https://example.com/bio",
            Role = "Celebrity Stylist", Notes = "Likes tea", OutfitRefs = new[] { outfit },
        };
        var refused = (await Owner.Post("/guests", everything)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_WITHOUT_CONSENT");
        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EqualTo(NeedConsent));

        var guest = (await Owner.Post("/guests", new { everything.Name, everything.Role, everything.OutfitRefs })).Expect(HttpStatusCode.Created);
        (await Owner.Patch($"/guests/{guest.Id}", new { everything.BusinessPhone })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_WITHOUT_CONSENT");
        (await Owner.Post($"/guests/{guest.Id}/sessions")).ExpectProblem(HttpStatusCode.Locked, "GUEST_WITHOUT_CONSENT");

        (await Owner.Post($"/guests/{guest.Id}/consent", new { NoticeVersion = "", ConsentedAt = DateTimeOffset.UtcNow.AddDays(1) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        var consented = (await Owner.Post($"/guests/{guest.Id}/consent", new { NoticeVersion = "2026-01", ConsentedAt = "2026-01-05T09:00:00Z" })).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{consented["consent_notice_version"]} {consented["consented_at"]}", Is.EqualTo("2026-01 2026-01-05T09:00:00Z"));
        Assert.That((await Owner.Post($"/guests/{guest.Id}/consent", new { NoticeVersion = "2026-01" })).Expect(HttpStatusCode.OK).Data["consented_at"]!.GetValue<string>(), Is.EqualTo("2026-01-05T09:00:00Z"), "said again");
        var written = (await Owner.Put($"/guests/{guest.Id}", everything)).Expect(HttpStatusCode.OK);
        foreach (var field in NeedConsent) Assert.That(written.Data[field], Is.Not.Null, field);
        var again = (await Owner.Put($"/guests/{guest.Id}", written.Data)).Expect(HttpStatusCode.OK);
        Assert.That(again.Data["version"]!.GetValue<int>(), Is.EqualTo(written.Data["version"]!.GetValue<int>()), "the same, sealed once more, is the same");
    }

    [Test]
    public async Task The_outfits_of_a_guest_are_of_the_catalogue_and_stay_when_they_go_from_there()
    {
        var (outfit, gone) = ((await Owner.Post("/outfits", new { Name = "Stays" })).Id, (await Owner.Post("/outfits", new { Name = "Goes" })).Id);
        var (foreign, unknown) = ((await Platform.Stranger.Post("/outfits", new { Name = "Another client's" })).Id, Guid.NewGuid());
        var guest = (await Owner.Post("/guests", new { Name = "Well dressed", OutfitRefs = new[] { outfit, gone } })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Delete($"/outfits/{gone}")).Expect(HttpStatusCode.OK);

        var refused = (await Owner.Post("/guests", new { Name = "Badly dressed", OutfitRefs = new[] { outfit, foreign, unknown, gone } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OUTFIT_NOT_FOUND");

        Assert.That(refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EqualTo(new[] { "outfit_refs[1]", "outfit_refs[2]", "outfit_refs[3]" }));
        Assert.That((await Owner.Patch($"/guests/{guest}", new { Role = "Model" })).Expect(HttpStatusCode.OK).Data["outfit_refs"]!.AsArray(), Has.Count.EqualTo(2));
        (await Owner.Patch($"/guests/{guest}", new { OutfitRefs = new[] { gone, foreign } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OUTFIT_NOT_FOUND");
    }

    [Test]
    public async Task How_to_reach_a_guest_is_encrypted_where_it_lies_and_for_editors()
    {
        var (guest, email, phone) = (await AConsentedGuest("Reachable"), $"who{Interlocked.Increment(ref numbers)}@secret.example", $"+49 555 {Interlocked.Increment(ref numbers):000000}");
        var key = Guid.NewGuid().ToString();
        (await Owner.Patch($"/guests/{guest}", new { BusinessEmail = email, BusinessPhone = phone })).Expect(HttpStatusCode.OK);
        var (viewer, editor) = (await Platform.CreateKey(Owner, Role.Viewer), await Platform.CreateKey(Owner, Role.Editor));

        var read = (await editor.Get($"/guests/{guest}")).Expect(HttpStatusCode.OK);
        Assert.That($"{read.Data["business_email"]}, {read.Data["business_phone"]}", Is.EqualTo($"{email}, {phone}"));
        Assert.That(read.Headers.CacheControl!.NoStore, Is.True);
        Assert.That((await editor.Get($"/guests?id={guest}")).Data[0]!["business_email"]!.GetValue<string>(), Is.EqualTo(email));
        foreach (var path in new[] { $"/guests/{guest}", $"/guests?id={guest}" })
        {
            var hidden = (await viewer.Get(path)).Expect(HttpStatusCode.OK);
            Assert.That(hidden.Text, Does.Not.Contain(email).And.Not.Contains(phone));
        }

        (await editor.Get($"/guests?business_email={email}")).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        Assert.That((await editor.Get($"/guests?q={email}")).Data.AsArray(), Is.Empty);
        var export = (await editor.Get("/guests/export?format=csv")).Expect(HttpStatusCode.OK).Text;
        Assert.That(export, Does.Contain("Reachable").And.Not.Contains("business_email").And.Not.Contains("@secret"));

        (await editor.Patch($"/guests/{guest}", new { BusinessEmail = "b" + email }, ("Idempotency-Key", key))).Expect(HttpStatusCode.OK);
        (await editor.Post($"/guests/{guest}/consent", new { NoticeVersion = "2" }, ("Idempotency-Key", key))).Expect(HttpStatusCode.OK);
        foreach (var table in new[] { "guests", "change_log", "idempotency_keys" })
            Assert.That(await Platform.Sql<long>($"select count(*) from {table} t where to_jsonb(t)::text like '%secret.example%' or convert_from(decode(coalesce(substr(to_jsonb(t) ->> 'body', 3), ''), 'hex'), 'UTF8') like '%secret.example%'"), Is.Zero, table);
        Assert.That(await Platform.Sql<string>($"select business_email from guests where id = '{guest}'"), Does.StartWith("test:"));
        Assert.That(Platform.Logs.Any(line => line.Contains("secret.example", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public async Task The_change_log_says_that_a_guest_changed_and_not_who_it_is()
    {
        var name = $"Nobody Knows {Guid.NewGuid():n}";
        var guest = await AConsentedGuest(name);
        (await Owner.Patch($"/guests/{guest}", new { Notes = name, CustomFields = new { Of = name } })).Expect(HttpStatusCode.OK);
        var clip = (await Owner.Post("/clips", new { TalentSource = $"Guest - {name}" })).Expect(HttpStatusCode.Created).Id;
        await Owner.Delete($"/clips/{clip}?purge=true");
        await Owner.Delete($"/guests/{guest}?purge=true");

        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity_id in ('{guest}', '{clip}') and changes::text like '%{name}%'"), Is.Zero);
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity_id in ('{guest}', '{clip}') and changes::text like '%redacted%'"), Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public async Task A_consent_taken_back_takes_along_what_it_allowed_and_ends_the_sessions()
    {
        var guest = await AConsentedGuest("Fickle");
        (await Owner.Patch($"/guests/{guest}", new { BusinessEmail = "f@example.com", Website = "https://f.example", Notes = "x", Role = "Chef" })).Expect(HttpStatusCode.OK);
        var session = (await Owner.Post($"/guests/{guest}/sessions")).Expect(HttpStatusCode.Created).Data["session"]!["id"];

        var withdrawn = (await Owner.Post($"/guests/{guest}/withdraw-consent")).Expect(HttpStatusCode.OK).Data;
        foreach (var field in NeedConsent) Assert.That(withdrawn[field], Is.Null, field);
        Assert.That($"{withdrawn["name"]} {withdrawn["role"]}", Is.EqualTo("Fickle Chef"));
        Assert.That(withdrawn["consent_withdrawn_at"], Is.Not.Null);
        Assert.That((await Owner.Get($"/guests/{guest}/sessions/{session}")).Data["revoked_at"], Is.Not.Null);
        (await Owner.Post($"/guests/{guest}/withdraw-consent")).ExpectProblem(HttpStatusCode.Locked, "GUEST_WITHOUT_CONSENT");
        (await Owner.Patch($"/guests/{guest}", new { Notes = "x" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_WITHOUT_CONSENT");
        var past = await Assert.ThrowsAsync<PostgresException>(() => Platform.Sql<object>($"update guests set notes = 'past the rules' where id = '{guest}'"));
        Assert.That(past!.ConstraintName, Is.EqualTo("guests_consent"));
        (await Owner.Post($"/guests/{guest}/consent", new { NoticeVersion = "3" })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/guests/{guest}", new { Notes = "x" })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task What_waits_for_a_withdrawal_is_refused_after_it()
    {
        var guest = await AConsentedGuest("Racing");
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var withdraw = new NpgsqlCommand($"update guests set consent_withdrawn_at = now() where id = '{guest}'", rival, transaction)) await withdraw.ExecuteNonQueryAsync();

        var (late, session) = (Owner.Patch($"/guests/{guest}", new { BusinessEmail = "late@example.com" }), Owner.Post($"/guests/{guest}/sessions"));
        await Eventually.Is("both wait", async () =>
            await Platform.Sql<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from guests%'") >= 2);
        await transaction.CommitAsync();

        (await late).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_WITHOUT_CONSENT");
        (await session).ExpectProblem(HttpStatusCode.Locked, "GUEST_WITHOUT_CONSENT");
    }

    [Test]
    public async Task A_clip_that_names_a_guest_waits_for_its_erasure_and_an_erasure_for_the_clip()
    {
        var name = $"Vanishing {Guid.NewGuid():n}";
        var guest = (await Owner.Post("/guests", new { Name = name })).Id;
        await using var rival = new NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();

        await using (var writing = await rival.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand($"select id from guests where id = '{guest}' for share", rival, writing)) await hold.ExecuteScalarAsync(); // as whoever writes a clip of the guest
            var erasure = Owner.Post($"/guests/{guest}/erase", new { });
            await Eventually.Is("the erasure waits", async () => await Waiting("for update") > 0);
            await using (var clip = new NpgsqlCommand(
                $"""
                insert into clips (client_id, id, talent_source, guest_name, guest_id, clip_type, status, created_at, created_by_kind, updated_at)
                values ('{Owner.ClientId}', gen_random_uuid(), 'Guest', '{name}', '{guest}', 'raw', 'approved', now(), 'key', now())
                """, rival, writing)) await clip.ExecuteNonQueryAsync();
            await writing.CommitAsync();
            Assert.That((await erasure).Expect(HttpStatusCode.OK).Data["taken"]!["clips"]!.GetValue<int>(), Is.EqualTo(1));
        }

        var other = (await Owner.Post("/guests", new { Name = name })).Id;
        await using var erasing = await rival.BeginTransactionAsync();
        await using (var erase = new NpgsqlCommand($"update guests set name = 'Erased guest', erased_at = now() where id = '{other}'", rival, erasing)) await erase.ExecuteNonQueryAsync();
        var late = Owner.Post("/clips", new { TalentSource = $"Guest - {name}" });
        await Eventually.Is("the clip waits", async () => await Waiting("insert into clips") > 0);
        await erasing.CommitAsync();
        Assert.That((await late).Expect(HttpStatusCode.Created).Data["guest_id"], Is.Null);

        async Task<long> Waiting(string query) =>
            await Platform.Sql<long>($"select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%{query}%' and query not like '%pg_stat_activity%'");
    }

    [Test]
    public async Task A_clip_that_names_a_guest_is_linked_with_the_one_of_that_name_and_with_none_of_two()
    {
        var name = $"Zoe\u0301 {Guid.NewGuid():n}";
        var composed = name.Replace("e\u0301", "\u00e9", StringComparison.Ordinal);
        var zoe = (await Owner.Post("/guests", new { Name = name })).Expect(HttpStatusCode.Created).Id;
        var theirs = (await Platform.Stranger.Post("/guests", new { Name = $"Theirs {zoe}" })).Id;

        var linked = (await Owner.Post("/clips", new { TalentSource = $"Guest - {composed.ToUpperInvariant().Replace("\u00c9", "\u00e9", StringComparison.Ordinal)}" })).Expect(HttpStatusCode.Created);
        Assert.That(linked.Data["guest_id"]!.GetValue<Guid>(), Is.EqualTo(zoe));
        Assert.That(linked.Data["guest_name"]!.GetValue<string>(), Does.StartWith("ZO"), "as it was written");
        Assert.That((await Owner.Get($"/clips?guest_id={zoe}")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Owner.Post("/clips", new { TalentSource = $"Guest - Theirs {zoe}" })).Expect(HttpStatusCode.Created).Data["guest_id"], Is.Null);
        (await Owner.Post("/clips", new { TalentSource = "Guest", GuestId = theirs })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_NOT_FOUND");
        (await Owner.Post("/clips", new { TalentSource = "Lala", GuestId = zoe })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "GUEST_NAME_WITHOUT_GUEST");
        Assert.That((await Owner.Post("/clips", new { TalentSource = "Guest", GuestName = "Z.", GuestId = zoe })).Expect(HttpStatusCode.Created).Data["guest_name"]!.GetValue<string>(), Is.EqualTo("Z."));

        var put = (await Owner.Put($"/clips/{linked.Id}", linked.Data)).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{put["version"]} {put["guest_id"]}", Is.EqualTo($"1 {zoe}"));
        var renamed = (await Owner.Patch($"/clips/{linked.Id}", new { TalentSource = "Guest - Somebody Else" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(renamed["guest_id"], Is.Null, "the link was the other name's");
        Assert.That((await Owner.Patch($"/clips/{linked.Id}", new { GuestName = name })).Expect(HttpStatusCode.OK).Data["guest_id"]!.GetValue<Guid>(), Is.EqualTo(zoe));
        var lala = (await Owner.Patch($"/clips/{linked.Id}", new JsonObject { ["talent_source"] = "Lala", ["guest_name"] = null })).Expect(HttpStatusCode.OK).Data;
        Assert.That(lala["guest_id"], Is.Null);

        var twin = (await Owner.Post("/guests", new { Name = composed })).Expect(HttpStatusCode.Created);
        var warning = twin.Json["metadata"]!["warnings"]![0]!;
        Assert.That($"{warning["code"]} {warning["related_ids"]![0]}", Is.EqualTo($"DUPLICATE_GUEST {zoe}"));
        Assert.That((await Owner.Post("/clips", new { TalentSource = $"Guest - {composed}" })).Expect(HttpStatusCode.Created).Data["guest_id"], Is.Null, "nobody can say which of two");
        await Owner.Delete($"/guests/{twin.Id}");
        var one = (await Owner.Post("/clips", new { TalentSource = $"Guest - {composed}" })).Expect(HttpStatusCode.Created);
        Assert.That(one.Data["guest_id"]!.GetValue<Guid>(), Is.EqualTo(zoe));
        await Owner.Delete($"/guests/{zoe}?purge=true");
        Assert.That((await Owner.Get($"/clips/{one.Id}")).Data["guest_id"], Is.Null);
    }

    [Test]
    public async Task Guests_are_linked_with_episodes_each_once_with_a_role_there()
    {
        var episode = (await Owner.Post("/episodes", new { Title = "With guests" })).Id;
        var (sarah, mo) = (await AConsentedGuest("Sarah Linked"), (await Owner.Post("/guests", new { Name = "Mo Linked", Role = "Chef" })).Id);
        (await Owner.Patch($"/guests/{sarah}", new { BioUrl = "https://example.com/sarah" })).Expect(HttpStatusCode.OK);

        (await Owner.Put($"/episodes/{episode}/guests/{sarah}", new { Role = "Celebrity Stylist" })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/episodes/{episode}/guests/{mo}", new { })).Expect(HttpStatusCode.Created);
        var same = (await Owner.Put($"/episodes/{episode}/guests/{sarah}", new { Role = "Celebrity Stylist" })).Expect(HttpStatusCode.OK);
        var changed = (await Owner.Put($"/episodes/{episode}/guests/{sarah}", new { Role = "Host" }, ("If-Match", same.Headers.ETag!.Tag))).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{same.Data["version"]} {changed["version"]} {changed["role"]} {changed["bio_url"]}", Is.EqualTo("1 2 Host https://example.com/sarah"));
        (await Owner.Put($"/episodes/{episode}/guests/{sarah}", new { Role = "x" }, ("If-Match", same.Headers.ETag!.Tag))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That(await Linked(), Is.EqualTo(new[] { "Sarah Linked as Host", "Mo Linked as Chef" }));

        var stranger = (await Platform.Stranger.Post("/guests", new { Name = "Theirs" })).Id;
        (await Owner.Put($"/episodes/{episode}/guests/{stranger}", new { })).ExpectProblem(HttpStatusCode.NotFound, "GUEST_NOT_FOUND");
        (await Platform.Stranger.Put($"/episodes/{episode}/guests/{stranger}", new { })).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_NOT_FOUND");
        (await Owner.Put($"/episodes/{episode}/guests/{mo}", new { Role = new string('r', 301) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        await Owner.Delete($"/guests/{mo}");
        Assert.That(await Linked(), Is.EqualTo(new[] { "Sarah Linked as Host" }));
        (await Owner.Put($"/episodes/{episode}/guests/{mo}", new { })).ExpectProblem(HttpStatusCode.NotFound, "GUEST_NOT_FOUND");
        (await Owner.Post($"/guests/{mo}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Linked(), Has.Length.EqualTo(2));
        (await Owner.Delete($"/episodes/{episode}/guests/{sarah}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/episodes/{episode}/guests/{sarah}")).ExpectProblem(HttpStatusCode.NotFound, "EPISODE_GUEST_NOT_FOUND");
        (await Owner.Get($"/guests/{sarah}")).Expect(HttpStatusCode.OK);
        await Owner.Delete($"/episodes/{episode}");
        (await Owner.Get($"/episodes/{episode}/guests")).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");

        async Task<string[]> Linked() => [.. (await Owner.Get($"/episodes/{episode}/guests")).Data.AsArray().Select(link => $"{link!["name"]} as {link["role"]}")];
    }

    [Test]
    public async Task A_guest_becomes_a_member_once_and_everything_goes_on_to_point_to_it()
    {
        var guest = await AConsentedGuest($"Joining {Guid.NewGuid():n}");
        var name = (await Owner.Get($"/guests/{guest}")).Data["name"]!.GetValue<string>();
        var clip = (await Owner.Post("/clips", new { TalentSource = $"Guest - {name}" })).Id;
        var session = (await Owner.Post($"/guests/{guest}/sessions")).Data["session"]!["id"];
        var member = (await Owner.Post("/members", new { Email = "joining@example.com", Role = "viewer" })).Expect(HttpStatusCode.Created).Data;
        var theirs = (await Platform.Stranger.Post("/members", new { Email = "theirs@example.com", Role = "viewer" })).Expect(HttpStatusCode.Created).Data;

        (await Owner.Post($"/guests/{guest}/convert", new { })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/guests/{guest}/convert", new { Email = "nobody@example.com" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "USER_IS_NO_MEMBER");
        (await Owner.Post($"/guests/{guest}/convert", new { Email = "theirs@example.com" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "USER_IS_NO_MEMBER");
        (await Owner.Post($"/guests/{guest}/convert", new { UserId = theirs["user_id"]!.GetValue<Guid>() })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "USER_IS_NO_MEMBER");
        (await (await Platform.CreateKey(Owner, Role.Editor)).Post($"/guests/{guest}/convert", new { Email = "joining@example.com" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");

        var converted = (await Owner.Post($"/guests/{guest}/convert", new { Email = "Joining@example.com" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(converted["user_id"]!.GetValue<Guid>(), Is.EqualTo(member["user_id"]!.GetValue<Guid>()));
        Assert.That((await Owner.Get($"/clips/{clip}")).Data["guest_id"]!.GetValue<Guid>(), Is.EqualTo(guest));
        Assert.That((await Owner.Get($"/guests/{guest}/sessions/{session}")).Data["revoked_at"], Is.Not.Null);
        (await Owner.Post($"/guests/{guest}/convert", new { UserId = member["user_id"]!.GetValue<Guid>() })).ExpectProblem(HttpStatusCode.Locked, "GUEST_CONVERTED");
        (await Owner.Post($"/guests/{guest}/sessions")).ExpectProblem(HttpStatusCode.Locked, "GUEST_CONVERTED");
        (await Owner.Delete($"/members/{member["id"]}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/guests/{guest}")).Data["user_id"], Is.Null, "nobody any more");
    }

    [Test]
    public async Task Neither_a_withdrawal_nor_an_erasure_is_held_to_fields_that_the_client_asks_for()
    {
        var tenant = await Platform.CreateTenant($"guests-{Guid.NewGuid():n}"[..30]);
        var guest = (await tenant.Post("/guests", new { Name = "Ann Early" })).Expect(HttpStatusCode.Created).Id;
        (await tenant.Post($"/guests/{guest}/consent", new { NoticeVersion = "1" })).Expect(HttpStatusCode.OK);
        (await tenant.Post("/field-definitions", new { Entity = "guests", Name = "allergies", Type = "text", Purpose = "What a guest cannot eat", Required = true })).Expect(HttpStatusCode.Created);
        (await tenant.Patch($"/guests/{guest}", new { Role = "Chef" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "CUSTOM_FIELD_REQUIRED");

        (await tenant.Post($"/guests/{guest}/withdraw-consent")).Expect(HttpStatusCode.OK);
        (await tenant.Post($"/guests/{guest}/erase", new { })).Expect(HttpStatusCode.OK);
        Assert.That((await tenant.Get($"/guests/{guest}")).Data["name"]!.GetValue<string>(), Is.EqualTo("Erased guest"));
    }

    [Test]
    public async Task A_guest_who_is_purged_is_told_nowhere_else()
    {
        var name = $"Purged {Guid.NewGuid():n}";
        var guest = await AConsentedGuest(name);
        var episode = (await Owner.Post("/episodes", new { Title = "Introduces", GuestInfo = new { Name = name } })).Id;
        await Owner.Put($"/episodes/{episode}/guests/{guest}", new { Role = "Chef" });
        var clip = (await Owner.Post("/clips", new { TalentSource = $"Guest - {name}" })).Expect(HttpStatusCode.Created).Id;

        var purged = (await Owner.Delete($"/guests/{guest}?purge=true")).Expect(HttpStatusCode.OK).Data;

        Assert.That((purged["clips"]!.GetValue<int>(), purged["guest_info"]!.GetValue<int>()), Is.EqualTo((1, 1)));
        Assert.That((await Owner.Get($"/clips/{clip}")).Data["guest_name"]!.GetValue<string>(), Is.EqualTo("Erased guest"));
        foreach (var table in new[] { "clips", "episodes", "change_log" })
            Assert.That(await Platform.Sql<long>($"select count(*) from {table} t where lower(to_jsonb(t)::text) like '%{name.ToLowerInvariant()}%'"), Is.Zero, table);
    }

    [Test]
    public async Task An_erased_guest_is_nowhere_told_and_a_receipt_says_that_it_was()
    {
        var name = $"Anna Erased {Guid.NewGuid():n}";
        var episode = (await Owner.Post("/episodes", new { Title = "With a guest", GuestInfo = new { Name = name, Role = "Chef", BioUrl = "https://a.example/b" } })).Id;
        var early = (await Owner.Post("/clips", new { TalentSource = $"Guest - {name}", Notes = "before the record" })).Id; // linked with nobody
        var guest = await AConsentedGuest(name);
        var outfit = (await Owner.Post("/outfits", new { Name = "For a guest" })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Put($"/guests/{guest}", new { Name = name, BusinessName = name, BusinessEmail = "anna@example.com", BusinessPhone = "1", Website = "https://a.example", BioUrl = "https://a.example/b", Notes = name, Role = "Chef", ExternalId = name, Tags = new[] { "anna" }, CustomFields = new { Of = name }, OutfitRefs = new[] { outfit } })).Expect(HttpStatusCode.OK);
        await Owner.Put($"/episodes/{episode}/guests/{guest}", new { Role = "Anna's role" });
        var linked = (await Owner.Post("/clips", new { TalentSource = $"Guest - {name.ToUpperInvariant()}" })).Id;
        await Owner.Post($"/guests/{guest}/sessions");
        await Owner.Post("/outfits", new { Name = "Hers", WornBy = name });
        var editor = await Platform.CreateKey(Owner, Role.Editor);
        (await editor.Post($"/guests/{guest}/erase", new { })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Platform.Stranger.Post($"/guests/{guest}/erase", new { })).ExpectProblem(HttpStatusCode.NotFound, "GUEST_NOT_FOUND");
        await Owner.Delete($"/guests/{guest}"); // erased in the trash as well

        var erased = (await Owner.Post($"/guests/{guest}/erase", new { Reason = "Case 17" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(erased["taken"]!.ToJsonString(), Is.EqualTo("""{"clips":2,"episodes":1,"sessions":1,"outfits":1,"guest_info":1}"""));
        var receipt = (await Owner.Get($"/purge-receipts/{erased["receipt_id"]}")).Expect(HttpStatusCode.OK).Data;
        Assert.That($"{receipt["entity"]} {receipt["entity_id"]} {receipt["reason"]}", Is.EqualTo($"guest {guest} Case 17"));
        (await Owner.Post($"/guests/{guest}/restore")).Expect(HttpStatusCode.OK);
        var left = (await Owner.Get($"/guests/{guest}")).Data;
        Assert.That(left["name"]!.GetValue<string>(), Is.EqualTo("Erased guest"));
        foreach (var field in NeedConsent.Append("role").Append("external_id").Append("user_id")) Assert.That(left[field], Is.Null, field);
        Assert.That($"{left["tags"]!.ToJsonString()} {left["custom_fields"]!.ToJsonString()} {left["outfit_refs"]!.ToJsonString()}", Is.EqualTo("[] {} []"));
        foreach (var clip in new[] { early, linked })
        {
            var shown = (await Owner.Get($"/clips/{clip}")).Data;
            Assert.That($"{shown["guest_name"]} {shown["guest_id"]}", Is.EqualTo($"Erased guest {guest}"), "what points to it does so still");
        }

        foreach (var table in new[] { "guests", "clips", "outfits", "episode_outfits", "episodes", "episode_guests", "guest_sessions", "change_log", "purge_receipts" })
            Assert.That(await Platform.Sql<long>($"select count(*) from {table} t where lower(to_jsonb(t)::text) like '%{name.ToLowerInvariant()}%'"), Is.Zero, table);
        (await Owner.Post($"/guests/{guest}/erase", new { })).ExpectProblem(HttpStatusCode.Locked, "GUEST_ERASED");
        (await Owner.Patch($"/guests/{guest}", new { Name = name })).ExpectProblem(HttpStatusCode.Locked, "GUEST_ERASED");
        (await Owner.Post($"/guests/{guest}/consent", new { NoticeVersion = "1" })).ExpectProblem(HttpStatusCode.Locked, "GUEST_ERASED");
        Assert.That((await Owner.Post("/clips", new { TalentSource = "Guest - Erased guest" })).Expect(HttpStatusCode.Created).Data["guest_id"], Is.Null);
    }

    [Test]
    public async Task An_erasure_leaves_clips_that_may_be_of_another_guest_of_the_same_name()
    {
        var name = $"Twin {Guid.NewGuid():n}";
        var (first, second) = ((await Owner.Post("/guests", new { Name = name })).Id, (await Owner.Post("/guests", new { Name = name })).Id);
        var (either, others) = ((await Owner.Post("/clips", new { TalentSource = $"Guest - {name}" })).Id, (await Owner.Post("/clips", new { TalentSource = "Guest", GuestName = name, GuestId = second })).Id);
        var theirs = (await Platform.Stranger.Post("/clips", new { TalentSource = $"Guest - {name}" })).Id;

        Assert.That((await Owner.Post($"/guests/{first}/erase", new { })).Data["taken"]!["clips"]!.GetValue<int>(), Is.Zero);
        foreach (var clip in new[] { either, others }) Assert.That((await Owner.Get($"/clips/{clip}")).Data["guest_name"]!.GetValue<string>(), Is.EqualTo(name));
        Assert.That((await Platform.Stranger.Get($"/clips/{theirs}")).Data["guest_name"]!.GetValue<string>(), Is.EqualTo(name));
    }

    [Test]
    public async Task What_is_wrong_is_said_at_once_with_its_fields()
    {
        var refused = (await Owner.Post("/guests", new { Name = "", BusinessEmail = "no address", BusinessPhone = "call me", Website = "ftp://x", BioUrl = "x", Role = new string('r', 301) }))
            .ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(
            refused.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "name", "business_email", "business_phone", "website", "bio_url", "role" }));
    }

    private async Task<Guid> AConsentedGuest(string name)
    {
        var guest = (await Owner.Post("/guests", new { Name = name })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Post($"/guests/{guest}/consent", new { NoticeVersion = "1" })).Expect(HttpStatusCode.OK);
        return guest;
    }
}
