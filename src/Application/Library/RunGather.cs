using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Application.Library;

/// <summary>
/// LIBRARY_GATHER: for each segment that has too little, what the library has by now, and then what providers have. Each item is in the manifest with its download or not at all, so that an
/// attempt goes on where the one before ended. One provider that fails leaves the others working, and is reported.
/// </summary>
internal sealed class RunGather(
    ITransactions transactions, ILibrary library, IManifests manifests, SegmentFiller filler, StockIngest ingest, IEnumerable<IStockProvider> providers, IMediaStores stores, LibraryOptions options,
    TimeProvider time, ILogger<RunGather> logger) : IJobHandler
{
    public const string SubjectType = "manifest";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public string JobType => Domain.Jobs.JobType.LibraryGather.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var id = run.Job.SubjectId!.Value;
        if (await manifests.FindGather(id, cancellationToken) is not { Status: GatherStatus.Running } state)
        {
            run.Note("gather", "The manifest is not open any more, or is gathered already.");
            return new JobResult.Succeeded(ct => manifests.Fail(id, new ManifestClosedMeanwhile(), ct));
        }

        if (await stores.Origin.Check(cancellationToken) is { } sentence) throw new StorageException(sentence);

        var progress = new Gathering(id, run, state);
        await run.Stage("gather", () => Gather(progress, cancellationToken));
        if (progress.IsClosed) return new JobResult.Succeeded(ct => manifests.Fail(id, new ManifestClosedMeanwhile(), ct));
        if (progress.NoRoom is { } full && run.Job.Attempt < run.Job.MaxAttempts) return new JobResult.Failed(JobError.Of(full), Retryable: true); // what is being evicted makes room

        await run.Stage("look", () => AwaitLooks(id, cancellationToken));
        var repeats = await filler.Repeats(progress.Request, await manifests.Entries(id, cancellationToken), cancellationToken);
        return new JobResult.Succeeded(ct => Finish(progress, repeats, ct));
    }

    private async Task<Done> Gather(Gathering progress, CancellationToken cancellationToken)
    {
        var wanted = progress.Request.Segments.SelectMany(segment => segment.Wanted.Select(one => (Segment: segment, one.Type, one.Least, one.Most))).ToList();
        foreach (var (place, (segment, type, least, most)) in wanted.Index())
        {
            progress.Run.Progress = 95 * place / wanted.Count;
            var entries = await manifests.Entries(progress.ManifestId, cancellationToken);
            var own = entries.Where(entry => entry.Segment == segment.Key && entry.Type == Names.Of(type)).ToList();
            var (has, isBegun) = (own.Count, own.Exists(entry => entry.Source != SegmentFiller.FromTheLibrary)); // by an attempt before: what providers were asked for is filled up
            if (has >= most || (has >= least && !isBegun)) continue;

            var found = await library.Search(type, segment.Words, progress.Request.Wishes, progress.Request.Boost, [.. entries.Select(entry => entry.AssetId).OfType<Guid>()], most - has, cancellationToken);
            has += await Add(progress, [.. found.Select(item => new NewEntry(segment.Key, type, item.AssetId, SegmentFiller.FromTheLibrary, item))], cancellationToken);
            if (has >= least && !isBegun)
            {
                progress.SearchesSaved++;
                continue;
            }

            foreach (var provider in progress.Request.ProvidersOf(type, providers))
            {
                if (has >= most || progress.NoRoom is not null || progress.IsClosed) break;
                if (!progress.HasFailed(provider.Name)) has += await Ask(progress, provider, segment, type, most - has, cancellationToken);
            }
        }

        return Done.Instance;
    }

    /// <summary>Adds as many of a provider's items as are wanted, or as it has and there is room for.</summary>
    private async Task<int> Ask(Gathering progress, IStockProvider provider, WantedSegment segment, MediaType type, int wanted, CancellationToken cancellationToken)
    {
        var wishes = progress.Request.Wishes;
        var question = new StockQuestion(type, segment.Query, wanted)
        {
            MinWidth = wishes.MinWidth, MinHeight = wishes.MinHeight, MinDurationMs = type is MediaType.Video ? wishes.MinDurationMs : null, AspectRatio = wishes.DesiredAspectRatio,
        };
        var answer = await provider.Search(question, cancellationToken);
        progress.Asked(provider.Name, answer);

        var taken = 0;
        var has = (await manifests.Entries(progress.ManifestId, cancellationToken)).Select(entry => entry.SourceUrl).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var item in answer.Items)
        {
            if (taken == wanted || progress.NoRoom is not null) break;
            if (progress.IsClosed = await manifests.FindGather(progress.ManifestId, cancellationToken) is not { Status: GatherStatus.Running }) break;
            if (has.Add(UploadResolver.PublicPartOf(item.PageUrl.AbsoluteUri)!)) taken += await Take(progress, provider, segment, item, cancellationToken);
        }

        await transactions.Run(ct => manifests.SaveGather(progress.ManifestId, progress.Outcome([]), GatherStatus.Running, ct), cancellationToken);
        return taken;
    }

    private async Task<int> Take(Gathering progress, IStockProvider provider, WantedSegment segment, StockItem item, CancellationToken cancellationToken)
    {
        var taken = await ingest.Take(progress.ManifestId, segment.Key, item, segment.Query, cancellationToken);
        if (!taken.Succeeded)
        {
            logger.LogInformation("Item {ProviderId} of {Provider} was not taken in: {ErrorCode}", item.ProviderId, provider.Name, taken.Errors[0].Code);
            progress.Failed(provider.Name, taken.Errors[0]);
            return 0;
        }

        if (taken.Value.IsDownloaded)
        {
            progress.Downloaded(provider.Name);
            await provider.NoteDownload(item, cancellationToken);
        }

        return 1;
    }

    private async Task<int> Add(Gathering progress, IReadOnlyList<NewEntry> entries, CancellationToken cancellationToken) =>
        entries.Count == 0 ? 0 : (await transactions.Run(ct => manifests.Add(progress.ManifestId, entries, ct), cancellationToken)).Count;

    /// <summary>What cannot be read is in no manifest.</summary>
    private async Task<bool> AwaitLooks(Guid id, CancellationToken cancellationToken)
    {
        for (var until = time.GetUtcNow() + options.ProcessingPatience; ;)
        {
            var pending = await transactions.Run(ct => manifests.DropUnreadable(id, ct), cancellationToken);
            if (pending == 0 || time.GetUtcNow() >= until) return pending == 0;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task Finish(Gathering progress, IReadOnlyList<NewEntry> repeats, CancellationToken cancellationToken)
    {
        var (id, request) = (progress.ManifestId, progress.Request);
        await manifests.Add(id, repeats, cancellationToken);
        var shortages = filler.Shortages(request, await manifests.Entries(id, cancellationToken), progress.Faults);
        await manifests.SaveGather(id, progress.Outcome(shortages), GatherStatus.Done, cancellationToken);
    }

    /// <summary>How far one is.</summary>
    private sealed class Gathering(Guid manifestId, JobRun run, GatherState state)
    {
        private readonly Dictionary<string, ProviderReport> reports = state.Outcome.Providers.ToDictionary(report => report.Name, report => report with { ErrorCode = null, ErrorMessage = null, RetryAt = null }, StringComparer.Ordinal);
        private readonly HashSet<string> problems = [];

        public Guid ManifestId => manifestId;
        public JobRun Run => run;
        public GatherRequest Request => state.Request;
        public int SearchesSaved { get; set; } = state.Outcome.SearchesSaved;

        /// <summary>Whether the manifest was closed under way: nothing more comes into it.</summary>
        public bool IsClosed { get; set; }

        /// <summary>Why nothing more can be taken in; null while it can.</summary>
        public LibraryQuotaExceeded? NoRoom { get; private set; }

        /// <summary>Codes: why there may be too little.</summary>
        public IReadOnlyList<string> Faults => [.. reports.Values.Select(report => report.ErrorCode).OfType<string>().Concat(problems).Distinct()];

        public bool HasFailed(string provider) => reports.TryGetValue(provider, out var report) && report.ErrorCode is not null;

        public void Asked(string provider, StockAnswer answer) => reports[provider] = Of(provider) with
        {
            Calls = Of(provider).Calls + answer.Calls, ErrorCode = answer.Fault?.Code, ErrorMessage = answer.Fault?.Message, RetryAt = answer.Fault?.RetryAt,
        };

        public void Downloaded(string provider) => reports[provider] = Of(provider) with { Downloaded = Of(provider).Downloaded + 1 };

        public void Failed(string provider, Error reason)
        {
            reports[provider] = Of(provider) with { Failed = Of(provider).Failed + 1 };
            problems.Add(reason.Code);
            NoRoom ??= reason as LibraryQuotaExceeded;
        }

        public GatherOutcome Outcome(IReadOnlyList<Shortage> shortages) => new(SearchesSaved, [.. reports.Values], shortages);

        private ProviderReport Of(string provider) => reports.GetValueOrDefault(provider) ?? new(provider, Calls: 0, Downloaded: 0, Failed: 0);
    }
}
