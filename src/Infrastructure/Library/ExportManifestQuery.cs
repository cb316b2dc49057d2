using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class ExportManifestQuery(DbSession db, TimeProvider time) : IQueryHandler<ExportManifest, ExportedManifest>
{
    private const string SelectOne = """
        select m.id, m.title, m.status, gather.status as gathering, gather.error_message
        from manifests m
        left join gathers gather on gather.client_id = m.client_id and gather.manifest_id = m.id
        where m.client_id = @ClientId and m.id = @Id
        """;

    private const string SelectItems = """
        with asked as materialized (
            select segment ->> 'key' as key, place
            from gathers gather
            cross join lateral jsonb_array_elements(gather.request -> 'segments') with ordinality given (segment, place)
            where gather.client_id = @ClientId and gather.manifest_id = @Id
        )
        select entry.segment, entry.type, entry.position, asset.id as library_id, entry.source, entry.provider, entry.source_url, encode(entry.sha256, 'hex') as sha256, entry.original_filename, asset.format,
            asset.mime_type, asset.size_bytes, asset.width, asset.height, asset.duration_ms, asset.storage_provider, asset.storage_key, may_read_original(asset.client_id, asset.storage_key) as may_be_read
        from manifest_entries entry
        left join media_assets asset on asset.client_id = entry.client_id and asset.id = entry.asset_id and asset.deleted_at is null and asset.status <> 'failed'
        left join asked on asked.key = entry.segment
        where entry.client_id = @ClientId and entry.manifest_id = @Id
        order by asked.place, entry.segment, entry.type desc, entry.position, entry.id
        limit 20000
        """;

    public async Task<Result<ExportedManifest>> Handle(ExportManifest query, CancellationToken cancellationToken)
    {
        if (await db.FindHidden(ManifestRecords.Table, query.Id, cancellationToken) is { } hidden) return hidden;

        var manifest = await db.Single<Row>(SelectOne, new { db.ClientId, query.Id }, cancellationToken);
        if (manifest.Gathering is "running") return new ManifestBeingGathered();
        if (manifest is { Gathering: "failed", Status: "open" }) return new GatherFailed(manifest.ErrorMessage);

        var rows = await db.List<ItemRow>(SelectItems, new { db.ClientId, query.Id }, cancellationToken);
        if (rows.Any(row => row.MayBeRead is false)) return new OriginalNotAllowed();

        var segments = rows.Select(row => row.Segment).Distinct().ToList();
        return new ExportedManifest(manifest.Id, manifest.Title, manifest.Status, time.GetUtcNow(), [.. rows.Select(row => row.ToItem(segments.IndexOf(row.Segment) + 1))]);
    }

    private sealed record Row(Guid Id, string Title, string Status, string? Gathering, string? ErrorMessage);

    private sealed record ItemRow(
        string Segment, string Type, int Position, Guid? LibraryId, string Source, string? Provider, string? SourceUrl, string Sha256, string OriginalFilename, string? Format, string? MimeType, long? SizeBytes,
        int? Width, int? Height, long? DurationMs, string? StorageProvider, string? StorageKey, bool? MayBeRead)
    {
        public ExportedItem ToItem(int segmentNumber)
        {
            var item = new ExportedItem(Segment, Type, Position, LibraryId, Source, Provider, SourceUrl, Sha256, MimeType, SizeBytes, Width, Height, DurationMs, File: null, Url: null);
            if (LibraryId is null) return item;

            var path = ExportedItem.PathOf(segmentNumber, Segment, Type, Position, OriginalFilename, FileFormats.All.First(format => format.Name == Format).Extension);
            return item with { File = path, Original = new LinkedObject(StorageProvider!, StorageKey!, MimeType!, SizeBytes!.Value, path[(path.LastIndexOf('/') + 1)..]) };
        }
    }
}
