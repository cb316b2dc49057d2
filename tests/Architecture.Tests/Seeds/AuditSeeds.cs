using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>The making of an asset.</summary>
internal sealed class AuditSeed : ISeed
{
    public string Segment => "audit";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var asset = (await tenant.Upload(Seeds.File(), "seed.png")).Id;
        return Seeds.Id((await tenant.Get($"/audit?entity_id={asset}")).Data[0]!["id"]!.GetValue<Guid>());
    }
}

internal sealed class EventSeed : ISeed
{
    public string Segment => "events";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => Task.FromResult(new Dictionary<string, string>());
}
