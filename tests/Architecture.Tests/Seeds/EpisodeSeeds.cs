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

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => RecordStates.Of(tenant, "/episodes", new { Title = "Seeded" }, operation);
}

internal sealed class WardrobeItemSeed : ISeed
{
    public string Segment => "wardrobe-items";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) =>
        RecordStates.Of(tenant, "/wardrobe-items", new { Slot = "belt", Name = "Seeded" }, operation);
}
