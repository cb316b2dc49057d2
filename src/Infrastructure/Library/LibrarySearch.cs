namespace MediaPlatform.Infrastructure.Library;

/// <summary>
/// The scored search as one statement. It goes from the few that have every word to the many that have any, and no further than where a better one can be: a stage is
/// looked at when those before have found too little, or when its best could be better than the last of theirs.
/// </summary>
internal static class LibrarySearch
{
    /// <summary>How much of the order of use is looked along for words that are frequent.</summary>
    private const string Latest = "2000";

    /// <summary>The recency of what is used now: 1 ÷ (1 + exp(−3)).</summary>
    private const string MostRecent = "0.952574126822433";

    private const string Columns = "item.asset_id, item.pixels, item.aspect, item.used_at, item.terms";

    private const string Fits = """
        (@MinWidth::int is null or item.width >= @MinWidth) and (@MinHeight::int is null or item.height >= @MinHeight)
        and (@MinDurationMs::bigint is null or item.duration_ms >= @MinDurationMs) and item.asset_id <> all(@Without::uuid[])
        """;

    // One word after the other, since arrays have no function for what two of them have in common; as many as can be asked for.
    private const string Matched = """
        (asked.terms[1] = any(item.terms))::int + case when asked.count > 1 then (asked.terms[2] = any(item.terms))::int
            + case when asked.count > 2 then (asked.terms[3] = any(item.terms))::int + coalesce((asked.terms[4] = any(item.terms))::int, 0)
            + case when asked.count > 4 then (asked.terms[5] = any(item.terms))::int + coalesce((asked.terms[6] = any(item.terms))::int, 0) + coalesce((asked.terms[7] = any(item.terms))::int, 0)
                + coalesce((asked.terms[8] = any(item.terms))::int, 0)
            + case when asked.count > 8 then (asked.terms[9] = any(item.terms))::int + coalesce((asked.terms[10] = any(item.terms))::int, 0) + coalesce((asked.terms[11] = any(item.terms))::int, 0)
                + coalesce((asked.terms[12] = any(item.terms))::int, 0) + coalesce((asked.terms[13] = any(item.terms))::int, 0) + coalesce((asked.terms[14] = any(item.terms))::int, 0)
                + coalesce((asked.terms[15] = any(item.terms))::int, 0) + coalesce((asked.terms[16] = any(item.terms))::int, 0)
            else 0 end else 0 end else 0 end else 0 end
        """;

    // The formula of the library: score = (all_tags + 0.5 × any_tags) + boost × recency + aspect_fit.
    private const string Scored = $"""
        term.asset_id, term.pixels, term.used_at, term.all_tags, term.any_tags, term.recency, term.aspect_fit,
            term.all_tags + 0.5::float8 * term.any_tags + @Boost::float8 * term.recency + term.aspect_fit as score
        from (
            select item.asset_id, item.pixels, item.used_at, (item.matched = item.count)::int::float8 as all_tags, item.matched::float8 / item.count as any_tags,
                1 / (1 + exp(least(700, (date_part('epoch', @Now::timestamptz - item.used_at) / 86400 - 30) / 10))) as recency,
                case when @LnAspect::float8 is null then 0 else 0.25::float8 * greatest(0, 1 - abs(item.aspect - @LnAspect) / ln(2::float8)) end as aspect_fit
            from (select asked.count, {Columns}, {Matched} as matched from found item cross join asked) item
        ) term
        order by score desc, pixels desc, used_at desc, asset_id
        limit @Limit
        """;

    /// <summary>The score of the last of those that were found, where they are enough.</summary>
    private const string Last = "case when count(*) = @Limit then min(score) end from";

    internal const string Statement = $"""
        with asked as materialized (
            select terms, cardinality(terms) as count, @Boost::float8 * {MostRecent} + case when @LnAspect::float8 is null then 0 else 0.25 end as beside
            from (select library_terms(@ClientId, @Type, @Tokens::text[]) as terms) given
        ), latest as materialized (
            select {Columns}
            from (
                select *
                from library_items
                where client_id = @ClientId and type = @Type
                order by used_at desc
                limit {Latest}
            ) item
            where @LnAspect::float8 is null and @Boost::float8 > 0 and item.terms @> (select terms from asked) and {Fits}
            order by used_at desc, pixels desc, asset_id
            limit @Limit
        ), along as materialized (
            select count(*) = @Limit and min(used_at) > coalesce((
                select used_at
                from library_items
                where client_id = @ClientId and type = @Type
                order by used_at desc
                offset {Latest} - 1
                limit 1), '-infinity') as is_enough
            from latest
        ), every as materialized (
            with found as (
                select {Columns}
                from latest item
                where (select is_enough from along)
                union all
                select {Columns}
                from library_items item
                where not (select is_enough from along) and item.client_id = @ClientId and item.terms @> (select terms from asked) and {Fits}
            )
            select {Scored}
        ), several as materialized (
            with found as (
                select distinct {Columns}
                from asked
                cross join lateral unnest(asked.terms) with ordinality word (term, place)
                cross join lateral (
                    select {Columns}
                    from library_items item
                    where item.client_id = @ClientId and item.terms @> array[word.term] and item.terms && asked.terms[word.place + 1:] and {Fits}
                ) item
                where asked.count > 2 and word.place < asked.count
                    and coalesce((select {Last} every) < 0.5 * (asked.count - 1) / asked.count + asked.beside, true)
            )
            select {Scored}
        ), most as materialized (
            select *
            from (select * from every union select * from several) found
            order by score desc, pixels desc, used_at desc, asset_id
            limit @Limit
        ), any_of_them as materialized (
            with found as (
                select {Columns}
                from library_items item
                where (select count > 1 and coalesce((select {Last} most) < 0.5 / count + beside, true) from asked)
                    and item.client_id = @ClientId and item.terms && (select terms from asked) and {Fits}
            )
            select {Scored}
        )
        select best.asset_id, best.score, best.all_tags, best.any_tags, best.recency, @Boost::float8 as recency_boost, best.aspect_fit,
            array(
                select token
                from unnest(@Tokens::text[]) with ordinality given (token, place)
                where token = any(tag_tokens(asset.tags))
                order by place) as matched
        from (
            select *
            from (select * from most union select * from any_of_them) found
            order by score desc, pixels desc, used_at desc, asset_id
            limit @Limit
        ) best
        join media_assets asset on asset.client_id = @ClientId and asset.id = best.asset_id
        order by best.score desc, best.pixels desc, best.used_at desc, best.asset_id
        """;
}
