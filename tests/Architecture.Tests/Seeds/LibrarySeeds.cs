using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal sealed class LibrarySeed : ISeed
{
    public string Segment => "library";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        await Undo(platform, tenant);
        if (operation.Contains("/verifications/{id}", StringComparison.Ordinal)) return Seeds.Id((await tenant.Post("/library/verify", new { Checksums = true })).Expect(HttpStatusCode.Accepted).Id);

        var asset = (await tenant.Upload(Seeds.File(), "seeded.png")).Expect(HttpStatusCode.Created).Id;
        return Seeds.Id(asset);
    }

    /// <summary>An eviction, a verification and a rebase can be queued anew.</summary>
    public Task Undo(Platform platform, Tenant caller) => platform.Sql<object>("update jobs set status = 'canceled', finished_at = now() where type in ('LIBRARY_GC', 'LIBRARY_VERIFY', 'LIBRARY_REBASE') and status = 'queued'");
}

internal sealed class ManifestSeed : ISeed
{
    public string Segment => "manifests";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        if (!operation.Contains("/gathering", StringComparison.Ordinal)) return await RecordStates.Of(tenant, "/manifests", new { Title = "Seeded" }, operation);

        var gathered = (await tenant.Post("/library/gather", new { Title = "Seeded", Segments = new[] { new { Key = "one", Tags = new[] { "seeded" } } } })).Expect(HttpStatusCode.Created);
        return Seeds.Id(gathered.Data["manifest"]!["id"]!.GetValue<Guid>());
    }
}
