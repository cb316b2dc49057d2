using MediaPlatform.Application.Library;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Library;

internal sealed class VerificationQueries(DbSession db)
    : IQueryHandler<ListVerifications, VerificationDetails[]>, IQueryHandler<GetVerification, VerificationDetails>, IQueryHandler<ListFindings, FindingDetails[]>
{
    private const string Select = """
        select verification.id, verification.status, case verification.status when 'running' then coalesce(job.progress, 0) else 100 end as progress, job.id as job_id, verification.checksums,
            verification.quarantine, verification.objects, verification.bytes, verification.unseen, verification.missing, verification.orphaned, verification.corrupted, verification.quarantined,
            verification.cleared, verification.deleted, verification.reprocessed, verification.error_code, verification.error_message, verification.created_at, verification.created_by_kind,
            verification.created_by, verification.updated_at, verification.finished_at
        from library_verifications verification
        left join lateral (
            select id, progress
            from jobs
            where client_id = verification.client_id and subject_id = verification.id and type = 'LIBRARY_VERIFY'
            order by created_at desc
            limit 1
        ) job on true
        """;

    private const string SelectLatest = $"""
        {Select}
        where verification.client_id = @ClientId
        order by verification.created_at desc, verification.id desc
        limit 100
        """;

    private const string SelectOne = $"""
        {Select}
        where verification.client_id = @ClientId and verification.id = @Id
        """;

    private const string SelectExists = """
        select exists (select from library_verifications where client_id = @ClientId and id = @Id)
        """;

    private const string SelectFindings = """
        select id, kind, status, storage_provider, storage_key, asset_id, size_bytes, found_at, quarantined_at, delete_after, updated_at
        from library_findings
        where client_id = @ClientId and verification_id = @Id and (@Kind::text is null or kind = @Kind)
        order by kind, id
        limit 1000
        """;

    public async Task<Result<VerificationDetails[]>> Handle(ListVerifications query, CancellationToken cancellationToken) =>
        (await db.List<VerificationDetails>(SelectLatest, new { db.ClientId }, cancellationToken)).ToArray();

    public async Task<Result<VerificationDetails>> Handle(GetVerification query, CancellationToken cancellationToken) =>
        await db.Find<VerificationDetails>(SelectOne, new { db.ClientId, query.Id }, cancellationToken) is { } found ? found : new VerificationNotFound(query.Id);

    public async Task<Result<FindingDetails[]>> Handle(ListFindings query, CancellationToken cancellationToken)
    {
        if (!await db.Single<bool>(SelectExists, new { db.ClientId, Id = query.VerificationId }, cancellationToken)) return new VerificationNotFound(query.VerificationId);
        return (await db.List<FindingDetails>(
            SelectFindings, new { db.ClientId, Id = query.VerificationId, Kind = query.Kind is { } kind ? Names.Of(kind) : null }, cancellationToken)).ToArray();
    }
}
