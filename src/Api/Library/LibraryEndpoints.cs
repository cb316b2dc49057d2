using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Api.Media;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Schema;
using MediatR;

namespace MediaPlatform.Api.Library;

internal static class LibraryEndpoints
{
    private const int FoundUnlessAsked = 20;

    public static void MapLibrary(this RouteGroupBuilder api)
    {
        var library = api.MapGroup("/library").Needs(Role.Viewer);
        library.MapGet("/search", Search).Returns<SearchBody>().Problems(422, "NOTHING_TO_LOOK_FOR", "TOO_MANY_WORDS", "VALIDATION_ERROR");
        library.MapPost("/gather", Gather).Needs(Role.Editor).Returns<GatheredBody>(201, versioned: true).Returns<GatheredBody>(202)
            .Problems(422, ["NOTHING_TO_LOOK_FOR", "TOO_MANY_WORDS", "PROVIDER_NOT_CONFIGURED", "VALIDATION_ERROR", .. CustomFieldErrors.Codes]).Problems(503, "STORAGE_UNAVAILABLE")
            .Example(new { Title = "Teaser of episode 12", Segments = new object[] { new { Key = "opening", Tags = ExampleTags }, new { Key = "market", Text = "The market wakes: crates of lemons, a fishmonger, scooters in the alley." } } });
        library.MapGet("/stats", Stats).Returns<LibraryStats>();
        library.MapPost("/gc", Evict).Needs(Role.Admin).Returns<EvictionPlan>().Returns<EvictionPlan>(202);
        library.MapMaintenance();
        library.MapPost("/mark-used", MarkUsed).Needs(Role.Editor).Returns<MarkedBody>().Problems(422, "VALIDATION_ERROR").Example(new { AssetIds = ExampleIds });
    }

    private static readonly string[] ExampleTags = ["beach", "sunset"];
    private static readonly Guid[] ExampleIds = [Guid.Empty];

    /// <summary>Find pictures or films by their tags</summary>
    /// <remarks>
    /// Every ready picture or film with tags is an item of the library. It is found by the words of its tags, whatever their case and accents, and must have one of those that are asked for, 16 at most.
    /// `score = (all_tags + 0.5 × any_tags) + recency_boost × recency + aspect_fit`, where `all_tags` is 1 when every word matches, `any_tags` the share that matches, `recency` falls with the days since
    /// its last use, `1 ÷ (1 + exp((days − 30) ÷ 10))`, and `aspect_fit` is `0.25 × max(0, 1 − |ln(aspect ÷ desired)| ÷ ln 2)`. Ties: more pixels, then used more recently, then the lower id.
    /// </remarks>
    /// <param name="type">image or video.</param>
    /// <param name="tags">Separated by commas.</param>
    /// <param name="text">In place of tags: a sentence, whose ten most frequent words count, without English stop words, numbers and words of one or two letters.</param>
    /// <param name="min_width">Pixels.</param>
    /// <param name="min_height">Pixels.</param>
    /// <param name="min_duration_ms">Milliseconds, of films alone.</param>
    /// <param name="desired_aspect_ratio">Width over height, such as 1.7778. Other shapes are found as well, and count for less.</param>
    /// <param name="prefer_recency_boost">0 to 1; 0.1 unless the platform is set otherwise.</param>
    /// <param name="max_results">1 to 200.</param>
    private static async Task<IResult> Search(
        IMediator mediator, IMediaLinks links, CancellationToken cancellationToken, string? type = null, string? tags = null, string? text = null, int? min_width = null, int? min_height = null,
        long? min_duration_ms = null, double? desired_aspect_ratio = null, double? prefer_recency_boost = null, int max_results = FoundUnlessAsked)
    {
        var asked = tags?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var found = await mediator.Send(
            new SearchLibrary(type is null ? null : Names.Parse<MediaType>(type), asked, text, new(min_width, min_height, min_duration_ms, desired_aspect_ratio, prefer_recency_boost), max_results), cancellationToken);
        return found.Match(library => Respond.Ok(SearchBody.From(library, links)), Problem.From);
    }

    /// <summary>Gather films and pictures for what is being made</summary>
    /// <remarks>
    /// For each segment films and then pictures, at most `limit` of each. Where the library has `min_matches`, nobody else is asked; else providers are, and what they have is downloaded into the library. No
    /// item is in two segments, while others fit. What is chosen is in a manifest, and is not evicted while that is open. 201 when the library had enough; 202 while providers are asked:
    /// `GET /manifests/{id}/gathering` tells how far that is, and `Prefer: wait=10` waits for it. When the database or the storage is away, nothing is begun.
    /// </remarks>
    private static async Task<IResult> Gather(Body<GatherBody> body, Preference preference, IMediator mediator, CancellationToken cancellationToken)
    {
        var b = body.Value;
        var gathered = await mediator.Send(new GatherMedia(b.Manifest, b.Segments, b.Videos, b.Images, b.Wishes, b.Providers, b.Download), cancellationToken);
        if (!gathered.Succeeded) return Problem.From(gathered.Errors);

        var id = gathered.Value.Id;
        if (!gathered.Value.IsDone && preference.Wait > TimeSpan.Zero)
        {
            await mediator.Send(new AwaitGather(id, preference.Wait), cancellationToken);
            preference.Applied();
        }

        var manifest = await mediator.Send(new GetRecord<ManifestDetails>(id, IncludeDeleted: false), cancellationToken);
        var gather = await mediator.Send(new GetGather(id), cancellationToken);
        var entries = await mediator.Send(new ListManifestEntries(id), cancellationToken);
        if (!manifest.Succeeded || !gather.Succeeded || !entries.Succeeded) return Problem.From([.. manifest.Errors, .. gather.Errors, .. entries.Errors]);

        var answer = new GatheredBody(manifest.Value, gather.Value, entries.Value);
        return gather.Value.Status is "running" ? Respond.Accepted($"{ApiGroup.Prefix}/manifests/{id}/gathering", answer) : Respond.Created($"{ApiGroup.Prefix}/manifests/{id}", answer, manifest.Value.Version);
    }

    /// <summary>Get the library in figures</summary>
    /// <remarks>What a search can find, and how much of the client's `library_quota_bytes` stock media take: originals and what was made of them.</remarks>
    private static async Task<IResult> Stats(IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetLibraryStats(), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Evict stock media</summary>
    /// <remarks>
    /// Until the library is within its budget: first of providers that have more than their `library_provider_caps`, then what was used longest ago. Nothing that anything refers to is evicted: an open
    /// manifest, an attachment, a session or a set, a clip or another record. With `preview=true` nothing is done. It is queued by itself as well, whenever a download finds no room.
    /// </remarks>
    /// <param name="preview">Only says what would go.</param>
    private static async Task<IResult> Evict(IMediator mediator, CancellationToken cancellationToken, bool preview = false)
    {
        var planned = await mediator.Send(new EvictStock(preview), cancellationToken);
        return planned.Match(plan => plan.Queued ? Respond.Accepted($"{ApiGroup.Prefix}/jobs?type=LIBRARY_GC", plan) : Respond.Ok(plan), Problem.From);
    }

    /// <summary>Note that assets are used</summary>
    /// <remarks>Now. What was used longest ago is evicted first, and counts for less in a search. Those that are not there are left out.</remarks>
    private static async Task<IResult> MarkUsed(Body<UsedBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new MarkUsed(body.Value.AssetIds), cancellationToken)).Match(count => Respond.Ok(new MarkedBody(count)), Problem.From);

    /// <param name="Title">What it is for; 1 to 500 characters.</param>
    /// <param name="Segments">1 to 100.</param>
    /// <param name="Notes">At most 20,000 characters.</param>
    /// <param name="LeaseDays">How long its items are kept from eviction: 1 to 365.</param>
    /// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
    /// <param name="Tags">Of the manifest.</param>
    /// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
    /// <param name="Videos">How many films a segment gets that does not say so: `min_matches` 1 and `limit` 3 unless the platform is set otherwise.</param>
    /// <param name="Images">How many pictures: `min_matches` 3 and `limit` 5.</param>
    /// <param name="MinWidth">Pixels.</param>
    /// <param name="MinHeight">Pixels.</param>
    /// <param name="MinDurationMs">Milliseconds, of films.</param>
    /// <param name="DesiredAspectRatio">Width over height, such as 1.7778.</param>
    /// <param name="PreferRecencyBoost">0 to 1.</param>
    /// <param name="Providers">Whom to ask, in this order: pexels, unsplash, pixabay; left out, all that are configured.</param>
    /// <param name="Download">False chooses from the library alone.</param>
    internal sealed record GatherBody(
        string Title, IReadOnlyList<Segment> Segments, string? Notes = null, int LeaseDays = 7, string? ExternalId = null, IReadOnlyList<string>? Tags = null, System.Text.Json.JsonElement? CustomFields = null,
        Amount? Videos = null, Amount? Images = null, int? MinWidth = null, int? MinHeight = null, long? MinDurationMs = null, double? DesiredAspectRatio = null, double? PreferRecencyBoost = null,
        IReadOnlyList<string>? Providers = null, bool Download = true)
    {
        internal ManifestFields Manifest => new(Title, Notes, LeaseDays, ExternalId, Tags, CustomFields);

        internal Wishes Wishes => new(MinWidth, MinHeight, MinDurationMs, DesiredAspectRatio, PreferRecencyBoost);
    }

    /// <param name="AssetIds">1 to 500.</param>
    internal sealed record UsedBody(IReadOnlyList<Guid> AssetIds);

    /// <param name="Marked">How many were there.</param>
    internal sealed record MarkedBody(int Marked);

    /// <summary>What was found.</summary>
    /// <param name="Tokens">The words that were looked for.</param>
    /// <param name="Items">Best first.</param>
    internal sealed record SearchBody(IReadOnlyList<string> Tokens, IReadOnlyList<ItemBody> Items)
    {
        public static SearchBody From(FoundInLibrary found, IMediaLinks links) => new(
            found.Tokens,
            [.. found.Items.Select(item => new ItemBody(
                item.AssetId, item.Score, item.AllTags, item.AnyTags, item.Recency, item.RecencyBoost, item.AspectFit, item.Matched, MediaBody.From(found.Assets[item.AssetId], links)))]);
    }

    /// <summary>An item, and the terms of its score.</summary>
    /// <param name="AllTags">1 when every word matches, else 0.</param>
    /// <param name="AnyTags">The share of the words that match.</param>
    /// <param name="Recency">0 to 1; it is multiplied by `recency_boost`.</param>
    /// <param name="AspectFit">0 to 0.25; 0 where no shape was wished for.</param>
    /// <param name="Matched">The words that match.</param>
    /// <param name="Asset">The asset itself.</param>
    internal sealed record ItemBody(Guid LibraryId, double Score, double AllTags, double AnyTags, double Recency, double RecencyBoost, double AspectFit, string[] Matched, MediaBody Asset);

    /// <summary>A manifest that was gathered, or is being.</summary>
    /// <param name="Gathering">How far that is, and what was reused, downloaded and saved.</param>
    /// <param name="Entries">What it has, in the order of its segments.</param>
    internal sealed record GatheredBody(ManifestDetails Manifest, GatherDetails Gathering, ManifestEntryDetails[] Entries);
}
