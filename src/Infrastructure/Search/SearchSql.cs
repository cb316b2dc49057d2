using System.Globalization;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Search;

/// <summary>
/// One statement of the declarations of what is searched. No search reads more than so many rows of a type: those of the newest records, and as many
/// others as the index of words, or of names, gives first. That index reads all of a word before it gives the first, so that it is not asked where the
/// newest records have enough of it. So a word that stands in a million records costs what one in some thousands does, and no plan has to know
/// beforehand which it is.
/// </summary>
/// <remarks>Parameters: ClientId, Exact and Begun (queries as texts), Name and Tags (composed), AllVersions, Limit, and with a cursor Place, Reason, Rank and Id.</remarks>
internal static class SearchSql
{
    private const int MostOfAName = 200;

    public static string Of(IReadOnlyList<Searched> kinds, bool byTags, bool byNames, bool isAfter) => $"""
        with {string.Join("\n), ", kinds.Select(kind => Newest(kind, byTags)))}
        ), hits as materialized (
            {Union(kinds.Select(kind => Hits(kind, byTags, byNames)))}
        ), similar_ones as materialized (
            {(byNames && kinds.Any(kind => kind.Name is not null) ? Union(kinds.Where(kind => kind.Name is not null).Select(kind => Similar(kind, byTags))) : Nothing)}
        ), found as (
            select place, type, most, id, tags, reason, rank
            from hits
            union all
            select place, type, most, id, tags, reason, rank
            from similar_ones
        ), page as materialized (
            select place, type, id, reason, rank
            from found
            {(isAfter ? After : "")}
            order by place, reason, rank desc, id desc
            limit @Limit + 1
        ), shown as (
            {Union(kinds.Select(Shown))}
        ), facets as materialized (
            select
                (
                    select coalesce(jsonb_agg(jsonb_build_object('type', type, 'count', least(count, most), 'is_capped', count > most) order by place, type), '[]')
                    from (select place, type, most, count(*)::int as count from found group by place, type, most) counted
                ) as types,
                (
                    select coalesce(jsonb_agg(jsonb_build_object('tag', tag, 'count', count) order by count desc, tag), '[]')
                    from (select tag, count(*)::int as count from found cross join unnest(tags) tag group by tag order by count desc, tag limit 20) counted
                ) as tags
        )
        select facets.types as found_types, facets.tags as found_tags, shown.place, shown.rank, shown.reason, shown.id, shown.type, shown.title, shown.highlights, shown.tags, shown.url, shown.episode_id, shown.version
        from facets
        left join shown on true
        order by shown.place, shown.reason, shown.rank desc, shown.id desc
        """;

    private const string Nothing = """
        select 0 as place, '' as type, 0 as most, null::uuid as id, null::text[] as tags, 0 as reason, 0::real as rank
            where false
        """;

    private const string After = """
        where place > @Place or place = @Place and (reason > @Reason or reason = @Reason and (rank < @Rank or rank = @Rank and id < @Id))
        """;

    private static string Union(IEnumerable<string> parts) => string.Join("\nunion all\n", parts);

    /// <summary>
    /// Of the newest records, those that have the words. Words are compared before anything is joined: a join that PostgreSQL plans badly, as it may
    /// before it has statistics, would read each text once for each row of the other table.
    /// </summary>
    private static string Newest(Searched kind, bool byTags) => $"""
        {NewestOf(kind)}_words as materialized (
            select id
            from (select id, search from {kind.Table} where client_id = @ClientId order by id desc limit {2 * kind.Most}) newest
            where search @@ @Begun::text::tsquery
        ), {NewestOf(kind)} as materialized (
            select r.id
            from {NewestOf(kind)}_words newest
            join {kind.Table} r on r.client_id = @ClientId and r.id = newest.id
            {kind.Joined}
            where {Visible(kind, byTags)}
        """;

    /// <summary>Of all records, those that have the words, as far as they are read.</summary>
    private static string Indexed(Searched kind, bool byTags) => kind.Joined.Length == 0
        ? $"""
            select r.id
            from {kind.Table} r
            where r.client_id = @ClientId and {Visible(kind, byTags)} and r.search @@ @Begun::text::tsquery and not {AreEnough(kind)}
            limit {kind.Most + 1}
            """
        : $"""
            with words as materialized (
                select id
                from {kind.Table}
                where client_id = @ClientId and search @@ @Begun::text::tsquery and not {AreEnough(kind)}
            )
            select r.id
            from words
            join {kind.Table} r on r.client_id = @ClientId and r.id = words.id
            {kind.Joined}
            where {Visible(kind, byTags)}
            limit {kind.Most + 1}
            """;

    private static string NewestOf(Searched kind) => $"newest_{kind.Type}";

    /// <summary>Whether these are more than are counted.</summary>
    private static string AreEnough(Searched kind) => $"(select count(*) from {NewestOf(kind)}) > {kind.Most}";

    /// <summary>By words; what has the very name comes first, however many others there are.</summary>
    private static string Hits(Searched kind, bool byTags, bool byNames) => $"""
        select {Place(kind)} as place, '{kind.Type}' as type, {kind.Most} as most, r.id, {kind.Tags} as tags, case when r.search @@ @Exact::text::tsquery then 0 else 1 end as reason,
            (ts_rank(r.search, @Begun::text::tsquery) + {kind.Bonus} + {(kind.Name is null ? "0" : $"(search_name({kind.Name}) = @Name::text)::int")})::real as rank
        from (
            select id
            from {NewestOf(kind)}
            union
            (
                {Indexed(kind, byTags)}
            )
            {(kind.Name is null || !byNames ? "" : $"""
            union
            (
                select r.id
                from {kind.Table} r
                {kind.Joined}
                where r.client_id = @ClientId and {Visible(kind, byTags)} and search_name({kind.Name}) = @Name::text
                limit {MostOfAName}
            )
            """)}
        ) hit
        join {kind.Table} r on r.client_id = @ClientId and r.id = hit.id
        """;

    /// <summary>By names, where words find less than a page.</summary>
    private static string Similar(Searched kind, bool byTags) => $"""
        select {Place(kind)} as place, '{kind.Type}' as type, {kind.Most} as most, r.id, {kind.Tags} as tags, 2 as reason, word_similarity(@Name::text, search_name({kind.Name})) as rank
        from (
            select r.id
            from {kind.Table} r
            {kind.Joined}
            where r.client_id = @ClientId and {Visible(kind, byTags)} and @Name::text <% search_name({kind.Name}) and (select count(*) from hits) < @Limit
            limit {MostOfAName}
        ) hit
        join {kind.Table} r on r.client_id = @ClientId and r.id = hit.id
        where not exists (select from hits where hits.type = '{kind.Type}' and hits.id = r.id)
        """;

    /// <summary>What the page shows: highlights read the texts word by word, so that they are made of these alone.</summary>
    private static string Shown(Searched kind) => $"""
        select page.place, page.reason, page.rank, page.id, page.type, {kind.Title} as title,
            ts_headline(
                'names', html_escaped(left({kind.Text}, 200000)), @Begun::text::tsquery,
                'StartSel=<mark>, StopSel=</mark>, MaxFragments=3, MaxWords=25, MinWords=8, ShortWord=0, FragmentDelimiter=" … "') as highlights,
            {kind.Tags} as tags, {kind.Url ?? $"'/{kind.Path}/' || r.id"} as url, {kind.EpisodeId} as episode_id, {kind.Version} as version
        from page
        join {kind.Table} r on r.client_id = @ClientId and r.id = page.id
        {kind.Joined}
        where page.type = '{kind.Type}'
        """;

    private static string Visible(Searched kind, bool byTags) => byTags ? $"{kind.Visible} and {kind.Tags} @> @Tags::text[]" : kind.Visible;

    private static string Place(Searched kind) => ((int)kind.Place).ToString(CultureInfo.InvariantCulture);
}
