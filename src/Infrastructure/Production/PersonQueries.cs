using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Production;

internal sealed class PersonQueries(DbSession db) : IQueryHandler<ListAliases, AliasDetails[]>, IQueryHandler<GetAlias, AliasDetails>, IQueryHandler<FindPeople, FoundPerson[]>, IQueryHandler<GetMerge, MergeDetails>,
      IQueryHandler<ListMerges, MergeDetails[]>
{
    private const string SelectAliases = """
        select id, person_id, alias, source, created_at, created_by, updated_at, version
        from person_aliases
        where client_id = @ClientId and person_id = @PersonId and (@Id::uuid is null or id = @Id)
        order by created_at, id
        """;

    private const string SelectMerges = """
        select m.id, m.from_id, m.into_id, cardinality(m.aliases) as aliases, cardinality(m.session_participants) as session_participants, cardinality(m.set_participants) as set_participants,
            cardinality(m.credits) as credits, coalesce(since.rows, '[]') as stays, coalesce(gone.rows, '[]') as changed, m.created_at, m.created_by, m.undone_at, m.undone_by
        from person_merges m
        left join lateral (
            select jsonb_agg(jsonb_build_object('about', about, 'id', id, 'what', what) order by about, id) as rows
            from (
                select 'alias' as about, a.id, a.alias as what
                from person_aliases a
                where a.client_id = m.client_id and a.person_id = m.into_id and a.created_at > m.created_at and a.id is distinct from m.added_alias and m.undone_at is null
                union all
                select 'session', link.session_id, link.role
                from session_participants link
                where link.client_id = m.client_id and link.person_id = m.into_id and link.created_at > m.created_at and m.undone_at is null
                union all
                select 'set', link.set_id, link.role
                from set_participants link
                where link.client_id = m.client_id and link.person_id = m.into_id and link.created_at > m.created_at and m.undone_at is null
                union all
                select 'credit', credit.id, credit.raw_name
                from set_credits credit
                where credit.client_id = m.client_id and credit.resolved_person_id = m.into_id and credit.resolved_at > m.created_at and m.undone_at is null
                limit 100
            ) came
        ) since on true
        left join lateral (
            select jsonb_agg(jsonb_build_object('about', about, 'id', id) order by about, id) as rows
            from (
                select 'alias' as about, moved.id
                from unnest(m.aliases) moved (id)
                where m.undone_at is null and not exists (select from person_aliases a where a.client_id = m.client_id and a.id = moved.id and a.person_id = m.into_id)
                union all
                select 'session', moved.id
                from unnest(m.session_participants) moved (id)
                where m.undone_at is null and not exists (select from session_participants link where link.client_id = m.client_id and link.id = moved.id and link.person_id = m.into_id)
                union all
                select 'set', moved.id
                from unnest(m.set_participants) moved (id)
                where m.undone_at is null and not exists (select from set_participants link where link.client_id = m.client_id and link.id = moved.id and link.person_id = m.into_id)
                union all
                select 'credit', moved.id
                from unnest(m.credits) moved (id)
                where m.undone_at is null and not exists (select from set_credits credit where credit.client_id = m.client_id and credit.id = moved.id and credit.resolved_person_id = m.into_id and credit.resolved_at <= m.created_at)
                limit 100
            ) left_behind
        ) gone on true
        where m.client_id = @ClientId and (m.id = @Id or m.from_id = @PersonId or m.into_id = @PersonId)
        order by m.created_at desc, m.id desc
        limit 100
        """;

    // The very name, and what begins so, are looks into an index of all names. Only where these are fewer than asked for, each word is looked for among the distinct
    // words of all names, by what is left of it without a letter and, where that finds none, by its trigrams, of which a short word has too few; then names are looked up that have one of the finds for
    // each word: first of the best finds and of no other word, then of the best, then of any, then of all but one. So no name is compared that has not almost all of the words, however
    // many names there are. What is common is cut: of those whose name begins so, or is made of such words, some hundreds are ranked.
    internal const string Find = """
        with asked as materialized (
            select norm, name_words_of(norm) as words
            from (select left(normal_name(@Q), 200)) as given (norm)
        ), named as materialized (
            select n.person_id, n.alias_id, case when n.alias_id is null then 1 else 0 end as reason, 1::real as score
            from asked
            cross join lateral (
                select names.person_id, names.alias_id
                from person_names names
                join people p on p.client_id = @ClientId and p.id = names.person_id
                where names.client_id = @ClientId and names.norm = asked.norm
                order by names.alias_id is null, p.last_active_on desc nulls last
                limit 200
            ) n
            where asked.norm <> ''
        ), begun as materialized (
            select n.person_id, n.alias_id, 2 as reason, 1::real as score
            from asked
            cross join lateral (
                select person_id, alias_id
                from person_names
                where client_id = @ClientId and norm > asked.norm and norm < asked.norm || chr(1114111)
                order by norm
                limit 300
            ) n
            where asked.norm <> '' and (select count(distinct person_id) from named) < @Limit
        ), direct as materialized (
            select * from named
            union all
            select * from begun
        ), tokens as materialized (
            select word, row_number() over (order by length(word) desc, word) as place
            from asked
            cross join unnest(words) word
            where (select count(distinct person_id) from direct) < @Limit
            order by length(word) desc, word
            limit 6
        ), near_ones as materialized (
            select tokens.place, found.word, found.score
            from tokens
            cross join lateral (
                select known.word, word_likeness(known.word, tokens.word) as score
                from name_words known
                where known.client_id = @ClientId and known.near && near_words(tokens.word)
                order by score desc, known.word
                limit 40
            ) found
            where found.score >= 0.5
        ), guesses as materialized (
            select place, word, score, score = max(score) over (partition by place) as is_best
            from (
                select place, word, score
                from near_ones
                union all
                select tokens.place, found.word, found.score * 0.9
                from tokens
                cross join lateral (
                    select known.word, similarity(known.word, tokens.word) as score
                    from name_words known
                    where known.client_id = @ClientId and known.word % tokens.word
                    order by score desc, known.word
                    limit 8
                ) found
                where length(tokens.word) > 5 and not exists (select from near_ones where near_ones.place = tokens.place)
            ) all_of_them
        ), per_word as materialized (
            select place, string_agg('''' || word || '''', '|') as alternatives, string_agg('''' || word || '''', '|') filter (where is_best) as best
            from guesses
            group by place
        ), closest as materialized (
            select person_id, alias_id, norm, words
            from person_names
            where client_id = @ClientId and words @@ (select (string_agg('(' || best || ')', '&') || '&''#' || (select count(*) from tokens) || '''')::tsquery from per_word)
            limit 300
        ), close as materialized (
            select person_id, alias_id, norm, words
            from person_names
            where client_id = @ClientId and words @@ (select string_agg('(' || best || ')', '&')::tsquery from per_word) and (select count(*) from closest) < @Limit
            limit 300
        ), whole as materialized (
            select person_id, alias_id, norm, words
            from person_names
            where client_id = @ClientId and words @@ (select string_agg('(' || alternatives || ')', '&')::tsquery from per_word) and (select count(*) from closest) + (select count(*) from close) < @Limit
            limit 300
        ), partly as materialized (
            select person_id, alias_id, norm, words
            from person_names
            where client_id = @ClientId and (select count(*) from whole) = 0 and (select count(*) from close) = 0 and (select count(*) from closest) = 0 and words @@ (
                select string_agg('(' || rest || ')', '|')::tsquery
                from per_word without
                cross join lateral (select string_agg('(' || alternatives || ')', '&') as rest from per_word where place <> without.place) others)
            limit 300
        ), similar_ones as materialized (
            select likely.person_id, likely.alias_id, 3 as reason,
                (0.8 * rated.share * (0.85 + 0.15 * least(1, (select count(*) from tokens)::real / greatest(1, length(likely.words) - 1))) + 0.2 * similarity(likely.norm, (select norm from asked)))::real as score
            from (select * from closest union all select * from close union all select * from whole union all select * from partly) likely
            cross join lateral (
                select sum(best) / (select count(*) from tokens) as share
                from (
                    select max(guesses.score) as best
                    from guesses
                    where guesses.word = any(tsvector_to_array(likely.words))
                    group by guesses.place
                ) words
            ) rated
        ), best as (
            select distinct on (person_id) person_id, alias_id, reason, score
            from (select * from direct union all select * from similar_ones) found
            order by person_id, reason, score desc, alias_id nulls first
        )
        select p.id, p.display_name, p.type, p.last_active_on, (array['alias', 'name', 'prefix', 'similar'])[best.reason + 1] as match, a.alias, best.score::float8 as score
        from best
        join people p on p.client_id = @ClientId and p.id = best.person_id
        left join person_aliases a on a.client_id = @ClientId and a.id = best.alias_id
        order by best.reason, best.score desc, p.last_active_on desc nulls last, p.id
        limit @Limit
        """;

    public async Task<Result<AliasDetails[]>> Handle(ListAliases query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.PersonId, cancellationToken) is { } hidden) return hidden;
        return (await db.List<AliasDetails>(SelectAliases, new { db.ClientId, query.PersonId, Id = (Guid?)null }, cancellationToken)).ToArray();
    }

    public async Task<Result<AliasDetails>> Handle(GetAlias query, CancellationToken cancellationToken)
    {
        if (await Hidden(query.PersonId, cancellationToken) is { } hidden) return hidden;
        return await db.Find<AliasDetails>(SelectAliases, new { db.ClientId, query.PersonId, Id = (Guid?)query.Id }, cancellationToken) is { } found ? found : new AliasNotFound(query.Id);
    }

    public async Task<Result<MergeDetails>> Handle(GetMerge query, CancellationToken cancellationToken) =>
        await db.Find<MergeDetails>(SelectMerges, new { db.ClientId, query.Id, PersonId = (Guid?)null }, cancellationToken) is { } merge ? merge : new MergeNotFound(query.Id);

    public async Task<Result<MergeDetails[]>> Handle(ListMerges query, CancellationToken cancellationToken)
    {
        var merges = await db.List<MergeDetails>(SelectMerges, new { db.ClientId, Id = (Guid?)null, query.PersonId }, cancellationToken);
        return merges.Count == 0 && await Hidden(query.PersonId, cancellationToken) is { } hidden ? hidden : merges.ToArray(); // who was merged is in the trash, and still asked about
    }

    public async Task<Result<FoundPerson[]>> Handle(FindPeople query, CancellationToken cancellationToken) =>
        (await db.List<FoundPerson>(Find, new { db.ClientId, query.Q, query.Limit }, cancellationToken)).ToArray();

    private Task<Error?> Hidden(Guid id, CancellationToken cancellationToken) => db.FindHidden(PersonRecords.Table, id, cancellationToken);
}
