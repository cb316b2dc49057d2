using FluentValidation;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Library;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Library;

/// <summary>
/// Chooses films and then pictures for each segment: those of the library where it has enough, else, by a job, those of providers. All that it chooses is in one manifest, which is
/// there as a whole or not at all.
/// </summary>
/// <param name="Providers">By name, in the order in which they are asked; null for all that there are.</param>
/// <param name="Download">False chooses from the library alone.</param>
public sealed record GatherMedia(ManifestFields Manifest, IReadOnlyList<Segment> Segments, Amount? Videos, Amount? Images, Wishes Wishes, IReadOnlyList<string>? Providers, bool Download)
    : IOperation<GatheredManifest>;

/// <summary>A manifest that was gathered, or is being.</summary>
/// <param name="IsDone">False while providers are asked.</param>
public sealed record GatheredManifest(Guid Id, bool IsDone);

internal sealed class GatherMediaValidator : AbstractValidator<GatherMedia>
{
    public GatherMediaValidator(IValidator<ManifestFields> manifest, IValidator<Segment> segment, IValidator<Amount> amount, IValidator<Wishes> wishes)
    {
        RuleFor(gather => gather.Manifest).SetValidator(manifest).OverridePropertyName("");
        RuleFor(gather => gather.Segments).Must(segments => segments.Count is > 0 and <= Library.Segments.Most).WithMessage($"1 to {Library.Segments.Most} segments.");
        RuleFor(gather => gather.Segments).Must(segments => segments.Select(one => one.Key).Distinct(StringComparer.Ordinal).Count() == segments.Count).WithMessage("Each segment has a key of its own.");
        RuleForEach(gather => gather.Segments).SetValidator(segment);
        RuleFor(gather => gather.Videos!).SetValidator(amount).When(gather => gather.Videos is not null);
        RuleFor(gather => gather.Images!).SetValidator(amount).When(gather => gather.Images is not null);
        RuleFor(gather => gather.Providers).Must(names => names is null || (names.Count is > 0 and <= 10 && names.Distinct(StringComparer.Ordinal).Count() == names.Count)).WithMessage("Each provider once, or none of this.");
        RuleFor(gather => gather.Wishes).SetValidator(wishes).OverridePropertyName("");
    }
}

internal sealed class GatherMediaHandler(
    ILibrary library, SegmentFiller filler, IManifests manifests, RecordWriter<ManifestFields> writer, IEnumerable<IStockProvider> providers, IMediaStores stores, IJobs jobs,
    ITransactions transactions, LibraryOptions options) : IOperationHandler<GatherMedia, GatheredManifest>
{
    private const int Attempts = 5;

    public async Task<Result<GatheredManifest>> Handle(GatherMedia command, CancellationToken cancellationToken)
    {
        string[] known = [.. providers.Select(provider => provider.Name)];
        if (command.Providers?.FirstOrDefault(name => !known.Contains(name)) is { } unknown) return new ProviderNotConfigured(unknown, known);

        var request = await Decide(command, cancellationToken);
        if (!request.Succeeded) return request.As<GatheredManifest>();
        if (await stores.Origin.Check(cancellationToken) is not null) return new StorageUnavailable();

        // What was found may be gone when it is to be written. Then nothing is, and it is looked for anew.
        for (var attempt = 1; ; attempt++)
        {
            var plan = await filler.FromLibrary(request.Value, cancellationToken);
            if (!plan.AsksProviders) plan = plan with { Repeats = await filler.Repeats(request.Value, [.. plan.Entries.Select(entry => entry.AsGathered())], cancellationToken) };
            var isLast = attempt == Attempts;
            var (written, isStale) = await transactions.Run(
                ct => Write(command.Manifest, request.Value, plan, isLast, ct), static outcome => outcome is { Manifest.Succeeded: true, IsStale: false }, again: true, cancellationToken);
            if (!isStale || isLast) return written;
        }
    }

    private async Task<(Result<GatheredManifest> Manifest, bool IsStale)> Write(ManifestFields manifest, GatherRequest request, LibraryPlan plan, bool isLast, CancellationToken cancellationToken)
    {
        var created = await writer.Create(manifest, cancellationToken);
        if (!created.Succeeded) return (created.As<GatheredManifest>(), IsStale: false);

        var id = created.Value.Id;
        if ((await manifests.Add(id, plan.Entries, cancellationToken)).Count < plan.Entries.Count && !isLast) return (new GatheredManifest(id, IsDone: false), IsStale: true);

        var shortages = new List<Shortage>();
        if (!plan.AsksProviders)
        {
            await manifests.Add(id, plan.Repeats, cancellationToken);
            shortages.AddRange(filler.Shortages(request, await manifests.Entries(id, cancellationToken), faults: []));
        }

        await manifests.AddGather(id, request, new GatherOutcome(plan.SearchesSaved, [], shortages), plan.AsksProviders ? GatherStatus.Running : GatherStatus.Done, cancellationToken);
        if (plan.AsksProviders) await jobs.Enqueue(new NewJob(JobType.LibraryGather, RunGather.SubjectType, id, DedupeKey: id.ToString("n")), cancellationToken);
        return (new GatheredManifest(id, !plan.AsksProviders), IsStale: false);
    }

    /// <summary>Everything that was left open, decided: so that the job does what was asked for then.</summary>
    private async Task<Result<GatherRequest>> Decide(GatherMedia command, CancellationToken cancellationToken)
    {
        var words = await library.Words([.. command.Segments.Select(segment => (segment.Tags ?? [], segment.Tags is { Count: > 0 } ? null : segment.Text))], cancellationToken);
        Error[] errors = [.. words.Index().SelectMany(found => Segments.Refused(found.Item, $"segments[{found.Index}].{(command.Segments[found.Index].Tags is { Count: > 0 } ? "tags" : "text")}"))];
        if (errors.Length > 0) return errors;

        return new GatherRequest(
            [.. command.Segments.Zip(words, (segment, tokens) =>
            {
                var (mostVideos, mostImages) = (segment.Videos?.Limit ?? command.Videos?.Limit ?? options.MostVideos, segment.Images?.Limit ?? command.Images?.Limit ?? options.MostImages);
                return new WantedSegment(
                    segment.Key, segment.Tags is { Count: > 0 } tags ? tags : tokens, tokens, Math.Min(mostVideos, segment.Videos?.MinMatches ?? command.Videos?.MinMatches ?? options.MinVideos), mostVideos,
                    Math.Min(mostImages, segment.Images?.MinMatches ?? command.Images?.MinMatches ?? options.MinImages), mostImages);
            })],
            command.Wishes, command.Wishes.PreferRecencyBoost ?? options.PreferRecencyBoost, command.Providers, command.Download);
    }
}
