namespace MediaPlatform.Infrastructure.Library;

/// <summary>
/// The scored search as one statement. It goes from the few that have every word to the many that have any, and no further than where a better one can be. Those that were used last are scored first:
/// what the last of the best of them has is a bound, by which a stage is left out, or most of what it finds is passed over before its score is worked out.
/// </summary>
internal static class LibrarySearch
{
    /// <summary>How much of the order of use is looked along.</summary>
    private const string Latest = "2000";

    /// <summary>The recency of what is used now is 1 ÷ (1 + exp(−3)), and a little more by a clock that is ahead.</summary>
    private const string MostRecent = "0.953";

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

    private const string Order = "score desc, pixels desc, used_at desc, asset_id";

    // The formula of the library: score = (all_tags + 0.5 × any_tags) + boost × recency + aspect_fit. It is of what a stage has found, with how many words match.
    private const string Scored = $"""
        term.asset_id, term.pixels, term.used_at, term.all_tags, term.any_tags, term.recency, term.aspect_fit,
            term.all_tags + 0.5::float8 * term.any_tags + @Boost::float8 * term.recency + term.aspect_fit as score
        from (
            select item.asset_id, item.pixels, item.used_at, (item.matched = asked.count)::int::float8 as all_tags, item.matched::float8 / asked.count as any_tags,
                1 / (1 + exp(least(700, (date_part('epoch', @Now::timestamptz - item.used_at) / 86400 - 30) / 10))) as recency,
                case when @LnAspect::float8 is null then 0 else 0.25::float8 * greatest(0, 1 - abs(item.aspect - @LnAspect) / ln(2::float8)) end as aspect_fit
            from found item
            cross join asked
        ) term
        order by {Order}
        limit @Limit
        """;

    /// <summary>The score of the last of those that were found, where they are enough.</summary>
    private const string Last = "case when count(*) = @Limit then min(score) end from";

    // Of what has so much by its words, as `base`: how far its shape may be off, and since when it must be used, to come near `least`. A little more, for what floating point loses.
    private const string Reach = """
        case when @LnAspect::float8 is null or least is null or least - base - beside <= 0 then 'infinity'::float8 else ln(2::float8) * (1 - 4 * (least - base - beside)) + 1e-6 end as reach,
            case
                when @Boost::float8 = 0 or least is null or least - base - shape <= 1e-12 then '-infinity'::timestamptz
                else @Now::timestamptz - interval '1 second' - interval '1 day' * (30 + 10 * ln(greatest(1e-12, @Boost::float8 / (least - base - shape) - 1)))
            end as since
        """;

    internal const string Statement = $"""
        with asked as materialized (
            select terms, cardinality(terms) as count, @Boost::float8 * {MostRecent} as beside, case when @LnAspect::float8 is null then 0 else 0.25 end::float8 as shape
            from (select library_terms(@ClientId, @Type, @Tokens::text[]) as terms) given
        ), newest as materialized (
            select item.*
            from library_items item
            where item.client_id = @ClientId and item.type = @Type
            order by item.used_at desc
            limit {Latest}
        ), sample as materialized (
            with found as (
                select {Columns}, {Matched} as matched
                from newest item
                cross join asked
                where item.terms && asked.terms and {Fits}
            )
            select {Scored}
        ), along as materialized ( -- where no shape is wished for, and they have every word, none can be better
            select count(*) = @Limit and min(used_at) > coalesce((select case when count(*) = {Latest} then min(used_at) end from newest), '-infinity')
                and @LnAspect::float8 is null and min(score) > 1.5 + 1e-9 as is_enough -- where recency makes a difference still
            from sample
            where all_tags = 1
        ), whole as materialized (
            select {Reach}
            from (select (select {Last} sample) as least, 1.5::float8 as base, beside, shape from asked) bound
        ), every as materialized (
            with found as (
                select {Columns}, asked.count as matched
                from library_items item
                cross join asked
                where not (select is_enough from along) and item.client_id = @ClientId and item.terms @> (select terms from asked) and {Fits}
                    and abs(item.aspect - coalesce(@LnAspect::float8, item.aspect)) <= (select reach from whole) and item.used_at >= (select since from whole)
            ), scored as (
                select {Scored}
            )
            select * from scored
            union all
            select * from sample where all_tags = 1 and (select is_enough from along)
        ), several as materialized (
            with found as (
                select distinct {Columns}, item.matched
                from asked
                cross join lateral unnest(asked.terms) with ordinality word (term, place)
                cross join lateral (
                    select {Columns}, {Matched} as matched
                    from library_items item
                    where item.client_id = @ClientId and item.terms @> array[word.term] and item.terms && asked.terms[word.place + 1:] and {Fits}
                ) item
                where asked.count > 2 and word.place < asked.count
                    and coalesce(greatest((select {Last} every), (select {Last} sample)) < 0.5 * (asked.count - 1) / asked.count + asked.beside + asked.shape + 1e-9, true)
            )
            select {Scored}
        ), most as materialized (
            select *
            from (select * from every union select * from several) found
            order by {Order}
            limit @Limit
        ), part as materialized (
            select least is null or least < base + beside + shape + 1e-9 as is_asked, {Reach}
            from (select greatest((select {Last} most), (select {Last} sample)) as least, 0.5::float8 / count as base, beside, shape from asked where count > 1) bound
        ), one as materialized ( -- what has two words or more is among the others, or no better than these
            with found as (
                select {Columns}, 1 as matched
                from library_items item
                where (select is_asked from part) and item.client_id = @ClientId and item.terms && (select terms from asked) and {Fits}
                    and abs(item.aspect - coalesce(@LnAspect::float8, item.aspect)) <= (select reach from part) and item.used_at >= (select since from part)
                    and item.asset_id not in (select asset_id from most)
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
            from (select * from most union all select * from one) found
            order by {Order}
            limit @Limit
        ) best
        join media_assets asset on asset.client_id = @ClientId and asset.id = best.asset_id
        order by best.score desc, best.pixels desc, best.used_at desc, best.asset_id
        """;
}
