using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Publication;

internal sealed class EvidenceQueries(DbSession db) : IQueryHandler<ListEvidence, EvidenceDetails[]>, IQueryHandler<FindSessionCandidates, SessionCandidate[]>
{
    private const string SelectEvidence = """
        select 'label' as about, label.id, label.name, null::text as role, evidence.evidence_type as source, evidence.confidence,
            case when evidence.evidence_type = 'channel_map' then s.channel_id end as source_id, null::text as raw_name, evidence.notes, evidence.created_at as at, evidence.created_by as by
        from sets s
        join set_label_evidence evidence on evidence.client_id = s.client_id and evidence.set_id = s.id
        join labels label on label.client_id = evidence.client_id and label.id = evidence.label_id and label.deleted_at is null
        where s.client_id = @ClientId and s.id = @SetId
        union all
        select 'person', person.id, person.display_name, support.role, case when support.credit_id is null then 'manual' else 'credit' end, null, support.credit_id, support.raw_name, null, support.created_at,
            support.created_by
        from set_participant_support support
        join people person on person.client_id = support.client_id and person.id = support.person_id and person.deleted_at is null
        where support.client_id = @ClientId and support.set_id = @SetId
        union all
        select 'session', session.id, coalesce(session.location, session.produced_start_at::date::text, 'Session'), null, 'manual', null, null, null, link.notes, link.created_at, link.created_by
        from set_sessions link
        join sessions session on session.client_id = link.client_id and session.id = link.session_id and session.deleted_at is null
        where link.client_id = @ClientId and link.set_id = @SetId
        union all
        select 'session', session.id, coalesce(session.location, session.produced_start_at::date::text, 'Session'), null, 'media', null, shown.item_id, null, null, shown.at, shown.by
        from (
            select distinct on (item.session_id) item.session_id, item.id as item_id, link.created_at as at, link.created_by as by
            from set_media_items link
            join media_items item on item.client_id = link.client_id and item.id = link.media_item_id
            join media_assets asset on asset.client_id = item.client_id and asset.id = item.asset_id and asset.deleted_at is null
            where link.client_id = @ClientId and link.set_id = @SetId
            order by item.session_id, link.position
        ) shown
        join sessions session on session.client_id = @ClientId and session.id = shown.session_id and session.deleted_at is null
        order by about, confidence desc nulls last, at, id
        """;

    // Of each label that the set may be of, the sessions that came last before it; and all sessions that somebody of the set was in. What began after it came out is none.
    private const string SelectCandidates = """
        with shown as materialized (
            select id, published_at, published_at + interval '1 day' as before
            from sets
            where client_id = @ClientId and id = @SetId
        ), labelled as materialized (
            select evidence.label_id, max(evidence.confidence) as confidence
            from set_label_evidence evidence
            join labels label on label.client_id = evidence.client_id and label.id = evidence.label_id and label.deleted_at is null
            where evidence.client_id = @ClientId and evidence.set_id = @SetId
            group by evidence.label_id
        ), cast_of_set as materialized (
            select distinct support.person_id
            from set_participant_support support
            join people person on person.client_id = support.client_id and person.id = support.person_id and person.deleted_at is null
            where support.client_id = @ClientId and support.set_id = @SetId
        ), candidates as materialized (
            select of_label.id
            from labelled
            cross join shown
            cross join lateral (
                select s.id
                from sessions s
                where s.client_id = @ClientId and s.label_id = labelled.label_id and s.produced_start_at < shown.before and s.deleted_at is null
                order by s.produced_start_at desc nulls last, s.id desc
                limit 200
            ) of_label
            union
            select of_person.session_id
            from cast_of_set
            cross join lateral (
                select link.session_id
                from session_participants link
                join sessions s on s.client_id = link.client_id and s.id = link.session_id and s.deleted_at is null
                where link.client_id = @ClientId and link.person_id = cast_of_set.person_id
                order by s.produced_start_at desc nulls last, s.id desc
                limit 1000
            ) of_person
        ), rated as (
            select s.id, s.label_id, s.produced_start_at, s.location, s.status,
                coalesce(0.35 * labelled.confidence, 0) as of_label,
                coalesce(0.45 * (
                    select count(distinct link.person_id)
                    from session_participants link
                    where link.client_id = @ClientId and link.session_id = s.id and link.person_id in (select person_id from cast_of_set))
                    / nullif((select count(*) from cast_of_set), 0), 0) as of_cast,
                case when s.produced_start_at is null then 0 else 0.2 * greatest(0, 1 - greatest(0, extract(epoch from shown.published_at - coalesce(s.produced_end_at, s.produced_start_at))) / (365 * 86400)) end as of_date
            from candidates
            cross join shown
            join sessions s on s.client_id = @ClientId and s.id = candidates.id and s.deleted_at is null
            left join labelled on labelled.label_id = s.label_id
            where s.produced_start_at is null or s.produced_start_at < shown.before
        )
        select id as session_id, label_id, produced_start_at, location, status,
            exists (select from set_sessions link where link.client_id = @ClientId and link.set_id = @SetId and link.session_id = rated.id) as is_claimed,
            round((of_label + of_cast + of_date)::numeric, 3)::float8 as score,
            (
                select jsonb_agg(jsonb_build_object('code', code, 'score', round(given::numeric, 3)) order by given desc)
                from (values ('LABEL', of_label::float8), ('PARTICIPANTS', of_cast::float8), ('DATE', of_date::float8)) reason (code, given)
                where given > 0) as reasons
        from rated
        where of_label + of_cast > 0
        order by score desc, produced_start_at desc nulls last, id
        limit @Limit
        """;

    public async Task<Result<EvidenceDetails[]>> Handle(ListEvidence query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.SetId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<EvidenceDetails>(SelectEvidence, new { db.ClientId, query.SetId }, cancellationToken)).ToArray();
    }

    public async Task<Result<SessionCandidate[]>> Handle(FindSessionCandidates query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.SetId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<SessionCandidate>(SelectCandidates, new { db.ClientId, query.SetId, query.Limit }, cancellationToken)).ToArray();
    }

    private Task<Error?> Hidden(Guid setId, CancellationToken cancellationToken) => db.FindHidden(SetRecords.Table, setId, cancellationToken);
}
