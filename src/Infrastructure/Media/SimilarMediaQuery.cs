using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class SimilarMediaQuery(DbSession db) : IQueryHandler<FindSimilarMedia, SimilarMedia[]>
{
    private const string SelectHash = """
        select phash, status, format, placeholder_hash is not null as has_picture, deleted_at
        from media_assets
        where client_id = @ClientId and id = @Id
        """;

    private const string Candidates = """
        select id, type, bit_count((phash # @Hash)::bit(64))::int as distance
        from media_assets
        where client_id = @ClientId and deleted_at is null and phash is not null
        """;

    private const string Nearest = """
        where distance <= @Distance and id <> @Id and (@Type::text is null or type = @Type)
        order by distance, id
        limit @Limit
        """;

    // Of each band the nearest are enough, of which the nearest of all are among: a hundred thousand versions of one picture are not brought together. By "offset 0" a word is
    // looked for at a time, whatever the statistics say: with "= any(…)" a plan was sometimes a scan of the table.
    internal const string SelectNear = $"""
        with near as (
            (
                select id, distance
                from unnest(@Words0::bigint[]) as word
                cross join lateral ({Candidates} and phash & 65535 = word offset 0) candidate
                {Nearest}
            )
            union
            (
                select id, distance
                from unnest(@Words1::bigint[]) as word
                cross join lateral ({Candidates} and phash >> 16 & 65535 = word offset 0) candidate
                {Nearest}
            )
            union
            (
                select id, distance
                from unnest(@Words2::bigint[]) as word
                cross join lateral ({Candidates} and phash >> 32 & 65535 = word offset 0) candidate
                {Nearest}
            )
            union
            (
                select id, distance
                from unnest(@Words3::bigint[]) as word
                cross join lateral ({Candidates} and phash >> 48 & 65535 = word offset 0) candidate
                {Nearest}
            )
        )
        select id, distance
        from near
        order by distance, id
        limit @Limit
        """;

    public async Task<Result<SimilarMedia[]>> Handle(FindSimilarMedia query, CancellationToken cancellationToken)
    {
        var (id, distance, limit, type) = query;
        if (await db.Find<HashRow>(SelectHash, new { db.ClientId, Id = id.Value }, cancellationToken) is not { } row) return new AssetNotFound(id);
        if (RecordState.Hidden(MediaAsset.Kind, id.Value, row.DeletedAt, db.Caller.Role) is { } hidden) return hidden;
        if (row.Phash is not { } hash) return new MediaWithoutPerceptualHash(id, WhyNone(row));

        var near = await db.List<Near>(
            SelectNear,
            new
            {
                db.ClientId, Id = id.Value, Hash = hash, Distance = distance, Limit = limit, Type = type is { } only ? Names.Of(only) : null,
                Words0 = HashBands.Words(hash, 0, distance), Words1 = HashBands.Words(hash, 1, distance),
                Words2 = HashBands.Words(hash, 2, distance), Words3 = HashBands.Words(hash, 3, distance),
            },
            cancellationToken);
        var ids = near.Select(one => one.Id).ToArray();
        var assets = (await db.List<MediaAssetDetails>(MediaQueries.SelectByIds, new { db.ClientId, Ids = ids }, cancellationToken)).ToDictionary(asset => asset.Id);
        return near.Where(one => assets.TryGetValue(one.Id, out var asset) && asset.DeletedAt is null).Select(one => new SimilarMedia(assets[one.Id], one.Distance)).ToArray();
    }

    private static string WhyNone(HashRow row) => row switch
    {
        { Status: "processing" } => "it is still being processed.",
        { Status: "failed" } => "it could not be read.",
        { HasPicture: false } => $"it is {row.Format}, and no picture was made of it.",
        _ => "it is plain, a gradient or stripes, of which all are alike; or it was processed before there were such hashes, and POST /media/{id}/reprocess gives it one.",
    };

    private sealed record HashRow(long? Phash, string Status, string Format, bool HasPicture, DateTimeOffset? DeletedAt);

    private sealed record Near(Guid Id, int Distance);
}
