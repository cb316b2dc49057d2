using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Episodes;

internal sealed class ExpiringGuestSessionsTests : PlatformFixture
{
    [Test]
    public async Task Sessions_that_have_expired_are_forgotten_and_the_others_stay()
    {
        var (expired, live) = (await ASession(Owner), await ASession(Owner));
        var theirs = await ASession(Platform.Stranger);
        await Platform.Sql<object>($"update guest_sessions set expires_at = now() - interval '1 second' where id in ('{expired}', '{theirs}')");

        await Platform.StartWorker();

        await Eventually.Is("both are forgotten", async () => await Platform.Sql<long>($"select count(*) from guest_sessions where id in ('{expired}', '{theirs}')") == 0);
        Assert.That(await Platform.Sql<long>($"select count(*) from guest_sessions where id = '{live}'"), Is.EqualTo(1));
        Assert.That(await Platform.Sql<string>($"select actor_kind from change_log where entity = 'guest_session' and entity_id = '{expired}' and operation = 'delete'"), Is.EqualTo("job"));
    }

    private static async Task<Guid> ASession(Tenant tenant)
    {
        var guest = (await tenant.Post("/guests", new { Name = "Guest" })).Expect(HttpStatusCode.Created).Id;
        (await tenant.Post($"/guests/{guest}/consent", new { NoticeVersion = "1" })).Expect(HttpStatusCode.OK);
        return (await tenant.Post($"/guests/{guest}/sessions")).Expect(HttpStatusCode.Created).Data["session"]!["id"]!.GetValue<Guid>();
    }
}
