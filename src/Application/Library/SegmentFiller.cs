using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>Chooses for segments from what the library has: no item twice, while others fit.</summary>
internal sealed class SegmentFiller(ILibrary library, IEnumerable<IStockProvider> providers)
{
    public const string FromTheLibrary = "local-library";

    /// <summary>Films and then pictures for each segment, in their order, as far as the library has them.</summary>
    public async Task<LibraryPlan> FromLibrary(GatherRequest request, CancellationToken cancellationToken)
    {
        var (entries, saved, isProvided) = (new List<NewEntry>(), 0, false);
        foreach (var segment in request.Segments)
        {
            foreach (var (type, least, most) in segment.Wanted)
            {
                if (most == 0) continue;

                var found = await library.Search(type, segment.Words, request.Wishes, request.Boost, [.. entries.Select(entry => entry.AssetId)], most, cancellationToken);
                entries.AddRange(found.Select(item => new NewEntry(segment.Key, type, item.AssetId, FromTheLibrary, item)));
                if (request.ProvidersOf(type, providers).Count == 0) continue;
                if (found.Count < least) isProvided = true;
                else if (found.Count > 0) saved++;
            }
        }

        return new(entries, saved, isProvided);
    }

    /// <summary>For what has less than it should, and for which nothing else is to be had: what another segment has as well.</summary>
    public async Task<IReadOnlyList<NewEntry>> Repeats(GatherRequest request, IReadOnlyList<GatheredEntry> entries, CancellationToken cancellationToken)
    {
        var repeats = new List<NewEntry>();
        foreach (var (segment, type, least, own) in Lacking(request, entries))
        {
            var found = await library.Search(type, segment.Words, request.Wishes, request.Boost, [.. own.Select(entry => entry.AssetId).OfType<Guid>()], least - own.Count, cancellationToken);
            repeats.AddRange(found.Select(item => new NewEntry(segment.Key, type, item.AssetId, FromTheLibrary, item, IsRepeated: true)));
        }

        return repeats;
    }

    /// <summary>What has less than it should, and why.</summary>
    /// <param name="faults">Of the providers that were asked.</param>
    public IReadOnlyList<Shortage> Shortages(GatherRequest request, IReadOnlyList<GatheredEntry> entries, IReadOnlyList<string> faults) =>
    [
        .. Lacking(request, entries).Select(lacking => new Shortage(
            lacking.Segment.Key, Names.Of(lacking.Type), lacking.Least, lacking.Own.Count,
            !request.Download ? ["DOWNLOADS_NOT_WANTED"] : request.ProvidersOf(lacking.Type, providers).Count == 0 ? ["NO_PROVIDERS"] : faults.Count > 0 ? faults : ["NOTHING_FOUND"])),
    ];

    private static IEnumerable<(WantedSegment Segment, MediaType Type, int Least, IReadOnlyList<GatheredEntry> Own)> Lacking(GatherRequest request, IReadOnlyList<GatheredEntry> entries) =>
        from segment in request.Segments
        from wanted in segment.Wanted
        let own = entries.Where(entry => entry.Segment == segment.Key && entry.Type == Names.Of(wanted.Type)).ToList()
        where own.Count < wanted.Least
        select (segment, wanted.Type, wanted.Least, (IReadOnlyList<GatheredEntry>)own);
}

/// <summary>What the library has for a gathering.</summary>
/// <param name="SearchesSaved">Segments and types that have enough, of those that providers could be asked for.</param>
/// <param name="AsksProviders">Whether there is one that has not, and that providers can be asked for.</param>
internal sealed record LibraryPlan(IReadOnlyList<NewEntry> Entries, int SearchesSaved, bool AsksProviders)
{
    /// <summary>What other segments have as well, where nothing else is to be had.</summary>
    public IReadOnlyList<NewEntry> Repeats { get; init; } = [];
}
