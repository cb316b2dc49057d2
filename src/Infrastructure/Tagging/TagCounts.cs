using MediaPlatform.Application.Tagging;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Tagging;

internal sealed class TagCounts(DbSession db) : ITagCounts
{
    private const int AtATime = 10_000;

    private const string SelectClients = """
        select distinct client_id
        from tag_count_changes
        """;

    private const string FoldOne = "select fold_tag_counts(@ClientId, @AtATime)";

    public async Task Fold(CancellationToken cancellationToken)
    {
        foreach (var client in await db.List<Guid>(SelectClients, null, cancellationToken))
        {
            while (await db.Single<int>(FoldOne, new { ClientId = client, AtATime }, cancellationToken) == AtATime)
            {
            }
        }
    }
}
