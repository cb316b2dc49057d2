using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>Search columns are made anew by one job at a time: that of a sweep before is over.</summary>
internal sealed class SearchSeed : ISeed
{
    public string Segment => "search";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        await platform.Sql<object>("update jobs set status = 'canceled', finished_at = now() where type = 'SEARCH_REINDEX' and status = 'queued'");
        return new(StringComparer.Ordinal);
    }
}
