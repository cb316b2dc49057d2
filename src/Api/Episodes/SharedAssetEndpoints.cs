using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediatR;

namespace MediaPlatform.Api.Episodes;

/// <summary>UI elements and backgrounds: what episodes share, in versions.</summary>
internal static class SharedAssetEndpoints
{
    private const string Remarks = "Another file than the active version's is a new version, which is active. Episodes go on showing the version that they were given.";
    private const string ListRemarks = "Newest first; `sort=-usage_count` ranks them by how often episodes show them. `q` searches names, tags, descriptions and file names.";

    public static void MapUiElements(this RouteGroupBuilder api) => MapVersions(
        api.MapResource<UiElementFields, UiElementDetails>(
            "/ui-elements", "UI elements", new("UiElement", EpisodeKinds.UiElement, "a UI element", new { Name = "Mouse pointer, gold", FileReference = "s3://bucket/ui/mouse_icon_gold.svg" })
            {
                Refusals = [(422, "ASSET_NOT_FOUND"), (422, "VALIDATION_ERROR")], Remarks = Remarks,
            },
            ListRemarks),
        SharedAssetKind.UiElement);

    public static void MapBackgrounds(this RouteGroupBuilder api) => MapVersions(
        api.MapResource<BackgroundFields, BackgroundDetails>(
            "/backgrounds", "backgrounds", new("Background", EpisodeKinds.Background, "a background", new { Name = "Closet, main", FileReference = "s3://bucket/backgrounds/closet_main_v3.jpg" })
            {
                Refusals = [(422, "ASSET_NOT_FOUND"), (422, "VALIDATION_ERROR")], Remarks = Remarks,
            },
            ListRemarks),
        SharedAssetKind.Background);

    private static void MapVersions<TFields, TDetails>(RecordGroup<TFields, TDetails> group, SharedAssetKind kind)
        where TFields : class
        where TDetails : IRecordDetails
    {
        var (one, code) = (group.Of.One, group.Of.Kind.Code);
        Called(group.Routes.MapGet("/{id:guid}/usage", async (Guid id, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var record = await mediator.Send(new GetRecord<TDetails>(id, IncludeDeleted: false), cancellationToken);
                return record.Succeeded ? (await mediator.Send(new GetSharedAssetUsage(kind, id), cancellationToken)).Match(Respond.Ok, Problem.From) : Problem.From(record.Errors);
            }), "Usage", $"Which episodes show {one}", "In which role and version; the latest day first, at most 500. Episodes in the trash are left out. By the permissions on episodes.").Needs(Role.Viewer, "episodes").Returns<UsedInEpisode[]>();
        Called(group.Routes.MapGet("/{id:guid}/versions", async (Guid id, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var record = await mediator.Send(new GetRecord<TDetails>(id, IncludeDeleted: false), cancellationToken);
                return record.Succeeded ? (await mediator.Send(new ListSharedAssetVersions(kind, id), cancellationToken)).Match(Respond.Ok, Problem.From) : Problem.From(record.Errors);
            }), "Versions", $"List the versions of {one}", "Newest first, at most 1,000.").Returns<SharedAssetVersionDetails[]>();
        Called(group.Routes.MapPost("/{id:guid}/versions", async (Guid id, Body<SharedAssetVersionBody> body, IfMatch ifMatch, HttpRequest request, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var (asset, file, notes, activate) = body.Value;
                var added = await mediator.Send(new AddSharedAssetVersion(kind, id, asset, file, notes, activate, ifMatch.Version), cancellationToken);
                if (!added.Succeeded) return Problem.From(added.Errors);

                var record = await mediator.Send(new GetRecord<TDetails>(id, IncludeDeleted: false), cancellationToken);
                return record.Match(shown => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{added.Value}", shown, shown.Version), Problem.From);
            }), "AddVersion", $"Add a version to {one}", "It is the active one, unless `activate` says no. Episodes go on showing the version that they were given.")
            .Needs(Role.Editor).Returns<TDetails>(201, versioned: true).Problems(422, "ASSET_NOT_FOUND", "VALIDATION_ERROR").Example(new { FileReference = "s3://bucket/closet_v4.jpg", Notes = "Warmer light" });
        Called(group.Routes.MapPost("/{id:guid}/versions/{number:int}/activate", async (Guid id, int number, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
            {
                var done = await mediator.Send(new ActivateSharedAssetVersion(kind, id, number, ifMatch.Version), cancellationToken);
                return done.Succeeded ? await group.Answer(id, services, cancellationToken) : Problem.From(done.Errors);
            }), "ActivateVersion", $"Make a version of {one} the active one", "Episodes go on showing the version that they were given.")
            .Needs(Role.Editor).Returns<TDetails>(versioned: true).Problems(404, $"{code}_VERSION_NOT_FOUND");

        RouteHandlerBuilder Called(RouteHandlerBuilder endpoint, string verb, string summary, string description) =>
            endpoint.Called(group.Of, verb, summary).WithDescription(description).Problems(404, $"{code}_NOT_FOUND").Problems(410, $"{code}_IN_TRASH");
    }

    /// <param name="AssetId">Its file here.</param>
    /// <param name="FileReference">Its file elsewhere, as s3://bucket/key.</param>
    /// <param name="Notes">What is new; at most 5,000 characters.</param>
    /// <param name="Activate">Whether it becomes the active one.</param>
    internal sealed record SharedAssetVersionBody(Guid? AssetId = null, string? FileReference = null, string? Notes = null, bool Activate = true);
}
