using System.Text.Json;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class ThumbnailQueries(DbSession db) : IQueryHandler<GetThumbnail, ThumbnailDetails>, IQueryHandler<FindThumbnail, LinkedObject>
{
    /// <summary>The path of the largest size, for a list over <c>r</c>; null where there is none.</summary>
    internal const string UrlOfEpisode = """
        (
            select '/api/v1/episodes/' || r.id || '/thumbnail/1280x720'
            from thumbnails thumbnail
            where thumbnail.client_id = r.client_id and thumbnail.owner_id = r.id and thumbnail.storage_folder is not null)
        """;

    private const string Columns = """
        owner.deleted_at, thumbnail.status, thumbnail.error_code, thumbnail.error_message, thumbnail.source, thumbnail.frame_clip_id, thumbnail.frame_seconds, thumbnail.custom_asset_id,
        thumbnail.sources, thumbnail.storage_provider, thumbnail.storage_folder, thumbnail.large_bytes, thumbnail.medium_bytes, thumbnail.small_bytes, thumbnail.rendered_at, thumbnail.version,
        coalesce(thumbnail.status, 'none') = 'none'
            and exists (select from thumbnail_candidates(owner.client_id, owner.id) where asset_id is null and reference is not null) as is_elsewhere
        """;

    private const string OfEpisode = $"""
        select {Columns}
        from episodes owner
        left join thumbnails thumbnail on thumbnail.client_id = owner.client_id and thumbnail.owner_id = owner.id
        where owner.client_id = @ClientId and owner.id = @Id
        """;

    private const string OfClip = $"""
        select {Columns}
        from clips owner
        left join thumbnails thumbnail on thumbnail.client_id = owner.client_id and thumbnail.owner_id = owner.id
        where owner.client_id = @ClientId and owner.id = @Id
        """;

    private const string OfOutfit = $"""
        select {Columns}
        from outfits owner
        left join thumbnails thumbnail on thumbnail.client_id = owner.client_id and thumbnail.owner_id = owner.id
        where owner.client_id = @ClientId and owner.id = @Id
        """;

    public async Task<Result<ThumbnailDetails>> Handle(GetThumbnail query, CancellationToken cancellationToken)
    {
        var found = await Find(query.Owner, cancellationToken);
        if (!found.Succeeded) return found.As<ThumbnailDetails>();

        var row = found.Value;
        var status = row.Status ?? "none";
        Error? missing = status != "none" ? null : row.IsElsewhere ? new ThumbnailSourcesElsewhere() : new ThumbnailWithoutSources();
        var chosen = row.Source is null ? null : new ThumbnailChoice(Names.Require<ThumbnailSource>(row.Source), row.FrameClipId, row.FrameSeconds, row.CustomAssetId);
        return new ThumbnailDetails(
            status, row.ErrorCode ?? missing?.Code, row.ErrorMessage ?? missing?.Message, chosen, row.Sources is { } sources ? Thumbnails.PartsOf(sources) : [],
            [.. row.Renditions()], row.RenderedAt, row.Version ?? 0);
    }

    public async Task<Result<LinkedObject>> Handle(FindThumbnail query, CancellationToken cancellationToken)
    {
        var found = await Find(query.Owner, cancellationToken);
        if (!found.Succeeded) return found.As<LinkedObject>();
        return found.Value.Renditions().FirstOrDefault(rendition => rendition.Size.Name == query.Size) is { } rendition ? rendition.Object : new ThumbnailNotFound(query.Owner, query.Size);
    }

    private async Task<Result<Row>> Find(ThumbnailOwner owner, CancellationToken cancellationToken)
    {
        var (sql, kind) = owner.Kind switch
        {
            ThumbnailOwnerKind.Episode => (OfEpisode, EpisodeKinds.Episode),
            ThumbnailOwnerKind.Clip => (OfClip, EpisodeKinds.Clip),
            _ => (OfOutfit, EpisodeKinds.Outfit),
        };
        if (await db.Find<Row>(sql, new { db.ClientId, owner.Id }, cancellationToken) is not { } row) return new RecordNotFound(kind, owner.Id);
        return RecordState.Hidden(kind, owner.Id, row.DeletedAt, db.Caller.Role) is { } hidden ? hidden : row;
    }

    private sealed record Row(
        DateTimeOffset? DeletedAt, string? Status, string? ErrorCode, string? ErrorMessage, string? Source, Guid? FrameClipId, double? FrameSeconds, Guid? CustomAssetId, JsonElement? Sources,
        string? StorageProvider, string? StorageFolder, long? LargeBytes, long? MediumBytes, long? SmallBytes, DateTimeOffset? RenderedAt, int? Version, bool IsElsewhere)
    {
        public IEnumerable<ThumbnailRendition> Renditions() => StorageFolder is null
            ? []
            : ThumbnailSize.All.Zip([LargeBytes!.Value, MediumBytes!.Value, SmallBytes!.Value], (size, bytes) => new ThumbnailRendition(
                size, new LinkedObject(StorageProvider!, $"{StorageFolder}{size.Name}.jpg", FileFormats.Jpeg.MimeType, bytes, $"{size.Name}.jpg")));
    }
}
