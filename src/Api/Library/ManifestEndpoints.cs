using MediaPlatform.Api.Http;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;
using MediatR;

namespace MediaPlatform.Api.Library;

internal static class ManifestEndpoints
{
    public static void MapManifests(this RouteGroupBuilder api)
    {
        var manifests = api.MapResource<ManifestFields, ManifestDetails>(
            "/manifests", "manifests", new("Manifest", LibraryKinds.Manifest, "a manifest", new { Title = "Teaser of episode 12", LeaseDays = 14 })
            {
                Refusals = [(422, "VALIDATION_ERROR")], Remarks = "What was chosen from the library for something that is being made. `POST /library/gather` makes one with what it has chosen.",
            },
            "Newest first. `q` searches titles, tags and notes.");
        manifests.MapVerb("Complete", "Say that what a manifest was for is done", (id, seen) => new MoveManifest(id, ManifestMove.Complete, seen))
            .WithDescription("Its items may be evicted from then on; what they were stays in it.").Problems(423, "MANIFEST_NOT_OPEN", "MANIFEST_BEING_GATHERED");
        manifests.MapVerb("Abandon", "Say that a manifest is not needed", (id, seen) => new MoveManifest(id, ManifestMove.Abandon, seen))
            .WithDescription("Its items may be evicted from then on. A gathering that is under way ends.").Problems(423, "MANIFEST_NOT_OPEN");
        manifests.MapVerb("Renew", "Have the lease of a manifest begin anew", (id, seen) => new MoveManifest(id, ManifestMove.Renew, seen))
            .WithDescription("For `lease_days` from now; one that was abandoned is open again.").Problems(423, "MANIFEST_NOT_OPEN");

        var routes = manifests.Routes;
        routes.MapGet("/{id:guid}/entries", Entries).WithTags("Manifest").Returns<ManifestEntryDetails[]>().Problems(404, "MANIFEST_NOT_FOUND").Problems(410, "MANIFEST_IN_TRASH");
        routes.MapGet("/{id:guid}/gathering", Gathering).WithTags("Manifest").Returns<GatherDetails>().Problems(404, "MANIFEST_NOT_FOUND", "MANIFEST_NOT_GATHERED").Problems(410, "MANIFEST_IN_TRASH");
        routes.MapGet("/{id:guid}/export", ExportFolder).WithTags("Manifest")
            .Returns<ExportedManifest>().Problems(403, "S3_PREFIX_NOT_ALLOWED").Problems(404, "MANIFEST_NOT_FOUND").Problems(410, "MANIFEST_IN_TRASH")
            .Problems(422, "VALIDATION_ERROR").Problems(423, "MANIFEST_BEING_GATHERED", "GATHER_FAILED");
    }

    /// <summary>List what a manifest has</summary>
    /// <remarks>In the order of its segments, films first.</remarks>
    private static async Task<IResult> Entries(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListManifestEntries(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get how a manifest was gathered</summary>
    /// <remarks>How far that is, what was reused, downloaded and saved, what each provider did, and which segments found too little.</remarks>
    private static async Task<IResult> Gathering(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetGather(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Export a manifest for the folder of a project</summary>
    /// <remarks>
    /// A JSON document in which each item has its `library_id`, `source`, `provider`, `source_url`, what it is and a link to its original that works for at least an hour. With `files=copies` a ZIP archive of
    /// that document, as `manifest.json`, and of the originals, each where the document's `file` says. Nothing is exported while it is being gathered.
    /// </remarks>
    /// <param name="files">links or copies.</param>
    private static async Task<IResult> ExportFolder(Guid id, HttpContext context, IMediator mediator, IMediaStores stores, IMediaLinks links, CancellationToken cancellationToken, string files = "links")
    {
        var found = await mediator.Send(new ExportManifest(id, Names.Parse<ExportedFiles>(files)), cancellationToken);
        if (!found.Succeeded) return Problem.From(found.Errors);

        var exported = found.Value;
        return Names.Parse<ExportedFiles>(files) is ExportedFiles.Links
            ? Respond.Ok(exported.With(links.ToGet))
            : Results.Stream(stream => ManifestArchive.Write(context, stream, exported, stores), "application/zip", $"manifest-{id}.zip");
    }
}
