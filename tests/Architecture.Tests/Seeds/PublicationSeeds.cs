using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal static class Published
{
    public static async Task<Guid> Channel(Tenant tenant) => (await tenant.Post("/channels", new { Name = $"Seeded {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    public static async Task<Guid> Session(Tenant tenant) => (await tenant.Post("/sessions", new { ProducedStartAt = "2026-01-04T09:00:00Z" })).Expect(HttpStatusCode.Created).Id;

    public static async Task<Guid> Asset(Tenant tenant) => (await tenant.Upload(Seeds.File(), "file.png")).Id;

    /// <summary>An asset in a session of its own.</summary>
    public static async Task<Guid> MediaItem(Tenant tenant, Guid? session = null)
    {
        var of = session ?? await Session(tenant);
        (await tenant.Post($"/sessions/{of}/media", new { AssetIds = new[] { await Asset(tenant) } })).Expect(HttpStatusCode.OK);
        return (await tenant.Get($"/sessions/{of}/media")).Data[0]!["id"]!.GetValue<Guid>();
    }

    public static async Task<Guid> Label(Tenant tenant) => (await tenant.Post("/labels", new { Name = $"Seeded {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    public static async Task<Guid> Person(Tenant tenant) => (await tenant.Post("/people", new { DisplayName = "Seeded" })).Expect(HttpStatusCode.Created).Id;
}

internal sealed class ChannelSeed : ISeed
{
    public string Segment => "channels";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var ids = await RecordStates.Of(tenant, "/channels", new { Name = $"Seeded {Guid.NewGuid():n}" }, operation);
        if (operation.Contains("/labels", StringComparison.Ordinal))
        {
            ids["label_id"] = (await Published.Label(tenant)).ToString();
            (await tenant.Put($"/channels/{ids["id"]}/labels/{ids["label_id"]}", new { Confidence = 0.5 })).Expect(HttpStatusCode.Created);
        }

        return ids;
    }

    /// <summary>The example's name is free for the next.</summary>
    public Task Undo(Platform platform, Tenant caller) => platform.Sql<object>("update channels set name = id::text");
}

internal sealed class SetSeed : ISeed
{
    public string Segment => "sets";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var channel = await Published.Channel(tenant);
        var ids = await RecordStates.Of(tenant, "/sets", new { Title = "Seeded", ChannelId = channel, PublishedAt = "2026-01-19T00:00:00Z" }, operation);
        ids[ISeed.Named] = channel.ToString();
        if (operation.Contains("/evidence", StringComparison.Ordinal))
        {
            ids["label_id"] = (await Published.Label(tenant)).ToString();
            (await tenant.Put($"/sets/{ids["id"]}/evidence/{ids["label_id"]}", new { Confidence = 0.5 })).Expect(HttpStatusCode.Created);
        }

        if (operation.Contains("/sessions", StringComparison.Ordinal))
        {
            ids["session_id"] = (await tenant.Post("/sessions", new { ProducedStartAt = "2026-01-04T09:00:00Z" })).Id.ToString();
            (await tenant.Put($"/sets/{ids["id"]}/sessions/{ids["session_id"]}", new { Notes = "Seeded" })).Expect(HttpStatusCode.Created);
        }

        if (operation.Contains("/media", StringComparison.Ordinal) || operation.EndsWith("/cover", StringComparison.Ordinal))
        {
            var item = await Published.MediaItem(tenant);
            (ids["media_item_id"], ids[ISeed.Named]) = (item.ToString(), item.ToString());
            if (!operation.EndsWith("/media", StringComparison.Ordinal)) (await tenant.Post($"/sets/{ids["id"]}/media", new { MediaItemIds = new[] { item } })).Expect(HttpStatusCode.OK);
            if (operation.EndsWith("/order", StringComparison.Ordinal)) await platform.Sql<object>($"update set_media_items set position = 7 where media_item_id = '{item}'"); // an order that changes something
        }

        if (operation.Contains("/participants", StringComparison.Ordinal))
        {
            (ids["person_id"], ids["role"]) = ((await Published.Person(tenant)).ToString(), "model");
            (await tenant.Put($"/sets/{ids["id"]}/participants/{ids["person_id"]}/model", new { Notes = "Seeded" })).Expect(HttpStatusCode.Created);
        }

        return ids;
    }
}

internal sealed class CreditSeed : ISeed
{
    public string Segment => "credits";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var set = (await tenant.Post("/sets", new { Title = "Seeded", ChannelId = await Published.Channel(tenant), PublishedAt = "2026-01-19T00:00:00Z" })).Expect(HttpStatusCode.Created).Id;
        var credit = (await tenant.Post($"/sets/{set}/credits", new { Role = "model", RawName = "Zoë L." })).Expect(HttpStatusCode.Created).Id;
        var person = await Published.Person(tenant);
        var ids = Seeds.Id(credit);
        ids[ISeed.Named] = person.ToString();
        if (operation.EndsWith("/unresolve", StringComparison.Ordinal)) (await tenant.Post($"/credits/{credit}/ignore")).Expect(HttpStatusCode.OK);
        if (operation.Contains("/resolutions", StringComparison.Ordinal))
        {
            ids["resolution_id"] = (await tenant.Post("/credits/resolve-matching", new { Name = "Zoë L.", PersonId = person, Preview = false })).Expect(HttpStatusCode.OK).Data["resolution_id"]!.GetValue<string>();
        }

        return ids;
    }
}

internal sealed class ImportSeed : ISeed
{
    public string Segment => "imports";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) =>
        Seeds.Id((await tenant.Post("/imports/sets", new { Title = $"Seeded {Guid.NewGuid():n}", Channel = "Nowhere", PublishedAt = "2026-01-19", Models = new[] { "Zoë L." } })).Expect(HttpStatusCode.Created).Id);

    /// <summary>The example is imported for the first time once more: what is kept for ever is taken away as only a test can.</summary>
    public Task Undo(Platform platform, Tenant caller) => platform.Sql<object>("""
        set session_replication_role = replica;
        delete from import_rows;
        delete from imports;
        delete from jobs where type = 'SET_IMPORT';
        set session_replication_role = origin
        """);
}

internal sealed class MediaItemSeed : ISeed
{
    public string Segment => "media-items";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var item = await Published.MediaItem(tenant);
        return Seeds.Id(item);
    }
}
