using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>A record of an ordinary kind, in the state that each verb of the frame is for.</summary>
internal static class RecordStates
{
    public static async Task<Dictionary<string, string>> Of(Tenant tenant, string path, object body, string operation)
    {
        var id = (await tenant.Post(path, body)).Expect(HttpStatusCode.Created).Id;
        if (operation.EndsWith("/restore", StringComparison.Ordinal)) await tenant.Delete($"{path}/{id}");
        if (operation.EndsWith("/approve", StringComparison.Ordinal) || operation.EndsWith("/reject", StringComparison.Ordinal) || operation.EndsWith("/resubmit", StringComparison.Ordinal))
            await tenant.Post($"{path}/{id}/unapprove");
        if (operation.EndsWith("/resubmit", StringComparison.Ordinal)) await tenant.Post($"{path}/{id}/reject");
        return Seeds.Id(id);
    }
}

internal sealed class ShowSeed : ISeed
{
    public string Segment => "shows";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => RecordStates.Of(tenant, "/shows", new { Title = "Seeded" }, operation);
}

internal sealed class EpisodeSeed : ISeed
{
    public string Segment => "episodes";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var body = new { Title = "Seeded" };
        if (operation.Contains("/script", StringComparison.Ordinal)) return await WithScript(tenant, (await tenant.Post("/episodes", body)).Id, operation);

        var ids = await RecordStates.Of(tenant, "/episodes", body, operation);
        if (operation.Contains("/outfits", StringComparison.Ordinal))
        {
            var outfit = (await tenant.Post("/outfits", new { Name = "Seeded" })).Id;
            ids[ISeed.Named] = outfit.ToString();
            if (operation.Contains("{outfit_id}", StringComparison.Ordinal)) ids["outfit_id"] = (await tenant.Post($"/episodes/{ids["id"]}/outfits", new { OutfitId = outfit })).Id.ToString();
            await tenant.Patch($"/outfits/{outfit}", new { Notes = "Changed since" });
        }

        if (operation.Contains("/clips", StringComparison.Ordinal)) ids["part_id"] = (await tenant.Post($"/episodes/{ids["id"]}/clips", new { Notes = "Seeded" })).Id.ToString();
        if (operation.Contains("/components", StringComparison.Ordinal)) ids["part_id"] = (await tenant.Post($"/episodes/{ids["id"]}/components", new { Type = "other" })).Id.ToString();
        if (operation.Contains("/guests", StringComparison.Ordinal))
        {
            ids["guest_id"] = (await tenant.Post("/guests", new { Name = "Seeded" })).Id.ToString();
            (await tenant.Put($"/episodes/{ids["id"]}/guests/{ids["guest_id"]}", new { Role = "Seeded" })).Expect(HttpStatusCode.Created);
        }

        if (operation.Contains("/thumbnail", StringComparison.Ordinal))
        {
            var background = (await tenant.Post("/backgrounds", new { Name = "Seeded", AssetId = (await tenant.Upload(Seeds.File(), "seed.png")).Id })).Id;
            (await tenant.Patch($"/episodes/{ids["id"]}", new { Backgrounds = new { Event = new { BackgroundId = background } } })).Expect(HttpStatusCode.OK);
            await Thumbnails.Choose(tenant, "/episodes", ids, "composed", operation);
        }

        return ids;
    }

    /// <summary>An episode's script of two versions, the first in the state that the operation is for.</summary>
    private static async Task<Dictionary<string, string>> WithScript(Tenant tenant, Guid episode, string operation)
    {
        var script = $"/episodes/{episode}/{(operation.Contains("/trailer/", StringComparison.Ordinal) ? "trailer/script" : "script")}";
        foreach (var text in new[] { "Seeded", "Seeded again" }) (await tenant.Put(script, new { Text = text })).Expect(HttpStatusCode.OK);
        var before = operation[(operation.LastIndexOf('/') + 1)..] switch { "approve" or "reject" => new[] { "unapprove" }, "resubmit" => ["unapprove", "reject"], _ => [] };
        foreach (var verb in before) (await tenant.Post($"{script}/versions/1/{verb}")).Expect(HttpStatusCode.OK);
        if (operation.EndsWith("/script/restore", StringComparison.Ordinal)) (await tenant.Delete(script)).Expect(HttpStatusCode.OK);
        return new(Seeds.Id(episode)) { ["number"] = "1" };
    }
}

/// <summary>A choice to be taken back, for who does so.</summary>
internal static class Thumbnails
{
    public static async Task Choose(Tenant tenant, string path, Dictionary<string, string> ids, string source, string operation)
    {
        ids["size"] = "1280x720";
        if (operation.StartsWith("DELETE", StringComparison.Ordinal) && operation.EndsWith("/thumbnail", StringComparison.Ordinal))
            (await tenant.Put($"{path}/{ids["id"]}/thumbnail", new { Source = source })).Expect(HttpStatusCode.OK);
    }
}

internal sealed class ScriptSeed : ISeed
{
    public string Segment => "scripts";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => Task.FromResult(new Dictionary<string, string>(StringComparer.Ordinal));
}

internal sealed class WardrobeItemSeed : ISeed
{
    public string Segment => "wardrobe-items";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) =>
        RecordStates.Of(tenant, "/wardrobe-items", new { Slot = "belt", Name = "Seeded" }, operation);
}

internal sealed class OutfitSeed : ISeed
{
    public string Segment => "outfits";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var item = (await tenant.Post("/wardrobe-items", new { Slot = "belt", Name = "Seeded" })).Id;
        Guid? picture = operation.Contains("/thumbnail", StringComparison.Ordinal) ? (await tenant.Upload(Seeds.File(), "seed.png")).Id : null;
        var ids = await RecordStates.Of(tenant, "/outfits", new { Name = "Seeded", AssetId = picture, Items = new[] { new { ItemId = item } } }, operation);
        await Thumbnails.Choose(tenant, "/outfits", ids, "composed", operation);
        return ids;
    }
}

internal sealed class UiElementSeed : ISeed
{
    public string Segment => "ui-elements";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => await SharedAssets.Of(tenant, "/ui-elements", operation);
}

internal sealed class BackgroundSeed : ISeed
{
    public string Segment => "backgrounds";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => await SharedAssets.Of(tenant, "/backgrounds", operation);
}

/// <summary>One of two versions, of which the second is active.</summary>
internal static class SharedAssets
{
    public static async Task<Dictionary<string, string>> Of(Tenant tenant, string path, string operation)
    {
        var ids = await RecordStates.Of(tenant, path, new { Name = "Seeded", FileReference = "s3://bucket/seeded.jpg" }, operation);
        if (operation.EndsWith("/activate", StringComparison.Ordinal)) (await tenant.Post($"{path}/{ids["id"]}/versions", new { FileReference = "s3://bucket/seeded-2.jpg" })).Expect(HttpStatusCode.Created);
        ids["number"] = "1";
        return ids;
    }
}

internal sealed class ClipSeed : ISeed
{
    public string Segment => "clips";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var episode = (await tenant.Post("/episodes", new { Title = "Seeded" })).Id;
        var isOut = operation.EndsWith("/assign", StringComparison.Ordinal);
        Guid? picture = operation.Contains("/thumbnail", StringComparison.Ordinal) ? (await tenant.Upload(Seeds.File(), "seed.png")).Id : null;
        var ids = await RecordStates.Of(tenant, "/clips", isOut ? new { Notes = "Seeded" } : new { Notes = "Seeded", EpisodeId = episode, AssetId = picture }, operation);
        await Thumbnails.Choose(tenant, "/clips", ids, "frame", operation);
        if (isOut) ids[ISeed.Named] = episode.ToString();
        return ids;
    }
}

internal sealed class ComponentSeed : ISeed
{
    public string Segment => "components";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var episode = (await tenant.Post("/episodes", new { Title = "Seeded" })).Id;
        var ids = await RecordStates.Of(tenant, "/components", new { Type = "audio", EpisodeId = episode }, operation);
        ids[ISeed.Named] = episode.ToString();
        return ids;
    }
}

/// <summary>A guest who has agreed to a notice; whom it becomes is the example's member.</summary>
internal sealed class GuestSeed : ISeed
{
    public string Segment => "guests";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var ids = await RecordStates.Of(tenant, "/guests", new { Name = "Seeded" }, operation);
        if (operation.EndsWith("/convert", StringComparison.Ordinal)) await tenant.Post("/members", new { Email = "sarah@example.com", Role = "viewer" });
        if (!operation.Contains("/sessions", StringComparison.Ordinal) && !operation.EndsWith("/withdraw-consent", StringComparison.Ordinal)) return ids;

        (await tenant.Post($"/guests/{ids["id"]}/consent", new { NoticeVersion = "1" })).Expect(HttpStatusCode.OK);
        if (operation.Contains("{session_id}", StringComparison.Ordinal)) ids["session_id"] = (await tenant.Post($"/guests/{ids["id"]}/sessions")).Data["session"]!["id"]!.GetValue<string>();
        return ids;
    }
}

/// <summary>A source whose name is kept: what replaces it is the example.</summary>
internal sealed class TalentSourceSeed : ISeed
{
    private const string Example = "Mo";

    public string Segment => "talent-sources";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        foreach (var taken in (await tenant.Get($"/talent-sources?name={Example}")).Data.AsArray()) await tenant.Delete($"/talent-sources/{taken!["id"]}");
        var isExample = operation.StartsWith("PUT", StringComparison.Ordinal) || operation.StartsWith("PATCH", StringComparison.Ordinal) || operation.EndsWith("/batch", StringComparison.Ordinal);
        return await RecordStates.Of(tenant, "/talent-sources", new { Name = isExample ? Example : $"Seeded {Guid.NewGuid():n}" }, operation);
    }
}
