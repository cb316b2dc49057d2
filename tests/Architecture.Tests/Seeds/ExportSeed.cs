using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal sealed class ExportSeed : ISeed
{
    public string Segment => "exports";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => Seeds.Id((await tenant.Post("/exports", new { Resource = "jobs" })).Id);
}
