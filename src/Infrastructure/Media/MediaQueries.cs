using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class MediaQueries(DbSession db)
    : IQueryHandler<GetMediaAsset, MediaAssetDetails>, IQueryHandler<ListMedia, Page<MediaAssetDetails>>, IQueryHandler<FindContent, LinkedObject>,
      IQueryHandler<FindVariant, LinkedObject>
{
    internal const string Columns = """
        r.id, r.external_id, r.type, r.format, r.mime_type, r.title, r.description, r.alt_text, r.caption,
        r.original_filename, r.size_bytes, encode(r.sha256, 'hex') as sha256, r.width, r.height, r.frames, r.duration_ms, r.frame_rate, r.video_codec,
        r.audio_codec, r.bit_rate, r.has_audio, r.captured_at, r.placeholder_hash, lpad(to_hex(r.phash), 16, '0') as perceptual_hash, r.dominant_colors, r.exif,
        r.gps, r.storage_provider, r.storage_key, r.status, r.error_code, r.error_message, r.processing_warnings,
        r.visibility, r.source, r.provider, r.source_url, r.last_used_at, r.tags, r.custom_fields,
        r.schema_version, r.created_at, r.created_by_kind, r.created_by, r.updated_at, r.version,
        r.deleted_at, r.deleted_by_kind, r.deleted_by, r.deleted_reason, r.restored_at, r.restored_by_kind, r.restored_by,
        r.approval_status, r.approved_at, r.original_approver_kind, r.original_approver,
        array(
            select row(v.kind, v.preset, v.recipe, v.format, v.mime_type, v.width, v.height, v.size_bytes, v.storage_provider, v.storage_key)::rendition
            from media_variants v
            where v.client_id = r.client_id and v.asset_id = r.id and v.kind <> 'original'
            order by v.width, v.preset
        ) as variants
        """;

    /// <summary>Some of them, in no order.</summary>
    internal const string SelectByIds = $"""
        select {Columns}
        from media_assets r
        where r.client_id = @ClientId and r.id = any(@Ids)
        """;

    private const string SelectContent = """
        select storage_provider, storage_key, mime_type, size_bytes, original_filename as file_name, deleted_at, may_read_original(client_id, storage_key) as may_be_read
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string SelectVariant = """
        select asset.deleted_at, asset.visibility, variant.storage_provider, variant.storage_key, variant.mime_type, variant.size_bytes
        from media_assets asset
        left join media_variants variant on variant.client_id = asset.client_id and variant.asset_id = asset.id and variant.preset = @Preset and variant.kind <> 'original'
        where asset.client_id = @ClientId and asset.id = @Id
        """;

    internal static readonly ListDefinition<MediaAssetDetails> List = new(
        Columns,
        "media_assets r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("external_id", "r.external_id", FieldType.Code, Nullable: true),
            Fields.Enum<MediaAssetDetails, MediaType>("type", "r.type"),
            new("format", "r.format", FieldType.Text),
            new("mime_type", "r.mime_type", FieldType.Text),
            Fields.Enum<MediaAssetDetails, AssetStatus>("status", "r.status"),
            new("title", "r.title", FieldType.Text, Nullable: true),
            new("original_filename", "r.original_filename", FieldType.Text),
            new("source", "r.source", FieldType.Text),
            new("tags", "r.tags", FieldType.TextArray),
            new("size_bytes", "r.size_bytes", FieldType.Integer, row => row.SizeBytes),
            new("width", "r.width", FieldType.Integer, Nullable: true),
            new("height", "r.height", FieldType.Integer, Nullable: true),
            new("duration_ms", "r.duration_ms", FieldType.Integer, Nullable: true),
            new("frame_rate", "r.frame_rate", FieldType.Number, Nullable: true),
            new("has_audio", "r.has_audio", FieldType.Boolean, Nullable: true),
            Fields.Enum<MediaAssetDetails, Visibility>("visibility", "r.visibility"),
            Fields.Enum<MediaAssetDetails, ApprovalStatus>("approval_status", "r.approval_status"),
            Fields.Json<MediaAssetDetails>("exif", "r.exif"),
            Fields.Json<MediaAssetDetails>("custom_fields", "r.custom_fields"),
            new("sha256", "r.sha256", FieldType.Sha256),
            new("perceptual_hash", "lpad(to_hex(r.phash), 16, '0')", FieldType.Code, Nullable: true) { Spelled = static hash => hash.ToLowerInvariant() },
            new("captured_at", "r.captured_at", FieldType.Instant, row => row.CapturedAt, Nullable: true),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("updated_at", "r.updated_at", FieldType.Instant),
            new("deleted_at", "r.deleted_at", FieldType.Instant, Nullable: true),
        ],
        row => row.Id,
        Visible: "r.deleted_at is null",
        Search: Shared.Search)
    {
        Own = new("media", row => row.CustomFields),
    };

    public async Task<Result<MediaAssetDetails>> Handle(GetMediaAsset query, CancellationToken cancellationToken)
    {
        var asset = await db.Find<MediaAssetDetails>(List.SelectOne, new { db.ClientId, Id = query.Id.Value }, cancellationToken);
        if (asset is null || !db.Caller.MaySee(asset.CreatedByKind, asset.CreatedBy)) return new AssetNotFound(query.Id);
        return RecordState.Hidden(MediaAsset.Kind, query.Id.Value, asset.DeletedAt, db.Caller.Role, query.IncludeDeleted) is { } error ? error : asset;
    }

    public Task<Result<Page<MediaAssetDetails>>> Handle(ListMedia query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public async Task<Result<LinkedObject>> Handle(FindContent query, CancellationToken cancellationToken)
    {
        var row = await db.Find<ContentRow>(SelectContent, new { db.ClientId, Id = query.Id.Value }, cancellationToken);
        if (row is null) return new AssetNotFound(query.Id);
        if (RecordState.Hidden(MediaAsset.Kind, query.Id.Value, row.DeletedAt, db.Caller.Role) is { } error) return error;
        if (!row.MayBeRead) return new OriginalNotAllowed();
        return new LinkedObject(row.StorageProvider, row.StorageKey, row.MimeType, row.SizeBytes, row.FileName);
    }

    public async Task<Result<LinkedObject>> Handle(FindVariant query, CancellationToken cancellationToken)
    {
        var row = await db.Find<VariantRow>(SelectVariant, new { db.ClientId, Id = query.Id.Value, query.Preset }, cancellationToken);
        if (row is null) return new AssetNotFound(query.Id);
        if (RecordState.Hidden(MediaAsset.Kind, query.Id.Value, row.DeletedAt, db.Caller.Role) is { } error) return error;
        if (row.StorageKey is null) return new VariantNotFound(query.Id, query.Preset);
        return new LinkedObject(row.StorageProvider!, row.StorageKey, row.MimeType!, row.SizeBytes!.Value, Path.GetFileName(row.StorageKey), IsPublic: row.Visibility is "public" && query.Preset != Sharing.Original);
    }

    private sealed record ContentRow(string StorageProvider, string StorageKey, string MimeType, long SizeBytes, string FileName, DateTimeOffset? DeletedAt, bool MayBeRead);

    private sealed record VariantRow(DateTimeOffset? DeletedAt, string Visibility, string? StorageProvider, string? StorageKey, string? MimeType, long? SizeBytes);
}
