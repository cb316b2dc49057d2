using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Search;

namespace MediaPlatform.Application.Search;

/// <summary>Has the search columns of the client made anew, after a change of what they are made with; gives the job.</summary>
/// <param name="Types">Of these alone; null or empty means all.</param>
public sealed record ReindexSearch(IReadOnlyList<string>? Types) : ICommand<Guid>;

internal sealed class ReindexSearchHandler(ISearchReindexes reindexes, IJobs jobs) : ICommandHandler<ReindexSearch, Guid>
{
    private const string OneAtATime = "search";

    public async Task<Result<Guid>> Handle(ReindexSearch command, CancellationToken cancellationToken)
    {
        var asked = command.Types is { Count: > 0 } types ? types : reindexes.Types;
        if (asked.FirstOrDefault(type => !reindexes.Types.Contains(type)) is { } unknown) return new SearchTypeUnknown(unknown, NearestName.Hint(unknown, reindexes.Types));

        await reindexes.Lock(cancellationToken);
        if (await reindexes.IsLive(cancellationToken)) return new SearchBeingReindexed();

        var id = Guid.CreateVersion7();
        await reindexes.Add(id, [.. reindexes.Types.Where(asked.Contains)], cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.SearchReindex, RecomputeSearch.SubjectType, id, OneAtATime), cancellationToken);
        return await reindexes.FindJob(id, cancellationToken);
    }
}
