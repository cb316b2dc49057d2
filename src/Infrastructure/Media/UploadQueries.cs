using MediaPlatform.Application.Access;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class UploadQueries(DbSession db) : IQueryHandler<GetUpload, UploadDetails>, IQueryHandler<ListUploads, Page<UploadDetails>>,
      IQueryHandler<CheckHashes, IReadOnlyList<CheckedHash>>
{
    private const string Columns = """
        r.id, r.kind, r.status, r.file_name, r.declared_mime_type, r.declared_size, r.on_trashed, encode(r.declared_sha256, 'hex') as declared_sha256, r.size_bytes, encode(r.sha256, 'hex') as sha256,
        r.asset_id, (r.texts ->> 'session_id')::uuid as session_id, r.error_code, r.error_message, r.expires_at, r.created_at, r.created_by_kind, r.created_by, r.updated_at, r.version
        """;

    private const string CreatedBy = "created_by";

    private const string SelectKnown = """
        select encode(sha256, 'hex') as sha256, id as asset_id, deleted_at is not null as in_trash
        from media_assets
        where client_id = @ClientId and sha256 = any(@Hashes)
        """;

    internal static readonly ListDefinition<UploadDetails> List = new(
        Columns,
        "uploads r",
        [
            new("id", "r.id", FieldType.Uuid),
            Fields.Enum<UploadDetails, UploadKind>("kind", "r.kind"),
            Fields.Enum<UploadDetails, UploadStatus>("status", "r.status"),
            new("file_name", "r.file_name", FieldType.Text),
            new("asset_id", "r.asset_id", FieldType.Uuid, Nullable: true),
            new("error_code", "r.error_code", FieldType.Text, Nullable: true),
            new("created_by_kind", "r.created_by_kind", FieldType.Code),
            new(CreatedBy, "r.created_by", FieldType.Uuid, Nullable: true),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
        ],
        row => row.Id);

    public async Task<Result<UploadDetails>> Handle(GetUpload query, CancellationToken cancellationToken)
    {
        var upload = await db.One(List, query.Id.Value, new UploadNotFound(query.Id), cancellationToken);
        return upload.Succeeded && !db.Caller.MaySee(upload.Value.CreatedByKind, upload.Value.CreatedBy) ? new UploadNotFound(query.Id) : upload;
    }

    public async Task<Result<IReadOnlyList<CheckedHash>>> Handle(CheckHashes query, CancellationToken cancellationToken)
    {
        var asked = query.Hashes.Select(hash => hash.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToArray();
        var known = await db.List<CheckedHash>(SelectKnown, new { db.ClientId, Hashes = Array.ConvertAll(asked, Convert.FromHexString) }, cancellationToken);
        var byHash = known.ToDictionary(one => one.Sha256, StringComparer.Ordinal);
        return Array.ConvertAll(asked, hash => byHash.GetValueOrDefault(hash) ?? new CheckedHash(hash, AssetId: null, InTrash: false));
    }

    public Task<Result<Page<UploadDetails>>> Handle(ListUploads query, CancellationToken cancellationToken) => db.Page(
        List, db.Caller.Kind is ActorKind.Guest ? query.Request with { Conditions = [.. query.Request.Conditions, Own()] } : query.Request, cancellationToken);

    /// <summary>What a guest has sent.</summary>
    private Condition Own() => new(CreatedBy, Operator.Eq, [db.Caller.ActorId.ToString()!]);
}
