using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>A tag that one asset bears, and those of the document's examples.</summary>
internal sealed class TagSeed : ISeed
{
    private static int tags;

    public string Segment => "tags";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var tag = $"seed/{Interlocked.Increment(ref tags)}";
        _ = (await tenant.Upload(Seeds.File(), "seed.png", fields: [("tags", $"{tag},sunset,sea")])).Data;
        if (operation.EndsWith("/rename", StringComparison.Ordinal)) await tenant.Delete("/tags/sundown"); // to which the example renames: from a sweep before, if there is one
        return new(StringComparer.Ordinal) { ["tag"] = tag };
    }
}
