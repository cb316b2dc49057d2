using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

/// <summary>Who a person becomes here by signing in, and in which client.</summary>
internal sealed class SigningInTests : PlatformFixture
{
    private Issuer issuer = null!;
    private Issuer second = null!;
    private Issuer careless = null!;

    protected override async Task<Platform> Begin()
    {
        (issuer, second, careless) = (Held(await Issuer.Start()), Held(await Issuer.Start()), Held(await Issuer.Start()));
        var settings = issuer.Settings();
        foreach (var (name, value) in second.Settings(1)) settings[name] = value;
        foreach (var (name, value) in careless.Settings(2)) settings[name] = value;
        settings["Oidc:Issuers:2:LinksByEmail"] = "false";
        settings["Oidc:Issuers:1:Groups:readers"] = "viewer";
        settings["Oidc:Issuers:1:Groups:staff"] = "admin";
        return await Platform.Start(overrides: settings);
    }

    [Test]
    public async Task An_invited_person_is_in_at_the_first_sign_in_and_the_change_log_says_who_it_was()
    {
        var (email, subject) = NewPerson();
        var member = await Invite(Owner, email, "editor");

        (await By(issuer.IdToken(subject, email.ToUpperInvariant())).Get("/media")).Expect(HttpStatusCode.OK);

        var joined = (await Owner.Get($"/members/{member.Id}")).Data;
        Assert.That(joined["status"]!.GetValue<string>(), Is.EqualTo("active"));
        var user = joined["user_id"]!.GetValue<Guid>();
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'member' and entity_id = '{member.Id}' and operation = 'update' and actor_kind = 'user' and actor_id = '{user}'"), Is.EqualTo(1));
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'user_identity' and actor_kind = 'user' and actor_id = '{user}'"), Is.EqualTo(1));

        // an access token has no email; who it is, is known by now
        (await By(issuer.AccessToken(subject)).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task What_a_person_writes_is_the_persons()
    {
        var (email, subject) = NewPerson();
        var member = await Invite(Owner, email, "editor");
        var person = By(issuer.IdToken(subject, email));

        var put = await person.Put("/owners/scene/" + subject, new { Title = "Hers" });

        var request = put.Expect(HttpStatusCode.Created).Headers.GetValues("X-Request-Id").Single();
        Assert.That(
            await Platform.Sql<string>($"select actor_kind || ' ' || actor_id from change_log where request_id = '{request}' and entity <> 'member' and entity <> 'user' and entity <> 'user_identity'"),
            Is.EqualTo($"user {member.Data["user_id"]}"));
    }

    [TestCase(false)]
    [TestCase("false")]
    [TestCase("no")]
    [TestCase(1)]
    [TestCase(null)]
    public async Task An_email_that_is_not_verified_never_counts(object? verified)
    {
        var (email, subject) = NewPerson();
        var member = await Invite(Owner, email, "admin");

        var reply = await By(issuer.IdToken(subject, email, claims: new() { ["email_verified"] = verified })).Get("/media");

        reply.ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
        Assert.That((await Owner.Get($"/members/{member.Id}")).Data["status"]!.GetValue<string>(), Is.EqualTo("invited"));
    }

    [Test]
    public async Task An_issuer_that_is_not_trusted_with_emails_makes_no_connection()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "editor");

        (await By(careless.IdToken(subject, email)).Get("/media")).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
    }

    [Test]
    public async Task A_stranger_with_a_good_token_is_nobody_and_leaves_no_trace()
    {
        var (email, subject) = NewPerson();
        var stranger = By(issuer.IdToken(subject, email));

        (await stranger.Get("/media")).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
        (await stranger.Get("/clients")).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
        Assert.That(await Platform.Sql<long>($"select count(*) from users where email = '{email}'"), Is.Zero);
    }

    [Test]
    public async Task Two_issuers_that_verify_the_same_email_mean_the_same_person()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "editor");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);

        (await By(second.IdToken("other-" + subject, email, claims: Groups("staff"))).Get("/media")).Expect(HttpStatusCode.OK);
        Assert.That(await Platform.Sql<long>($"select count(*) from user_identities identity join users on users.id = identity.user_id where email = '{email}'"), Is.EqualTo(2));
    }

    [Test]
    public async Task Another_subject_with_the_email_of_somebody_who_has_signed_in_is_not_that_person()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "admin");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);

        (await By(issuer.IdToken("successor-" + subject, email)).Get("/media")).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task The_same_subject_at_another_issuer_is_somebody_else()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "admin");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);

        (await By(careless.AccessToken(subject)).Get("/media")).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
    }

    [Test]
    public async Task An_email_that_changes_at_the_issuer_changes_here()
    {
        var (email, subject) = NewPerson();
        var member = await Invite(Owner, email, "viewer");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);

        (await By(issuer.IdToken(subject, "new-" + email, isVerified: false)).Get("/media")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/members/{member.Id}")).Data["email"]!.GetValue<string>(), Is.EqualTo(email));

        (await By(issuer.IdToken(subject, "new-" + email)).Get("/media")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/members/{member.Id}")).Data["email"]!.GetValue<string>(), Is.EqualTo("new-" + email));
    }

    [Test]
    public async Task An_invitation_to_the_new_email_is_the_same_persons()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "viewer");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);
        await Invite(Platform.Stranger, "new-" + email, "editor");
        await Invite(Owner, "new-" + email, "admin"); // in there already: that invitation is void

        var listed = await By(issuer.IdToken(subject, "new-" + email)).Get("/clients");

        Assert.That(Roles(listed), Is.EqualTo(new Dictionary<Guid, string> { [Owner.ClientId] = "viewer", [Platform.Stranger.ClientId] = "editor" }));
        Assert.That(await Platform.Sql<long>($"select count(*) from users where email like '%{email}'"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_email_that_another_signs_in_with_stays_the_others()
    {
        var ((email, subject), (otherEmail, other)) = (NewPerson(), NewPerson());
        await Invite(Owner, email, "viewer");
        await Invite(Platform.Stranger, otherEmail, "owner");
        (await By(issuer.IdToken(subject, email)).Get("/media")).Expect(HttpStatusCode.OK);
        (await By(issuer.IdToken(other, otherEmail)).Get("/media")).Expect(HttpStatusCode.OK);

        // nothing is to be written, and so nobody to be waited for
        await using var rival = new Npgsql.NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using (var writing = new Npgsql.NpgsqlCommand($"select from users where email in ('{email}', '{otherEmail}') for update", rival, transaction)) await writing.ExecuteNonQueryAsync();

        var listed = await By(issuer.IdToken(subject, otherEmail)).Get("/clients").WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(Roles(listed).Keys, Is.EqualTo(new[] { Owner.ClientId }));
        Assert.That(await Platform.Sql<long>($"select count(*) from users where email = '{email}'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Many_first_sign_ins_at_once_make_one_identity()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "editor");

        // another process signs the same person in at the same time: it holds the row until all of these wait for it
        await using var rival = new Npgsql.NpgsqlConnection(Platform.Database);
        await rival.OpenAsync();
        await using var transaction = await rival.BeginTransactionAsync();
        await using var insert = new Npgsql.NpgsqlCommand(
            $"insert into user_identities (id, user_id, issuer, subject, created_at) select gen_random_uuid(), id, '{issuer.Name}', '{subject}', now() from users where email = '{email}'", rival, transaction);
        Assert.That(await insert.ExecuteNonQueryAsync(), Is.EqualTo(1));

        var replies = Enumerable.Range(0, 8).Select(n => By(issuer.IdToken(subject, email, claims: new() { ["n"] = n })).Get("/media")).ToList();
        await Eventually.Is("the sign-in waits", async () =>
            await Platform.Sql<long>($"select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into user_identities%'") > 0);
        await transaction.CommitAsync();

        foreach (var reply in await Task.WhenAll(replies)) reply.Expect(HttpStatusCode.OK);
        Assert.That(await Platform.Sql<long>($"select count(*) from user_identities where subject = '{subject}'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Who_is_in_several_clients_says_which()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "viewer");
        await Invite(Platform.Stranger, email, "editor");
        var token = issuer.IdToken(subject, email);

        (await By(token).Get("/media")).ExpectProblem(HttpStatusCode.BadRequest, "CLIENT_REQUIRED");
        Assert.That(Roles(await By(token).Get("/clients")), Is.EqualTo(new Dictionary<Guid, string> { [Owner.ClientId] = "viewer", [Platform.Stranger.ClientId] = "editor" }));

        var scene = Guid.NewGuid();
        (await By(token, Owner.ClientId).Put($"/owners/scene/{scene}", new { })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await By(token, Platform.Stranger.ClientId).Put($"/owners/scene/{scene}", new { })).Expect(HttpStatusCode.Created);
        (await Platform.Stranger.Get($"/owners/scene/{scene}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/owners/scene/{scene}")).Expect(HttpStatusCode.NotFound);

        // the path picks as well, and must not contradict
        Assert.That((await By(token).Get($"/clients/{Owner.ClientId}")).Data["role"]!.GetValue<string>(), Is.EqualTo("viewer"));
        (await By(token, Owner.ClientId).Get($"/clients/{Platform.Stranger.ClientId}")).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
    }

    [Test]
    public async Task A_client_that_is_not_the_callers_is_as_if_there_were_none()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "viewer");
        var token = issuer.IdToken(subject, email);
        (await By(token).Get("/media")).Expect(HttpStatusCode.OK);
        var (nowhere, foreign) = (Guid.NewGuid(), Platform.Stranger.ClientId);

        foreach (var client in new[] { nowhere, foreign })
        {
            (await By(token, client).Get("/media")).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
            (await Owner.Get("/media", ("X-Client-Id", client.ToString()))).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
            (await By(issuer.IdToken("nobody-" + subject, null)).Get("/media", ("X-Client-Id", client.ToString()))).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
        }

        (await Owner.Get("/media", ("X-Client-Id", Owner.ClientId.ToString()))).Expect(HttpStatusCode.OK);
        (await Owner.Get("/media", ("X-Client-Id", "first"))).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_HEADER");
        (await Owner.Get("/media", ("X-Client-Id", Owner.ClientId.ToString()), ("X-Client-Id", Owner.ClientId.ToString()))).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_HEADER");
    }

    [TestCase("suspended")]
    [TestCase("removed")]
    public async Task Who_is_suspended_or_removed_is_out_within_a_second(string how)
    {
        var (email, subject) = NewPerson();
        var member = await Invite(Owner, email, "editor");
        var person = By(issuer.IdToken(subject, email));
        (await person.Get("/media")).Expect(HttpStatusCode.OK);

        _ = (how == "removed" ? await Owner.Delete($"/members/{member.Id}") : await Owner.Patch($"/members/{member.Id}", new { Status = how })).Data;
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        await Eventually.Is("the person is out", async () => (await person.Get("/media")).Status is HttpStatusCode.Forbidden);

        Assert.That(System.Diagnostics.Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromSeconds(6)), "a second, and what a busy machine adds");
        (await By(issuer.IdToken(subject, email), Owner.ClientId).Get("/media")).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");

        // and in again when asked in again
        _ = (how == "removed" ? await Invite(Owner, email, "viewer") : await Owner.Patch($"/members/{member.Id}", new { Status = "active" })).Data;
        await Eventually.Is("the person is back", async () => (await person.Get("/media")).Status is HttpStatusCode.OK);
    }

    [Test]
    public async Task Groups_at_the_issuer_limit_what_a_member_may()
    {
        var (email, subject) = NewPerson();
        await Invite(Owner, email, "owner");
        Task<Reply> With(params string[] groups) => By(second.IdToken(subject, email, claims: Groups(groups))).Get("/members");

        (await With("staff", "others")).Expect(HttpStatusCode.OK);
        (await With("readers")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await With("readers", "staff")).Expect(HttpStatusCode.OK);
        Assert.That(Roles(await By(second.IdToken(subject, email, claims: Groups("readers"))).Get("/clients"))[Owner.ClientId], Is.EqualTo("viewer"), "in the list as at the door");
        Assert.That(Roles(await By(second.IdToken(subject, email, claims: Groups("staff"))).Get("/clients"))[Owner.ClientId], Is.EqualTo("admin"));
        (await With("others")).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
        (await With()).ExpectProblem(HttpStatusCode.Forbidden, "NOT_A_MEMBER");
    }

    private static Dictionary<string, object?> Groups(params string[] groups) => new() { ["cognito:groups"] = groups };

    private static (string Email, string Subject) NewPerson() => Guid.NewGuid().ToString("n") is var id ? ($"{id}@example.com", $"subject-{id}") : default;

    private static Dictionary<Guid, string> Roles(Reply clients) =>
        clients.Data.AsArray().ToDictionary(client => client!["id"]!.GetValue<Guid>(), client => client!["role"]!.GetValue<string>());

    private static async Task<Reply> Invite(Tenant to, string email, string role) =>
        (await to.Post("/members", new { Email = email, Role = role })).Expect(HttpStatusCode.Created);

    private Tenant By(string token, Guid? picked = null) => Tenant.By(Platform, token, picked);
}
