using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>What comes first in <c>GET /search</c>: those of one place are ranked together.</summary>
internal enum SearchPlace { Episodes, Clips, Wardrobe, Scripts, SharedAssets, Media, Others }

/// <summary>
/// How records of a type are found by <c>GET /search</c>: beside their list, and in the container. All of it is constant SQL, over the table's
/// alias <c>r</c>, which has a generated column <c>search</c> with an index <c>gin (client_id, search)</c>.
/// </summary>
/// <param name="Type">Such as <c>episode</c>.</param>
/// <param name="Path">Of its list, without the slash; whose permissions are asked for.</param>
/// <param name="Title">What a hit is called.</param>
/// <param name="Text">What highlights are taken from.</param>
internal sealed record Searched(string Type, SearchPlace Place, string Path, string Table, string Title, string Text)
{
    /// <summary>In which typos are tolerated, with an index <c>gin (client_id, search_name(…) gin_trgm_ops)</c> of what is visible; null for nothing.</summary>
    public string? Name { get; init; }

    /// <summary>What is joined to the table.</summary>
    public string Joined { get; init; } = "";

    /// <summary>A condition that always holds.</summary>
    public string Visible { get; init; } = Shared.Visible;

    public string Tags { get; init; } = "r.tags";

    /// <summary>The path of one, when it is not that of its list and its id.</summary>
    public string? Url { get; init; }

    public string EpisodeId { get; init; } = "null::uuid";

    public string Version { get; init; } = "null::int";

    /// <summary>What is added to the rank, which is 0 to 1 for the words and 1 more for the very name.</summary>
    public string Bonus { get; init; } = "0";

    /// <summary>As many are counted; about as many are ranked. What has long texts has fewer.</summary>
    public int Most { get; init; } = 500;

    /// <summary>Records of an ordinary kind.</summary>
    /// <param name="name">Also what a hit is called.</param>
    public static Searched Of(RecordTable table, SearchPlace place, string name, string text) =>
        new(table.Kind.Entity, place, table.Name.Replace('_', '-'), table.Name, name, text) { Name = name };
}
