using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Tagging;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Tagging;

/// <summary>Tags with their counts. What writers have left to be added up is added up first, so that who has tagged a record finds it counted.</summary>
internal sealed class TagQueries(DbSession db) : IQueryHandler<ListTags, Page<TagDetails>>, IQueryHandler<GetTag, TagDetails>
{
    private const string Columns = "r.id, r.tag, t.category, t.description, r.total as count, r.counts, t.updated_at, coalesce(t.version, 0) as version";

    private const string From = "tag_usage r left join tags t on t.client_id = r.client_id and t.tag = r.tag";

    private const string SelectOne = $"""
        select {Columns}
        from {From}
        where r.client_id = @ClientId and r.tag = normalize(@Tag)
        """;

    private const string Fold = "select fold_tag_counts(@ClientId, 10000)";

    internal static readonly ListDefinition<TagDetails> List = new(
        Columns,
        From,
        [
            new("id", "r.id", FieldType.Uuid),
            new("tag", "r.tag", FieldType.Text, row => row.Tag),
            Fields.Enum<TagDetails, TagCategory>("category", "t.category") with { Nullable = true },
            new("description", "t.description", FieldType.Text, Nullable: true),
            new("count", "r.total", FieldType.Integer, row => row.Count),
        ],
        row => row.Id,
        DefaultSort: "count",
        Before: Fold);

    public Task<Result<Page<TagDetails>>> Handle(ListTags query, CancellationToken cancellationToken) => db.Page(List, query.Request, cancellationToken);

    public async Task<Result<TagDetails>> Handle(GetTag query, CancellationToken cancellationToken)
    {
        await db.Execute(Fold, new { db.ClientId }, cancellationToken);
        return await db.Find<TagDetails>(SelectOne, new { db.ClientId, Tag = query.Tag.Trim().ToLowerInvariant() }, cancellationToken) is { } tag ? tag : new TagNotFound(query.Tag);
    }
}
