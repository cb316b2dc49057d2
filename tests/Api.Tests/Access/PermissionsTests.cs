using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

/// <summary>Roles that are another on one kind of entity, and who may give them.</summary>
internal sealed class PermissionsTests : PlatformFixture
{
    private Issuer issuer = null!;

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        return await Platform.Start(overrides: issuer.Settings());
    }

    [Test]
    public async Task A_permission_narrows_and_widens_the_role_on_its_entity_alone()
    {
        var (person, member) = await AMember("viewer", new() { ["owners"] = "editor", ["jobs"] = "none" });

        Assert.That(member.Data["permissions"]!.ToJsonString(), Is.EqualTo("""{"jobs":"none","owners":"editor"}"""));
        (await person.Put($"/owners/scene/{Guid.NewGuid()}", new { })).Expect(HttpStatusCode.Created);
        (await person.Get("/jobs")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await person.Get("/media")).Expect(HttpStatusCode.OK);
        (await person.Delete($"/media/{Guid.NewGuid()}")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Test]
    public async Task What_looks_at_the_role_inside_looks_at_the_one_on_the_entity()
    {
        var (person, _) = await AMember("viewer", new() { ["media"] = "admin" });
        var (other, _) = await AMember("admin", new() { ["media"] = "editor" });

        (await person.Get("/media?include_deleted=true")).Expect(HttpStatusCode.OK);
        (await other.Get("/media?include_deleted=true")).Expect(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task What_looks_at_several_kinds_asks_for_the_right_on_each()
    {
        var (person, _) = await AMember("viewer", new() { ["media"] = "none" });
        var (viewer, _) = await AMember("viewer", new() { ["jobs"] = "none" });
        var asset = (await Owner.Upload(Samples.Jpeg(7001))).Id;
        await Owner.Put("/owners/scene/permitted", new { });
        await Owner.Post($"/media/{asset}/attach", new { OwnerType = "scene", OwnerId = "permitted", Role = "cover" });

        (await person.Get($"/media/{asset}/variants/thumb")).Expect(HttpStatusCode.Unauthorized);
        (await viewer.Get($"/media/{asset}/variants/thumb")).ExpectProblem(HttpStatusCode.NotFound, "VARIANT_NOT_FOUND");
        (await person.Get("/owners/scene/permitted/media")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        Assert.That((await viewer.Get("/owners/scene/permitted/media")).Data["media"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Clips_of_an_episode_are_asked_for_by_the_right_on_clips()
    {
        var episode = (await Owner.Post("/episodes", new { Title = "With clips" })).Expect(HttpStatusCode.Created).Id;
        var clip = (await Owner.Post($"/episodes/{episode}/clips", new { Notes = "of it" })).Expect(HttpStatusCode.Created).Id;
        var (blind, _) = await AMember("editor", new() { ["clips"] = "none" });
        var (reader, _) = await AMember("editor", new() { ["clips"] = "viewer" });
        var (clipper, _) = await AMember("viewer", new() { ["clips"] = "editor" });

        (await blind.Get($"/episodes/{episode}/clips")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await reader.Get($"/episodes/{episode}/clips/{clip}")).Expect(HttpStatusCode.OK);
        (await reader.Patch($"/episodes/{episode}/clips/{clip}", new { Notes = "x" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await clipper.Patch($"/episodes/{episode}/clips/{clip}", new { Notes = "x" })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task An_export_is_read_by_who_may_read_its_list()
    {
        var export = (await Owner.Post("/exports", new { Resource = "audit", Format = "csv" })).Expect(HttpStatusCode.Accepted).Id;
        var (nosy, _) = await AMember("viewer", new() { ["exports"] = "admin" });
        var (blind, _) = await AMember("admin", new() { ["audit"] = "none" });
        var (admin, _) = await AMember("admin", []);

        foreach (var person in new[] { nosy, blind })
        {
            (await person.Get($"/exports/{export}")).ExpectProblem(HttpStatusCode.NotFound, "EXPORT_NOT_FOUND");
            Assert.That((await person.Get("/exports")).Data.AsArray(), Is.Empty);
            (await person.Delete($"/exports/{export}")).ExpectProblem(HttpStatusCode.NotFound, "EXPORT_NOT_FOUND");
            (await person.Post("/exports", new { Resource = "audit", Format = "csv" })).Expect(HttpStatusCode.Forbidden);
        }

        (await admin.Get($"/exports/{export}")).Expect(HttpStatusCode.OK);
        (await admin.Delete($"/exports/{export}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_permission_is_changed_and_taken_away()
    {
        var (person, member) = await AMember("viewer", new() { ["owners"] = "editor", ["jobs"] = "none" });

        var changed = await Owner.Patch($"/members/{member.Id}", new { Permissions = new Dictionary<string, string?> { ["owners"] = null, ["jobs"] = "viewer" } });

        Assert.That(changed.Data["permissions"]!.ToJsonString(), Is.EqualTo("""{"jobs":"viewer"}"""));
        await Eventually.Is("it counts", async () => (await person.Get("/jobs")).Status is HttpStatusCode.OK);
        (await person.Put($"/owners/scene/{Guid.NewGuid()}", new { })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");

        var again = await Owner.Patch($"/members/{member.Id}", new { Role = "editor" });
        Assert.That(again.Data["permissions"]!.ToJsonString(), Is.EqualTo("""{"jobs":"viewer"}"""), "what is left out stays");
    }

    [Test]
    public async Task An_unknown_entity_is_told_with_the_nearest()
    {
        var reply = await Invite("viewer", new() { ["medai"] = "editor" });

        reply.ExpectProblem(HttpStatusCode.UnprocessableEntity, "UNKNOWN_ENTITY");
        Assert.That(reply.Text, Does.Contain("Did you mean \\\"media\\\"?"));
        Assert.That(reply.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo("permissions.medai"));
    }

    [TestCase("media", "owner")]
    [TestCase("media", "boss")]
    [TestCase("clients", "owner")]
    public async Task What_takes_an_owner_is_not_given_away_by_the_piece(string entity, string right) =>
        (await Invite("viewer", new() { [entity] = right })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [Test]
    public async Task An_owner_has_no_permissions_apart()
    {
        (await Invite("owner", new() { ["jobs"] = "none" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OWNER_HAS_NO_EXCEPTIONS");
        var (_, member) = await AMember("admin", new() { ["jobs"] = "none" });
        (await Owner.Patch($"/members/{member.Id}", new { Role = "owner" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "OWNER_HAS_NO_EXCEPTIONS");
        (await Owner.Patch($"/members/{member.Id}", new { Role = "owner", Permissions = new Dictionary<string, string?> { ["jobs"] = null } })).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Nobody_gives_a_right_above_the_own()
    {
        // a viewer who keeps the members and the keys of the client
        var (keeper, own) = await AMember("viewer", new() { ["members"] = "admin", ["api-keys"] = "admin", ["jobs"] = "none" });
        var (_, editor) = await AMember("editor", []);

        foreach (var refused in new[]
        {
            await keeper.Post("/members", new { Email = AnEmail(), Role = "editor" }),
            await keeper.Post("/members", new { Email = AnEmail(), Role = "viewer" }), // sees jobs, which the keeper does not
            await keeper.Post("/members", new { Email = AnEmail(), Role = "viewer", Permissions = new Dictionary<string, string> { ["media"] = "editor", ["jobs"] = "none" } }),
            await keeper.Patch($"/members/{own.Id}", new { Role = "admin" }),
            await keeper.Patch($"/members/{own.Id}", new { Permissions = new Dictionary<string, string> { ["jobs"] = "viewer" } }),
            await keeper.Patch($"/members/{own.Id}", new { Permissions = new Dictionary<string, string?> { ["jobs"] = null } }),
            await keeper.Patch($"/members/{editor.Id}", new { Status = "suspended" }),
            await keeper.Delete($"/members/{editor.Id}"),
            await keeper.Post("/api-keys", new { Name = "all doors", Role = "admin" }),
            await keeper.Post("/api-keys", new { Name = "jobs too", Role = "viewer" }),
        }) refused.ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");

        (await keeper.Post("/members", new { Email = AnEmail(), Role = "viewer", Permissions = new Dictionary<string, string> { ["members"] = "admin", ["jobs"] = "none" } })).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task The_last_owner_stays()
    {
        var tenant = await Platform.CreateTenant("last");
        var (ann, annsMembership) = await AMember("owner", [], tenant);
        await AMember("owner", [], Platform.Stranger); // is no owner here

        (await tenant.Patch($"/members/{annsMembership.Id}", new { Role = "admin" })).ExpectProblem(HttpStatusCode.Locked, "LAST_OWNER");
        (await tenant.Patch($"/members/{annsMembership.Id}", new { Status = "suspended" })).ExpectProblem(HttpStatusCode.Locked, "LAST_OWNER");
        (await ann.Delete($"/members/{annsMembership.Id}")).ExpectProblem(HttpStatusCode.Locked, "LAST_OWNER");

        // who is invited has not come yet, and who is suspended is out: neither is an Owner to rely on
        var email = AnEmail();
        var invited = await tenant.Post("/members", new { Email = email, Role = "owner" });
        (await ann.Delete($"/members/{annsMembership.Id}")).ExpectProblem(HttpStatusCode.Locked, "LAST_OWNER");
        (await tenant.Delete($"/members/{invited.Id}")).Expect(HttpStatusCode.OK);

        await AMember("owner", [], tenant);
        (await ann.Delete($"/members/{annsMembership.Id}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Of_two_last_owners_who_leave_at_once_one_stays()
    {
        var tenant = await Platform.CreateTenant("two");
        var (_, ann) = await AMember("owner", [], tenant);
        var (_, bea) = await AMember("owner", [], tenant);

        // somebody holds the client, so that both have looked at their own row before either asks for the other's
        await using var rival = new Npgsql.NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand($"select id from clients where id = '{tenant.ClientId}' for update", rival, transaction)) await hold.ExecuteScalarAsync();

        var leaving = new[] { tenant.Delete($"/members/{ann.Id}"), tenant.Patch($"/members/{bea.Id}", new { Role = "viewer" }) };
        await Eventually.Is("both wait", async () =>
            await Platform.Sql<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from clients%'") == 2);
        await transaction.CommitAsync();

        var statuses = (await Task.WhenAll(leaving)).Select(reply => reply.Status).ToList();
        Assert.That(statuses, Is.EquivalentTo(new[] { HttpStatusCode.OK, HttpStatusCode.Locked }));
        Assert.That(await Platform.Sql<long>($"select count(*) from members where client_id = '{tenant.ClientId}' and role = 'owner' and status = 'active'"), Is.EqualTo(1));
    }

    private static string AnEmail() => $"{Guid.NewGuid():n}@example.com";

    private async Task<Reply> Invite(string role, Dictionary<string, string> permissions) => await Owner.Post("/members", new { Email = AnEmail(), Role = role, Permissions = permissions });

    /// <summary>A person who has signed in.</summary>
    private async Task<(Tenant Person, Reply Member)> AMember(string role, Dictionary<string, string> permissions, Tenant? to = null)
    {
        var email = AnEmail();
        var member = (await (to ?? Owner).Post("/members", new { Email = email, Role = role, Permissions = permissions })).Expect(HttpStatusCode.Created);
        var person = Tenant.By(Platform, issuer.IdToken("subject-" + email, email));
        (await person.Get("/clients")).Expect(HttpStatusCode.OK);
        return (person, member);
    }
}
