using MediaPlatform.Bench.Reading;

namespace MediaPlatform.Bench.Episodes;

/// <summary>A client with a million episodes, and what is worn, shown, shot and said in them; see <c>catalogue.sql</c>.</summary>
internal static class Catalogue
{
    public const int Outfits = 30_000;
    public const int Clips = 100_000;
    public const int ScriptVersions = 100_000;

    private static readonly string[] Tables =
    [
        "shows", "episodes", "clips", "wardrobe_items", "outfits", "outfit_items", "episode_outfits", "scripts", "script_versions", "backgrounds", "background_versions", "episode_backgrounds",
    ];

    public static readonly Rows Episodes = new("01900001-0000-7000-8000-", 1_000_000);

    public static async Task Fill(BenchPlatform platform)
    {
        if (await platform.Sql<bool>($"select exists (select from episodes where id = '{Episodes.Id(Episodes.Count)}')")) return;

        Console.Error.WriteLine($"Making a catalogue of {Episodes.Count:N0} episodes.");
        await BulkLoad.Run(platform, Tables, $"""
            set bench.client = '{platform.ClientId}';
            set bench.episodes = {Episodes.Count};
            set bench.clips = {Clips};
            set bench.outfits = {Outfits};
            set bench.versions = {ScriptVersions};
            {await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Episodes", "catalogue.sql"))}
            """);
    }
}
