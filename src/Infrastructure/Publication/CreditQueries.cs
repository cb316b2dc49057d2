using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Publication;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Production;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class CreditQueries(DbSession db)
    : IQueryHandler<ListCredits, Page<CreditDetails>>, IQueryHandler<GetCredit, CreditDetails>, IQueryHandler<ListCreditsOfSet, CreditDetails[]>, IQueryHandler<FindCandidates, CreditCandidate[]>,
      IQueryHandler<GetResolution, ResolutionDetails>
{
    private const string Columns = """
        r.id, r.set_id, r.position, r.role, r.raw_name, r.name_norm, r.resolution_status, r.resolved_person_id, r.resolution_id, r.resolved_at, r.resolved_by, r.redacted_at, r.created_at, r.created_by, r.updated_at, r.version
        """;

    private const string From = "set_credits r join sets s on s.client_id = r.client_id and s.id = r.set_id";

    private const string SelectOfSet = $"""
        select {Columns}
        from set_credits r
        where r.client_id = @ClientId and r.set_id = @SetId
        order by r.position
        """;

    // Those who were found by the name, and those whom others of this very name were said to mean.
    private const string SelectCandidates = """
        with credit as materialized (
            select credit.id, credit.role, credit.name_norm, credit.set_id, s.channel_id
            from set_credits credit
            join sets s on s.client_id = credit.client_id and s.id = credit.set_id
            where credit.client_id = @ClientId and credit.id = @CreditId
        ), before as materialized (
            select other.resolved_person_id as person_id, count(*) as times
            from credit
            join set_credits other on other.client_id = @ClientId and other.name_norm = credit.name_norm and other.id <> credit.id
            where other.resolution_status = 'resolved'
            group by other.resolved_person_id
            order by times desc
            limit 20
        )
        select p.id as person_id, p.display_name, p.type, coalesce(before.times, 0)::int as resolved_before,
            p.type in (credit.role, 'both') as fits_role,
            exists (
                select from set_participant_support support
                join sets s on s.client_id = support.client_id and s.id = support.set_id
                where support.client_id = @ClientId and support.person_id = p.id and s.channel_id = credit.channel_id and s.id <> credit.set_id and s.deleted_at is null) as in_channel
        from credit
        cross join people p
        left join before on before.person_id = p.id
        where p.client_id = @ClientId and p.deleted_at is null and p.id in (select unnest(@Ids::uuid[]) union select person_id from before)
        """;

    private const string SelectResolution = """
        select id, person_id, name_norm as name, role, channel_id, credits, created_at, created_by, undone_at, undone_by, undone
        from credit_resolutions
        where client_id = @ClientId and id = @Id
        """;

    internal static readonly ListDefinition<CreditDetails> List = new(
        Columns,
        From,
        [
            new("id", "r.id", FieldType.Uuid),
            new("set_id", "r.set_id", FieldType.Uuid),
            new("position", "r.position", FieldType.Integer),
            Fields.Enum<CreditDetails, ParticipantRole>("role", "r.role"),
            new("raw_name", "r.raw_name", FieldType.Code),
            new("name", "r.name_norm = any(array(select normal_name(given) from unnest({0}) given))", FieldType.Related) { Related = "A name, whatever its case and accents" },
            new("name_norm", "r.name_norm", FieldType.Code),
            Fields.Enum<CreditDetails, ResolutionStatus>("resolution_status", "r.resolution_status"),
            new("resolved_person_id", "r.resolved_person_id", FieldType.Uuid, Nullable: true),
            new("resolution_id", "r.resolution_id", FieldType.Uuid, Nullable: true),
            new("resolved_at", "r.resolved_at", FieldType.Instant, Nullable: true),
            new("resolved_by", "r.resolved_by", FieldType.Uuid, Nullable: true),
            new("redacted_at", "r.redacted_at", FieldType.Instant, Nullable: true),
            new("channel_id", "s.channel_id", FieldType.Uuid),
            new("published_at", "s.published_at", FieldType.Instant),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
            new("created_by", "r.created_by", FieldType.Uuid, Nullable: true),
            new("updated_at", "r.updated_at", FieldType.Instant),
            new("version", "r.version", FieldType.Integer),
        ],
        row => row.Id,
        Visible: "s.deleted_at is null");

    public Task<Result<Page<CreditDetails>>> Handle(ListCredits query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public async Task<Result<CreditDetails>> Handle(GetCredit query, CancellationToken cancellationToken)
    {
        if (await db.Find<CreditDetails>(List.SelectOne, new { db.ClientId, query.Id }, cancellationToken) is not { } credit) return new CreditNotFound(query.Id);
        return await Hidden(credit.SetId, cancellationToken) switch
        {
            null => credit,
            RecordNotFound => new CreditNotFound(query.Id),
            var inTrash => inTrash,
        };
    }

    public async Task<Result<CreditDetails[]>> Handle(ListCreditsOfSet query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.SetId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<CreditDetails>(SelectOfSet, new { db.ClientId, query.SetId }, cancellationToken)).ToArray();
    }

    public async Task<Result<CreditCandidate[]>> Handle(FindCandidates query, CancellationToken cancellationToken)
    {
        var credit = await Handle(new GetCredit(query.CreditId), cancellationToken);
        if (!credit.Succeeded) return credit.As<CreditCandidate[]>();
        if (credit.Value.RedactedAt is not null) return Array.Empty<CreditCandidate>();

        var found = (await db.List<FoundPerson>(PersonQueries.Find, new { db.ClientId, Q = credit.Value.RawName, query.Limit }, cancellationToken)).ToDictionary(person => person.Id);
        var candidates = await db.List<Candidate>(SelectCandidates, new { db.ClientId, query.CreditId, Ids = found.Keys.ToArray() }, cancellationToken);
        return candidates.Select(candidate => candidate.Rate(found.GetValueOrDefault(candidate.PersonId)))
            .OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.DisplayName, StringComparer.Ordinal).ThenBy(candidate => candidate.PersonId).Take(query.Limit).ToArray();
    }

    public async Task<Result<ResolutionDetails>> Handle(GetResolution query, CancellationToken cancellationToken) =>
        await db.Find<ResolutionDetails>(SelectResolution, new { db.ClientId, query.Id }, cancellationToken) is { } resolution ? resolution : new ResolutionNotFound(query.Id);

    private Task<Error?> Hidden(Guid setId, CancellationToken cancellationToken) => db.FindHidden(SetRecords.Table, setId, cancellationToken);

    private sealed record Candidate(Guid PersonId, string DisplayName, string? Type, int ResolvedBefore, bool? FitsRole, bool InChannel)
    {
        // What the name is worth, and what is known beside it: together at most 1. A name that is the very same is worth more than all the rest together.
        public CreditCandidate Rate(FoundPerson? found)
        {
            List<CandidateReason> reasons = [];
            if (found is not null)
            {
                reasons.Add(found.Match switch
                {
                    "alias" => new("SAME_ALIAS", 0.65),
                    "name" => new("SAME_NAME", 0.65),
                    "prefix" => new("BEGINS_SO", 0.4),
                    _ => new("SIMILAR_NAME", Math.Round(0.5 * found.Score, 3)),
                });
            }

            if (ResolvedBefore > 0) reasons.Add(new("RESOLVED_BEFORE", 0.2));
            if (InChannel) reasons.Add(new("SAME_CHANNEL", 0.1));
            if (FitsRole is true) reasons.Add(new("FITS_ROLE", 0.05));
            return new CreditCandidate(PersonId, DisplayName, Type, found?.Alias, Math.Round(reasons.Sum(reason => reason.Score), 3), reasons);
        }
    }
}
