using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Search;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Search;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Search;

/// <summary>All searched types in one statement, after one that reads the question.</summary>
internal sealed class SearchQueries(DbSession db, IEnumerable<Searched> searched) : IQueryHandler<SearchAll, SearchPage>
{
    internal const string Read = """
        select search_query(normalize(@Q))::text as exact, search_begun_query(normalize(@Q))::text as begun, search_name(normalize(@Q)) as name,
            array(select normalize(tag) from unnest(@Tags::text[]) tag) as tags
        """;

    public async Task<Result<SearchPage>> Handle(SearchAll query, CancellationToken cancellationToken)
    {
        var all = searched.OrderBy(kind => kind.Place).ToList();
        var known = all.Select(kind => kind.Type).ToList();
        if (query.Types.FirstOrDefault(type => !known.Contains(type)) is { } unknown) return new SearchTypeUnknown(unknown, NearestName.Hint(unknown, known));

        SearchCursor? after = null;
        if (query.Cursor is { } opaque && (after = SearchCursor.Read(opaque, query)) is null) return ListErrors.BadCursor;

        var kinds = all.Where(kind => (query.Types.Count == 0 || query.Types.Contains(kind.Type)) && db.Caller.Rights.In(kind.Path) is not null).ToList();
        var asked = await db.Single<Asked>(Read, new { query.Q, Tags = Tags.Normalise(query.Tags) }, cancellationToken);
        if (kinds.Count == 0 || asked.Begun.Length == 0) return new SearchPage(new Page<SearchHit>([], query.Limit, NextCursor: null, Total: 0, TotalIsCapped: false), new([], []));

        var rows = await db.List<Row>(
            SearchSql.Of(kinds, byTags: asked.Tags.Length > 0, byNames: IsPlain(query.Q), isAfter: after is not null),
            new
            {
                db.ClientId, asked.Exact, asked.Begun, asked.Name, asked.Tags, AllVersions = Names.Parse<SearchedVersions>(query.Versions) is SearchedVersions.All, query.Limit,
                after?.Place, after?.Reason, after?.Rank, after?.Id,
            },
            cancellationToken);
        return PageOf(query, rows);
    }

    /// <summary>Words alone, which may be a name; with operators among them they are none.</summary>
    private static bool IsPlain(string q) =>
        !q.Contains('"', StringComparison.Ordinal) && !q.Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(word => word.StartsWith('-') || word.Equals("or", StringComparison.OrdinalIgnoreCase));

    private static SearchPage PageOf(SearchAll query, IReadOnlyList<Row> rows)
    {
        var facets = new SearchFacets(
            rows[0].FoundTypes.Deserialize(SearchJson.Default.FoundOfTypeArray)!,
            rows[0].FoundTags.Deserialize(SearchJson.Default.FoundWithTagArray)!);
        var found = rows.Where(row => row.Id is not null).ToList();
        var last = found.Count > query.Limit ? found[query.Limit - 1] : null;
        var cursor = last is null ? null : new SearchCursor(last.Place!.Value, last.Reason!.Value, last.Rank!.Value, last.Id!.Value, SearchCursor.Signature(query)).Write();
        var page = new Page<SearchHit>(
            [.. found.Take(query.Limit).Select(row => row.ToHit())], query.Limit, cursor, facets.Types.Sum(type => type.Count), facets.Types.Any(type => type.IsCapped));
        return new SearchPage(page, facets);
    }

    private sealed record Asked(string Exact, string Begun, string Name, string[] Tags);

    private sealed record Row(
        JsonElement FoundTypes, JsonElement FoundTags, int? Place, float? Rank, int? Reason, Guid? Id, string? Type, string? Title, string? Highlights, string[]? Tags, string? Url,
        Guid? EpisodeId, int? Version)
    {
        public SearchHit ToHit() => new(Id!.Value, Type!, Title!, Highlights!, Tags!, Names.Of((HitReason)Reason!.Value), Url!, EpisodeId, Version);
    }
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.SnakeCaseLower)]
[System.Text.Json.Serialization.JsonSerializable(typeof(FoundOfType[]))]
[System.Text.Json.Serialization.JsonSerializable(typeof(FoundWithTag[]))]
internal sealed partial class SearchJson : System.Text.Json.Serialization.JsonSerializerContext;
