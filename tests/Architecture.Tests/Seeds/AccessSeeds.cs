using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal sealed class ClientSeed : ISeed
{
    public string Segment => "clients";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => Task.FromResult(Seeds.Id(tenant.ClientId));
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

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) =>
        Seeds.Id((await tenant.Post("/members", new { Email = $"{Guid.NewGuid():n}@example.com", Role = "viewer" })).Id);
}
