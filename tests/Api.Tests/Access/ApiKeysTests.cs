using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

internal sealed class ApiKeysTests : PlatformFixture
{
    [Test]
    public async Task A_secret_is_shown_once_and_works()
    {
        var created = await Owner.Post("/api-keys", new { Name = "render farm", Role = "editor" });

        created.Expect(HttpStatusCode.Created);
        Assert.That(created.Headers.CacheControl!.ToString(), Is.EqualTo("no-store"));
        var secret = created.Data["secret"]!.GetValue<string>();
        var key = created.Data["key"]!;
        Assert.That(secret, Does.Match("^mp_[A-Za-z0-9_-]{43}$"));
        Assert.That(secret, Does.StartWith(key["prefix"]!.GetValue<string>()));
        (await Using(secret).Get("/media")).Expect(HttpStatusCode.OK);

        var read = await Owner.Get(created.Headers.Location!.OriginalString);
        var listed = await Owner.Get("/api-keys?limit=200");
        var logged = await Platform.Sql<string>($"select string_agg(changes::text, '') from change_log where entity = 'api_key' and entity_id = '{key["id"]}'");
        foreach (var text in new[] { read.Expect(HttpStatusCode.OK).Text, listed.Expect(HttpStatusCode.OK).Text, logged! })
        {
            Assert.That(text, Does.Not.Contain(secret[12..]));
            Assert.That(text, Does.Not.Contain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)))));
        }

        Assert.That(logged, Does.Contain("\"secret_hash\": {\"redacted\": true}"));
        Assert.That(read.Data["last_used_at"], Is.Not.Null, read.Text);
    }

    [TestCase(Role.Admin, "owner", HttpStatusCode.Forbidden)]
    [TestCase(Role.Admin, "admin", HttpStatusCode.Created)]
    [TestCase(Role.Admin, "viewer", HttpStatusCode.Created)]
    [TestCase(Role.Owner, "owner", HttpStatusCode.Created)]
    [TestCase(Role.Editor, "viewer", HttpStatusCode.Forbidden)]
    public async Task A_key_makes_keys_of_its_own_role_and_below(Role own, string wanted, HttpStatusCode status)
    {
        var maker = await Platform.CreateKey(Owner, own);

        var reply = await maker.Post("/api-keys", new { Name = "made", Role = wanted });

        reply.Expect(status);
        if (own is Role.Admin && status is HttpStatusCode.Forbidden) reply.ExpectProblem(status, "ROLE_ABOVE_OWN");
    }

    [Test]
    public async Task An_admin_revokes_no_owner()
    {
        var (id, _) = await AKey("owner");
        var admin = await Platform.CreateKey(Owner, Role.Admin);

        (await admin.Delete($"/api-keys/{id}")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
    }

    [Test]
    public async Task A_revoked_key_is_out_within_a_second()
    {
        var (id, secret) = await AKey("viewer");
        (await Using(secret).Get("/media")).Expect(HttpStatusCode.OK);

        var revoked = await Owner.Delete($"/api-keys/{id}");
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        await Eventually.Is("the key is out", async () => (await Using(secret).Get("/media")).Status is HttpStatusCode.Unauthorized);

        Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromSeconds(6)), "a second, and what a busy machine adds");
        Assert.That(revoked.Expect(HttpStatusCode.OK).Data["revoked_at"], Is.Not.Null);
        var again = await Owner.Delete($"/api-keys/{id}");
        Assert.That(again.Expect(HttpStatusCode.OK).Data["revoked_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(revoked.Data["revoked_at"]!.GetValue<DateTimeOffset>()));
    }

    [Test]
    public async Task A_key_expires()
    {
        var (id, secret) = await AKey("viewer", DateTimeOffset.UtcNow.AddHours(1));
        (await Using(secret).Get("/media")).Expect(HttpStatusCode.OK);

        await Platform.Sql<object>($"update api_keys set expires_at = now() where id = '{id}'");
        await Eventually.Is("the key is out", async () => (await Using(secret).Get("/media")).Status is HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task A_key_cannot_expire_in_the_past() =>
        (await Owner.Post("/api-keys", new { Name = "late", Role = "viewer", ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(-1) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [TestCase("mp_unknown")]
    [TestCase("x")]
    public async Task An_unknown_key_is_nobody(string secret)
    {
        var reply = await Using(secret).Get("/media");

        reply.ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        Assert.That(reply.Headers.WwwAuthenticate, Is.Not.Empty);
    }

    [Test]
    public async Task Without_a_key_nothing_is_shown()
    {
        (await Platform.Nobody.Get("/media")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        (await Platform.Nobody.Get("/api-keys")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Test]
    public async Task A_very_long_key_is_nobody() =>
        (await Using(new string('x', 5000)).Get("/media")).ExpectProblem(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");

    [Test]
    public async Task Keys_of_another_tenant_do_not_exist()
    {
        var (id, secret) = await AKey("viewer");

        (await Platform.Stranger.Get($"/api-keys/{id}")).ExpectProblem(HttpStatusCode.NotFound, "API_KEY_NOT_FOUND");
        (await Platform.Stranger.Delete($"/api-keys/{id}")).ExpectProblem(HttpStatusCode.NotFound, "API_KEY_NOT_FOUND");
        Assert.That((await Platform.Stranger.Get("/api-keys")).Text, Does.Not.Contain(id.ToString()));
        (await Using(secret).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task An_editor_sees_no_keys()
    {
        var editor = await Platform.CreateKey(Owner, Role.Editor);

        (await editor.Get("/api-keys")).Expect(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task A_rotated_key_lets_in_by_both_secrets_for_a_while()
    {
        var (id, first) = await AKey("viewer");
        (await Using(first).Get("/media")).Expect(HttpStatusCode.OK);

        var rotated = (await Owner.Post($"/api-keys/{id}/rotate", new { })).Expect(HttpStatusCode.OK);
        var second = rotated.Data["secret"]!.GetValue<string>();

        Assert.That(rotated.Headers.CacheControl!.ToString(), Is.EqualTo("no-store"));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(second, Does.StartWith(rotated.Data["key"]!["prefix"]!.GetValue<string>()));
        var until = rotated.Data["key"]!["previous_until"]!.GetValue<DateTimeOffset>();
        Assert.That(until, Is.EqualTo(DateTimeOffset.UtcNow.AddDays(1)).Within(TimeSpan.FromMinutes(1)));
        (await Using(first).Get("/media")).Expect(HttpStatusCode.OK);
        (await Using(second).Get("/media")).Expect(HttpStatusCode.OK);
        var logged = await Platform.Sql<string>($"select string_agg(changes::text, '') from change_log where entity = 'api_key' and entity_id = '{id}'");
        foreach (var secret in new[] { first, second })
            Assert.That(logged, Does.Not.Contain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)))));

        await Platform.Sql<object>($"update api_keys set previous_until = now() where id = '{id}'");
        await Eventually.Is("the first secret is out", async () => (await Using(first).Get("/media")).Status is HttpStatusCode.Unauthorized);
        (await Using(second).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Without_an_overlap_the_old_secret_is_out_and_a_second_rotation_ends_the_first_one()
    {
        var (id, first) = await AKey("viewer");
        var second = await Rotate(id, 3600);
        var third = await Rotate(id, 3600);
        await Eventually.Is("the first secret is out", async () => (await Using(first).Get("/media")).Status is HttpStatusCode.Unauthorized);
        (await Using(second).Get("/media")).Expect(HttpStatusCode.OK);

        var last = await Rotate(id, 0);
        await Eventually.Is("the third secret is out", async () => (await Using(third).Get("/media")).Status is HttpStatusCode.Unauthorized);
        await Eventually.Is("the second secret is out", async () => (await Using(second).Get("/media")).Status is HttpStatusCode.Unauthorized);
        (await Using(last).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Revoking_ends_both_secrets_for_good()
    {
        var (id, first) = await AKey("viewer");
        var second = await Rotate(id, 3600);
        (await Owner.Delete($"/api-keys/{id}")).Expect(HttpStatusCode.OK);

        await Eventually.Is("the first secret is out", async () => (await Using(first).Get("/media")).Status is HttpStatusCode.Unauthorized);
        await Eventually.Is("the second secret is out", async () => (await Using(second).Get("/media")).Status is HttpStatusCode.Unauthorized);
        (await Owner.Post($"/api-keys/{id}/rotate", new { })).ExpectProblem(HttpStatusCode.Locked, "API_KEY_ENDED");
        (await Owner.Patch($"/api-keys/{id}", new { ExpiresAt = DateTimeOffset.UtcNow.AddDays(1) })).ExpectProblem(HttpStatusCode.Locked, "API_KEY_ENDED");
    }

    [TestCase(-1)]
    [TestCase(604801)]
    public async Task An_overlap_is_a_week_at_most(int seconds)
    {
        var (id, _) = await AKey("viewer");

        (await Owner.Post($"/api-keys/{id}/rotate", new { OverlapSeconds = seconds })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task A_key_gets_another_name_and_another_end()
    {
        var (id, secret) = await AKey("viewer", DateTimeOffset.UtcNow.AddHours(1));
        var end = DateTimeOffset.UtcNow.AddDays(2);

        var changed = await Owner.Patch($"/api-keys/{id}", new { Name = "another", ExpiresAt = end });
        Assert.That(changed.Data["name"]!.GetValue<string>(), Is.EqualTo("another"));
        Assert.That(changed.Data["expires_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(end).Within(TimeSpan.FromMilliseconds(1)));

        var endless = await Owner.Send(HttpMethod.Patch, $"/api-keys/{id}", new StringContent("""{"expires_at": null}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.That(endless.Data["expires_at"], Is.Null);
        Assert.That(endless.Data["name"]!.GetValue<string>(), Is.EqualTo("another"));
        (await Using(secret).Get("/media")).Expect(HttpStatusCode.OK);

        (await Owner.Patch($"/api-keys/{id}", new { ExpiresAt = DateTimeOffset.UtcNow.AddDays(-1) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Patch($"/api-keys/{id}", new { Name = "" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Patch($"/api-keys/{id}", new { Name = "x" }, ("If-Match", "\"1-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
    }

    [Test]
    public async Task An_admin_neither_rotates_nor_changes_an_owners_key()
    {
        var (id, _) = await AKey("owner");
        var admin = await Platform.CreateKey(Owner, Role.Admin);

        (await admin.Post($"/api-keys/{id}/rotate", new { })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
        (await admin.Patch($"/api-keys/{id}", new { Name = "mine" })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
        (await Platform.Stranger.Post($"/api-keys/{id}/rotate", new { })).ExpectProblem(HttpStatusCode.NotFound, "API_KEY_NOT_FOUND");
    }

    private Tenant Using(string secret) => new(Platform, Owner.ClientId, secret);

    private async Task<(Guid Id, string Secret)> AKey(string role, DateTimeOffset? expiresAt = null)
    {
        var created = (await Owner.Post("/api-keys", new { Name = "a key", Role = role, ExpiresAt = expiresAt })).Expect(HttpStatusCode.Created);
        return (created.Data["key"]!["id"]!.GetValue<Guid>(), created.Data["secret"]!.GetValue<string>());
    }

    private async Task<string> Rotate(Guid id, int overlap) =>
        (await Owner.Post($"/api-keys/{id}/rotate", new { OverlapSeconds = overlap })).Expect(HttpStatusCode.OK).Data["secret"]!.GetValue<string>();
}
