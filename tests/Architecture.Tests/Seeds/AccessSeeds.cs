using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal sealed class ClientSeed : ISeed
{
    public string Segment => "clients";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        if (operation.EndsWith("/restore", StringComparison.Ordinal)) await platform.Sql<object>($"update clients set deleted_at = now() where id = '{tenant.ClientId}'");
        return Seeds.Id(tenant.ClientId);
    }

    /// <summary>
    /// A caller's client is not made for one operation, so it has to be there for the next; what the caller was is remembered for a second.
    /// Asked of the tags, that are in the client: the list of clients answers who signs in with another one in the trash too.
    /// </summary>
    public async Task Undo(Platform platform, Tenant caller)
    {
        await platform.Sql<object>($"update clients set deleted_at = null, allowed_file_types = null where id = '{platform.Tenant.ClientId}' and (deleted_at is not null or allowed_file_types is not null)");
        await Eventually.Is("the caller is in again", async () => (await caller.Get("/tags")).Status is HttpStatusCode.OK);
        await Eventually.Is("the owner is in again", async () => (await platform.Tenant.Get("/tags")).Status is HttpStatusCode.OK);
    }
}

internal sealed class ApiKeySeed : ISeed
{
    public string Segment => "api-keys";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var created = await tenant.Post("/api-keys", new { Name = "seed", Role = "viewer" });
        return Seeds.Id(created.Data["key"]!["id"]!.GetValue<Guid>());
    }
}

internal sealed class MemberSeed : ISeed
{
    public string Segment => "members";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        if (operation == "POST /api/v1/members") await platform.Sql<object>("delete from members where user_id in (select id from users where email = 'ann@example.com')"); // as in the document's example
        return Seeds.Id((await tenant.Post("/members", new { Email = $"{Guid.NewGuid():n}@example.com", Role = "viewer" })).Id);
    }
}
