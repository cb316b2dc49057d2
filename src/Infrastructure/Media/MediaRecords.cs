using System.Text.Json;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Media;

/// <summary>Assets as records: what people write of them, their trash and their approval. They come into being by uploads alone.</summary>
internal sealed class MediaRecords(IEnumerable<RecordTable> all, DbSession db, TimeProvider time) : Records<MediaFields>(Table, all, db, time)
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
            select storage_provider, storage_key, size_bytes, false as is_variant
            from media_assets
            where client_id = @ClientId and id = @Id
            union all
            select storage_provider, storage_key, size_bytes, true
            from media_variants
            where client_id = @ClientId and asset_id = @Id
        ), folder as (
            select storage_provider, regexp_replace(storage_key, '[^/]+$', '') as storage_key
            from object
            where storage_key not like 's3://%' -- a registered original stays with its owner
            union
            select storage_provider, renditions_folder(@Id)
            from object
        ), let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason, receipt_id)
            select @ClientId, storage_provider, storage_key, 'purged', @ReceiptId::uuid
            from folder
        )
        select count(*) filter (where is_variant) as variants, count(*) as objects, sum(size_bytes)::bigint as bytes
        from object
        """;

    internal static readonly RecordTable<MediaFields> Table = new(
        MediaAsset.Kind,
        "media_assets",
        [
            new("external_id", "text", AsItCame: true), new("title", "text"), new("description", "text"), new("alt_text", "text"), new("caption", "text"),
            new("tags", "text[]"), new("visibility", "text"), new("custom_fields", "jsonb"),
        ])
    {
        AlsoSets = "share_generation = r.share_generation + case when f.visibility = 'private' and r.visibility <> 'private' then 1 else 0 end, ",
        Counts = new Dictionary<string, string>(StringComparer.Ordinal) { ["attachments"] = CountAttachments },
        Tidy = media => media with { Tags = Tags.Normalise(media.Tags ?? []), CustomFields = media.CustomFields ?? Nothing },
    };

    protected override async Task LetGo(Guid id, Guid receipt, Dictionary<string, long> taken, CancellationToken cancellationToken)
    {
        var (variants, objects, bytes) = await Db.Single<Gone>(LetObjectsGo, new { Db.ClientId, Id = id, ReceiptId = receipt }, cancellationToken);
        (taken["variants"], taken["objects"], taken["bytes"]) = (variants, objects, bytes);
    }

    private sealed record Gone(long Variants, long Objects, long Bytes);
}
