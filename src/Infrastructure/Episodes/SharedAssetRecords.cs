using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>The records of what episodes share: two kinds of one making.</summary>
internal static class SharedAssetRecords
{
    internal static readonly RecordTable<UiElementFields> UiElements = Table<UiElementFields>(
        EpisodeKinds.UiElement, SharedAssetTables.UiElements, static asset => asset with { Tags = Shared.Tags(asset), CustomFields = Shared.Object(asset.CustomFields) });

    internal static readonly RecordTable<BackgroundFields> Backgrounds = Table<BackgroundFields>(
        EpisodeKinds.Background, SharedAssetTables.Backgrounds, static asset => asset with { Tags = Shared.Tags(asset), CustomFields = Shared.Object(asset.CustomFields) });

    internal static readonly ListDefinition<UiElementDetails> UiElementList = List<UiElementDetails>("ui_elements", row => row.Name, row => row.UsageCount, row => row.CreatedAt);
    internal static readonly ListDefinition<BackgroundDetails> BackgroundList = List<BackgroundDetails>("backgrounds", row => row.Name, row => row.UsageCount, row => row.CreatedAt);

    internal static readonly Searched SearchedUiElements = Searched(UiElements);
    internal static readonly Searched SearchedBackgrounds = Searched(Backgrounds);

    /// <summary>What is used more comes first among those that fit as well.</summary>
    private static Searched Searched(RecordTable table) =>
        Query.Searched.Of(table, SearchPlace.SharedAssets, name: "r.name", text: "concat_ws(' · ', r.name, r.description, regexp_replace(r.file_reference, '^.*/', ''))") with
        {
            Bonus = "least(r.usage_count, 1000) / 10000.0",
        };

    private static RecordTable<TFields> Table<TFields>(RecordKind kind, SharedAssetTables tables, Func<TFields, TFields> tidy)
        where TFields : class, ISharedAssetFields => new(
        kind, tables.Records, [new("name", "text"), new("description", "text"), new("asset_id", "uuid"), new("file_reference", "text", AsItCame: true), .. Shared.Columns])
    {
        Parents = [new(MediaAsset.Kind, "media_assets", "asset_id")],
        Tidy = tidy,
        Counts = new Dictionary<string, string> { ["uses_in_episodes"] = $"select count(*) from {tables.Uses} where client_id = @ClientId and {tables.One}_id = @Id" },
    };

    private static ListDefinition<TDetails> List<TDetails>(string table, Func<TDetails, object?> name, Func<TDetails, object?> usageCount, Func<TDetails, object?> createdAt)
        where TDetails : IRecordDetails => new(
        $"r.id, r.name, r.description, r.asset_id, r.file_reference, r.active_version, r.usage_count, {Shared.Read}",
        $"{table} r",
        [
            new("name", "r.name", FieldType.Text, name),
            new("description", "r.description", FieldType.Text, Nullable: true),
            new("asset_id", "r.asset_id", FieldType.Uuid, Nullable: true),
            new("file_reference", "r.file_reference", FieldType.Code, Nullable: true),
            new("usage_count", "r.usage_count", FieldType.Integer, usageCount),
            .. Shared.Fields(createdAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);
}
