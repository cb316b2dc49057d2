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

internal sealed class PersonSeed : ISeed
{
    public string Segment => "people";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var ids = await RecordStates.Of(tenant, "/people", new { DisplayName = "Seeded" }, operation);
        if (operation.EndsWith("/merge", StringComparison.Ordinal)) ids[ISeed.Named] = (await Published.Person(tenant)).ToString();
        if (operation.Contains("{merge_id}", StringComparison.Ordinal)) ids["merge_id"] = (await tenant.Post($"/people/{ids["id"]}/merge", new { IntoPersonId = await Published.Person(tenant) })).Expect(HttpStatusCode.Created).Id.ToString();
        if (operation.Contains("{alias_id}", StringComparison.Ordinal)) ids["alias_id"] = (await tenant.Post($"/people/{ids["id"]}/aliases", new { Alias = "Also seeded" })).Expect(HttpStatusCode.Created).Id.ToString();
        return ids;
    }
}

internal sealed class SessionSeed : ISeed
{
    public string Segment => "sessions";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var ids = await RecordStates.Of(tenant, "/sessions", new { ProducedStartAt = "2026-01-04T09:00:00Z" }, operation);
        if (operation.EndsWith("/reopen", StringComparison.Ordinal)) (await tenant.Post($"/sessions/{ids["id"]}/confirm")).Expect(HttpStatusCode.OK);
        if (operation.Contains("/media", StringComparison.Ordinal))
        {
            var moves = operation.EndsWith("/move", StringComparison.Ordinal);
            var item = (await tenant.Get($"/media-items/{await Published.MediaItem(tenant, moves ? null : Guid.Parse(ids["id"]))}")).Data;
            ids["asset_id"] = item["asset_id"]!.GetValue<string>();
            ids[ISeed.Named] = moves ? item["id"]!.GetValue<string>() : (await Published.Asset(tenant)).ToString();
        }

        if (operation.Contains("/participants", StringComparison.Ordinal))
        {
            ids["person_id"] = (await tenant.Post("/people", new { DisplayName = "Seeded" })).Id.ToString();
            ids["role"] = "model";
            (await tenant.Put($"/sessions/{ids["id"]}/participants/{ids["person_id"]}/model", new { CreditNameOverride = "Seeded" })).Expect(HttpStatusCode.Created);
        }

        return ids;
    }
}
