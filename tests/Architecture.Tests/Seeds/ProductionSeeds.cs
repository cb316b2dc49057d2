using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal sealed class NetworkSeed : ISeed
{
    public string Segment => "networks";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) =>
        RecordStates.Of(tenant, "/networks", new { Name = $"Seeded {Guid.NewGuid():n}" }, operation);

    /// <summary>The example's name is free for the next.</summary>
    public Task Undo(Platform platform, Tenant caller) => platform.Sql<object>("update networks set name = id::text");
}

internal sealed class LabelSeed : ISeed
{
    public string Segment => "labels";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var ids = await RecordStates.Of(tenant, "/labels", new { Name = $"Seeded {Guid.NewGuid():n}" }, operation);
        if (operation.Contains("/networks", StringComparison.Ordinal))
        {
            ids["network_id"] = (await tenant.Post("/networks", new { Name = $"Seeded {Guid.NewGuid():n}" })).Id.ToString();
            (await tenant.Put($"/labels/{ids["id"]}/networks/{ids["network_id"]}", new { Notes = "Seeded" })).Expect(HttpStatusCode.Created);
        }

        return ids;
    }

    /// <summary>The example's name is free for the next.</summary>
    public Task Undo(Platform platform, Tenant caller) => platform.Sql<object>("update labels set name = id::text");
}

internal sealed class ProjectSeed : ISeed
{
    public string Segment => "projects";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var label = (await tenant.Post("/labels", new { Name = $"Seeded {Guid.NewGuid():n}" })).Id;
        var ids = await RecordStates.Of(tenant, "/projects", new { LabelId = label, Name = "Seeded" }, operation);
        ids[ISeed.Named] = label.ToString();
        return ids;
    }
}
