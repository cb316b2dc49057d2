using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

internal sealed class MembersTests : PlatformFixture
{
    [Test]
    public async Task What_changes_nothing_is_no_new_version()
    {
        var member = await Invite("same@example.com", "editor");
        var read = await Owner.Get($"/members/{member.Id}");

        var patched = (await Owner.Patch($"/members/{member.Id}", new { Role = "editor" })).Expect(HttpStatusCode.OK);
        var put = (await Owner.Put($"/members/{member.Id}", new { Role = "editor" })).Expect(HttpStatusCode.OK);
        var batch = await Owner.Post("/members/batch", new { Operations = new[] { new { Op = "update", member.Id, Body = new { Role = "editor" } }, new { Op = "update", member.Id, Body = new { Role = "viewer" } } } });

        Assert.That(new[] { patched.Headers.ETag, put.Headers.ETag }, Is.All.EqualTo(read.Headers.ETag));
        Assert.That(batch.Data["items"]!.AsArray().Select(item => item!["version"]!.GetValue<int>()), Is.EqualTo(new[] { 1, 2 }), batch.Text);
    }

    [Test]
    public async Task A_person_is_invited_by_email()
    {
        var added = await Owner.Post("/members", new { Email = "Ann@Example.com", DisplayName = "Ann Lee", Role = "editor" });

        added.Expect(HttpStatusCode.Created);
        Assert.That(added.Data["email"]!.GetValue<string>(), Is.EqualTo("ann@example.com"));
        Assert.That(added.Data["status"]!.GetValue<string>(), Is.EqualTo("invited"));
        (await Owner.Get(added.Headers.Location!.OriginalString)).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get("/members?limit=200")).Text, Does.Contain("ann@example.com"));
        (await Owner.Post("/members", new { Email = "ann@example.com", Role = "viewer" })).ExpectProblem(HttpStatusCode.Conflict, "MEMBER_EXISTS");
    }

    [Test]
    public async Task A_person_is_a_member_of_several_clients()
    {
        var here = await Invite("both@example.com", "viewer");
        var there = await Platform.Stranger.Post("/members", new { Email = "both@example.com", Role = "owner" });

        there.Expect(HttpStatusCode.Created);
        Assert.That(there.Data["user_id"]!.GetValue<Guid>(), Is.EqualTo(here.Data["user_id"]!.GetValue<Guid>()));
        Assert.That((await Owner.Get($"/members/{here.Id}")).Data["role"]!.GetValue<string>(), Is.EqualTo("viewer"));
        (await Platform.Stranger.Get($"/members/{here.Id}")).ExpectProblem(HttpStatusCode.NotFound, "MEMBER_NOT_FOUND");
        (await Platform.Stranger.Delete($"/members/{here.Id}")).ExpectProblem(HttpStatusCode.NotFound, "MEMBER_NOT_FOUND");
    }

    [Test]
    public async Task What_another_client_calls_a_person_is_not_told()
    {
        var there = await Platform.Stranger.Post("/members", new { Email = "known@example.com", DisplayName = "Our whistleblower", Role = "viewer" });
        var here = await Owner.Post("/members", new { Email = "known@example.com", DisplayName = "Ann Lee", Role = "viewer" });
        var unnamed = await (await Platform.CreateTenant("third")).Post("/members", new { Email = "known@example.com", Role = "viewer" });

        Assert.That(here.Expect(HttpStatusCode.Created).Data["display_name"]!.GetValue<string>(), Is.EqualTo("Ann Lee"));
        Assert.That(unnamed.Expect(HttpStatusCode.Created).Data["display_name"], Is.Null);
        Assert.That((await Platform.Stranger.Get($"/members/{there.Id}")).Data["display_name"]!.GetValue<string>(), Is.EqualTo("Our whistleblower"));
    }

    [Test]
    public async Task A_member_is_changed_and_taken_out()
    {
        var member = await Invite("change@example.com", "viewer");

        var changed = await Owner.Patch($"/members/{member.Id}", new { Role = "admin", Status = "suspended" });
        Assert.That(changed.Expect(HttpStatusCode.OK).Data["role"]!.GetValue<string>(), Is.EqualTo("admin"));
        Assert.That(changed.Data["status"]!.GetValue<string>(), Is.EqualTo("suspended"));
        (await Owner.Patch($"/members/{member.Id}", new { Status = "invited" })).ExpectProblem(HttpStatusCode.Locked, "MEMBER_ALREADY_JOINED");

        (await Owner.Delete($"/members/{member.Id}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/members/{member.Id}")).ExpectProblem(HttpStatusCode.NotFound, "MEMBER_NOT_FOUND");
    }

    [Test]
    public async Task Nobody_reaches_above_the_own_role()
    {
        var admin = await Platform.CreateKey(Owner, Role.Admin);
        var chief = await Invite("chief@example.com", "owner");
        var helper = await Invite("helper@example.com", "viewer");

        (await admin.Post("/members", new { Email = "new@example.com", Role = "owner" })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
        (await admin.Patch($"/members/{helper.Id}", new { Role = "owner" })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
        (await admin.Patch($"/members/{chief.Id}", new { Role = "viewer" })).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
        (await admin.Delete($"/members/{chief.Id}")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_ABOVE_OWN");
        (await admin.Patch($"/members/{helper.Id}", new { Role = "editor" })).Expect(HttpStatusCode.OK);
    }

    [TestCase("")]
    [TestCase("no-email")]
    public async Task An_invitation_needs_an_email(string email) =>
        (await Owner.Post("/members", new { Email = email, Role = "viewer" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

    [Test]
    public async Task Members_are_for_admins()
    {
        var editor = await Platform.CreateKey(Owner, Role.Editor);

        (await editor.Get("/members")).Expect(HttpStatusCode.Forbidden);
        (await editor.Post("/members", new { Email = "x@example.com", Role = "viewer" })).Expect(HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task A_key_sees_its_own_client_alone()
    {
        var listed = (await Owner.Get("/clients")).Expect(HttpStatusCode.OK).Data.AsArray();

        Assert.That(listed.Single()!["id"]!.GetValue<Guid>(), Is.EqualTo(Owner.ClientId));
        (await Owner.Get($"/clients/{Owner.ClientId}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/clients/{Platform.Stranger.ClientId}")).ExpectProblem(HttpStatusCode.NotFound, "CLIENT_NOT_FOUND");
    }

    private async Task<Reply> Invite(string email, string role) => (await Owner.Post("/members", new { Email = email, Role = role })).Expect(HttpStatusCode.Created);
}
