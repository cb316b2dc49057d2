using System.Text.Json;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Media;

/// <summary>Assets as records: what people write of them, their trash and their approval. They come into being by uploads alone.</summary>
internal static class MediaRecords
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    private const string CountAttachments = """
        select count(*)
        from media_attachments
        where client_id = @ClientId and asset_id = @Id
        """;

    // A folder belongs to the asset whose original lies in it.
    private const string LetObjectsGo = """
        with object as (
            select id as asset_id, storage_provider, storage_key, size_bytes, false as is_variant
            from media_assets
            where client_id = @ClientId and id = any(@Ids)
            union all
            select asset_id, storage_provider, storage_key, size_bytes, true
            from media_variants
            where client_id = @ClientId and asset_id = any(@Ids)
        ), folder as (
            select storage_provider, regexp_replace(storage_key, '[^/]+$', '') as storage_key
            from object
            where storage_key not like 's3://%' -- a registered original stays with its owner
            union
            select storage_provider, renditions_folder(asset_id)
            from object
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason, receipt_id)
            select @ClientId, storage_provider, storage_key, 'purged', @ReceiptId::uuid
            from folder
        )
        select counted.name, counted.count
        from (
            select count(*) filter (where is_variant) as variants, count(*) as objects, sum(size_bytes)::bigint as bytes
            from object
        ) gone
        cross join lateral (values ('variants', gone.variants), ('objects', gone.objects), ('bytes', gone.bytes)) as counted (name, count)
        """;

    internal static readonly RecordTable<MediaFields> Table = new(
        MediaAsset.Kind,
        "media_assets",
        [
            new("external_id", "text", AsItCame: true), new("title", "text"), new("description", "text"), new("alt_text", "text"), new("caption", "text"),
            new("tags", "text[]"), new("visibility", "text"), new("custom_fields", "jsonb"),
        ])
    {
        Entity = "media",
        AlsoSets = "share_generation = r.share_generation + case when f.visibility = 'private' and r.visibility <> 'private' then 1 else 0 end, ",
        Counts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["attachments"] = CountAttachments,
            ["sessions"] = "select count(*) from media_items where client_id = @ClientId and asset_id = @Id",
            ["sets"] = "select count(*) from media_items item join set_media_items shown on shown.client_id = item.client_id and shown.media_item_id = item.id where item.client_id = @ClientId and item.asset_id = @Id",
        },
        GoAlong = ["sessions", "sets"],
        LetsGo = LetObjectsGo,
        Tidy = media => media with { Tags = Tags.Normalise(media.Tags ?? []), CustomFields = media.CustomFields ?? Nothing },
    };
    internal static readonly Searched Searched = Searched.Of(
        Table, SearchPlace.Media, name: "coalesce(r.title, r.original_filename)", text: "concat_ws(' · ', r.title, r.caption, r.alt_text, r.description, r.original_filename)") with
    {
        Path = "media",
    };
}
