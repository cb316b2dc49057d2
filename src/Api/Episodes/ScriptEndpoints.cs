using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Episodes;

internal static class ScriptEndpoints
{
    private const int MaxBytes = 8 << 20; // a text of 1 MiB, each character of it escaped, and what stands beside it
    private static readonly object Example = new { Text = "INT. ROOFTOP – DAWN\n\nANN opens the wardrobe.", FileReference = "s3://bucket/scripts/ep_001.fountain", Author = "Ann Lee", ChangeNotes = "A new opening", Source = "manual_upload" };

    public static void MapScripts(this RouteGroupBuilder api)
    {
        MapScript(api.MapGroup("/episodes/{id:guid}/script"), "Script", ScriptKind.Main);
        MapScript(api.MapGroup("/episodes/{id:guid}/trailer/script"), "TrailerScript", ScriptKind.Trailer);
        api.MapGet("/scripts/search", Search).Needs(Role.Viewer, "episodes").Returns<FoundScript[]>().Problems(422, "VALIDATION_ERROR");
    }

    private static void MapScript(RouteGroupBuilder group, string name, ScriptKind kind)
    {
        group.Needs(Role.Viewer).WithMetadata(new OfKind(kind));
        Named(group.MapGet("/", Get)).Returns<ScriptDetails>(versioned: true).Problems(410, "SCRIPT_IN_TRASH");
        Takes(Named(group.MapPut("/", Write)).Needs(Role.Editor).Returns<ScriptDetails>(versioned: true)).Problems(409, "SCRIPT_VERSION_LIMIT");
        Named(group.MapDelete("/", Delete)).Needs(Role.Editor).Returns<DeletedBody>().Problems(403, "ROLE_TOO_LOW").Problems(410, "SCRIPT_IN_TRASH").Problems(422, "VALIDATION_ERROR");
        Named(group.MapPost("/restore", RestoreAll)).Needs(Role.Admin).Returns<ScriptDetails>(versioned: true).Problems(409, "RESTORE_CONFLICTS").Problems(423, "SCRIPT_NOT_IN_TRASH", "PARENT_IN_TRASH");
        Named(group.MapGet("/diff", Diff)).Returns<ScriptDiff>().Problems(410, "SCRIPT_IN_TRASH").Problems(422, "SCRIPT_VERSION_NOT_FOUND", "DIFF_TOO_LARGE", "VALIDATION_ERROR");
        Named(group.MapGet("/versions", Versions)).Returns<ScriptVersionSummary[]>().Problems(410, "SCRIPT_IN_TRASH");
        Takes(Named(group.MapPost("/versions", AddVersion)).Needs(Role.Editor).Returns<ScriptVersionDetails>(201, versioned: true)).Problems(409, "SCRIPT_VERSION_LIMIT");
        OfVersion(group.MapGet("/versions/{number}", GetVersion)).Returns<ScriptVersionDetails>(versioned: true).Problems(410, "SCRIPT_IN_TRASH");
        OfVersion(group.MapDelete("/versions/{number}", DeleteVersion)).Needs(Role.Editor).Returns<DeletedBody>().Problems(403, "ROLE_TOO_LOW").Problems(422, "VALIDATION_ERROR").Problems(423, "SCRIPT_VERSION_ACTIVE");
        OfVersion(group.MapPost("/versions/{number}/activate", Activate)).Needs(Role.Editor).Returns<ScriptVersionDetails>(versioned: true);
        OfVersion(group.MapPost("/versions/{number}/approve", Approve)).Needs(Role.Editor).Returns<ScriptVersionDetails>(versioned: true).Problems(423, "APPROVAL_FORBIDS");
        OfVersion(group.MapPost("/versions/{number}/unapprove", Unapprove)).Needs(Role.Editor).Returns<ScriptVersionDetails>(versioned: true).Problems(423, "APPROVAL_FORBIDS");
        OfVersion(group.MapPost("/versions/{number}/reject", Reject)).Needs(Role.Editor).Returns<ScriptVersionDetails>(versioned: true).Problems(423, "APPROVAL_FORBIDS");
        OfVersion(group.MapPost("/versions/{number}/resubmit", Resubmit)).Needs(Role.Editor).Returns<ScriptVersionDetails>(versioned: true).Problems(423, "APPROVAL_FORBIDS");
        OfVersion(group.MapPost("/versions/{number}/restore", Restore)).Needs(Role.Editor).Returns<ScriptVersionDetails>(versioned: true).Problems(409, "SCRIPT_VERSION_LIMIT");

        // One handler serves both kinds, so that its name alone is no operation id.
        RouteHandlerBuilder Named(RouteHandlerBuilder endpoint)
        {
            endpoint.Add(built => built.Metadata.Add(new EndpointNameMetadata($"{name}_{built.Metadata.OfType<System.Reflection.MethodInfo>().First().Name}")));
            return endpoint.WithTags(name).Problems(404, "EPISODE_NOT_FOUND", "SCRIPT_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH");
        }

        RouteHandlerBuilder OfVersion(RouteHandlerBuilder endpoint) => Named(endpoint).Problems(404, "SCRIPT_VERSION_NOT_FOUND").Problems(410, "SCRIPT_IN_TRASH", "SCRIPT_VERSION_IN_TRASH");

        static RouteHandlerBuilder Takes(RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new RequestSizeLimitAttribute(MaxBytes)).Example(Example);
    }

    /// <summary>Get a script</summary>
    /// <remarks>Its active version, and how many there are. Of those in the trash, which admins see with `include_deleted=true`, the last.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> Get(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken, [FromQuery(Name = "include_deleted")] bool includeDeleted = false) =>
        await Show(Of(context, id), mediator, cancellationToken, includeDeleted);

    /// <summary>Write a script</summary>
    /// <remarks>As a new version, which is active. What the active one has already, text and reference, adds none. A script has at most 100 versions, beside those in the trash.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> Write(Guid id, Body<ScriptBody> body, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        var (text, fileReference, author, changeNotes, source) = body.Value;
        var written = await mediator.Send(new WriteScript(Of(context, id), text, fileReference, author, changeNotes, source, ifMatch.Version), cancellationToken);
        return written.Succeeded ? await Show(Of(context, id), mediator, cancellationToken) : Problem.From(written.Errors);
    }

    /// <summary>Move a script to the trash, or delete it for good</summary>
    /// <remarks>With its versions, which the answer counts; the episode may have another one then. With `purge=true` it is deleted for good, or, with a `script_id` that an earlier answer told, one in the trash, and a receipt stays; that is for admins, and within an hour for whoever made it, where nobody else wrote a version. `reason` is kept.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="script_id">Of a purge, which script is meant; left out, the one that is there.</param>
    private static async Task<IResult> Delete(Guid id, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken, string? reason = null, bool purge = false, Guid? script_id = null) => purge
        ? (await mediator.Send(new PurgeScript(Of(context, id), script_id, reason, ifMatch.Version), cancellationToken)).Match(gone => Respond.Ok(DeletedBody.Of(gone)), Problem.From)
        : (await mediator.Send(new TrashScript(Of(context, id), reason, ifMatch.Version), cancellationToken)).Match(trashed => Respond.Ok(DeletedBody.Of(trashed)), Problem.From);

    /// <summary>Take a script out of the trash</summary>
    /// <remarks>The last that went there, with its versions; where the episode has no other by now.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> RestoreAll(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        var restored = await mediator.Send(new RestoreScript(Of(context, id)), cancellationToken);
        return restored.Succeeded ? await Show(Of(context, id), mediator, cancellationToken) : Problem.From(restored.Errors);
    }

    /// <summary>Compare two versions of a script</summary>
    /// <remarks>In pieces that are equal, inserted or deleted; a version without a text is as an empty one. At most 10,000 lines or words, of both together, may stand between the first difference and the last.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="from">The number of one; left out, the one before the other.</param>
    /// <param name="to">The number of the other; left out, the active one.</param>
    /// <param name="by">lines or words.</param>
    private static async Task<IResult> Diff(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken, int? from = null, int? to = null, string by = "lines") =>
        (await mediator.Send(new DiffScript(Of(context, id), from, to, by), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>List the versions of a script</summary>
    /// <remarks>All of them, newest first, without their texts.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> Versions(Guid id, HttpContext context, IMediator mediator, CancellationToken cancellationToken, [FromQuery(Name = "include_deleted")] bool includeDeleted = false) =>
        (await mediator.Send(new ListScriptVersions(Of(context, id), includeDeleted), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Add a version to a script</summary>
    /// <remarks>It has the next number, and is active with `activate`; the first is in any case. A script has at most 100 versions, beside those in the trash.</remarks>
    /// <param name="id">The episode.</param>
    private static async Task<IResult> AddVersion(Guid id, Body<ScriptVersionBody> body, HttpContext context, IMediator mediator, CancellationToken cancellationToken)
    {
        var (text, fileReference, author, changeNotes, source, activate) = body.Value;
        var added = await mediator.Send(new AddScriptVersion(Of(context, id), text, fileReference, author, changeNotes, source, activate), cancellationToken);
        if (!added.Succeeded) return Problem.From(added.Errors);

        return (await mediator.Send(new GetScriptVersion(Of(context, id), added.Value), cancellationToken))
            .Match(version => Respond.Created($"{context.Request.Path.Value!.TrimEnd('/')}/{version.Number}", version, version.Version), Problem.From);
    }

    /// <summary>Get a version of a script</summary>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> GetVersion(
        Guid id, int number, HttpContext context, IMediator mediator, CancellationToken cancellationToken, [FromQuery(Name = "include_deleted")] bool includeDeleted = false) =>
        await Show(Of(context, id), number, mediator, cancellationToken, includeDeleted);

    /// <summary>Move a version of a script to the trash, or delete it for good</summary>
    /// <remarks>Any but the active one; its number is not given again. With `purge=true` it is deleted for good, and a receipt stays; that is for admins, and within an hour for whoever wrote it. `reason` is kept.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> DeleteVersion(
        Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken, string? reason = null, bool purge = false) => purge
        ? (await mediator.Send(new PurgeScriptVersion(Of(context, id), number, reason, ifMatch.Version), cancellationToken)).Match(gone => Respond.Ok(DeletedBody.Of(gone)), Problem.From)
        : (await mediator.Send(new TrashScriptVersion(Of(context, id), number, reason, ifMatch.Version), cancellationToken)).Match(trashed => Respond.Ok(DeletedBody.Of(trashed)), Problem.From);

    /// <summary>Make a version of a script the active one</summary>
    /// <remarks>Whatever its approval is.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> Activate(Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(new ActivateScriptVersion(Of(context, id), number, ifMatch.Version), Of(context, id), mediator, cancellationToken);

    /// <summary>Approve a version of a script</summary>
    /// <remarks>draft → approved, approved → draft, draft → rejected, rejected → draft; no other way.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> Approve(Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(new MoveScriptApproval(Of(context, id), number, ApprovalMove.Approve, ifMatch.Version), Of(context, id), mediator, cancellationToken);

    /// <summary>Take the approval of a version of a script back</summary>
    /// <remarks>draft → approved, approved → draft, draft → rejected, rejected → draft; no other way.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> Unapprove(Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(new MoveScriptApproval(Of(context, id), number, ApprovalMove.Unapprove, ifMatch.Version), Of(context, id), mediator, cancellationToken);

    /// <summary>Reject a version of a script</summary>
    /// <remarks>draft → approved, approved → draft, draft → rejected, rejected → draft; no other way.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> Reject(Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(new MoveScriptApproval(Of(context, id), number, ApprovalMove.Reject, ifMatch.Version), Of(context, id), mediator, cancellationToken);

    /// <summary>Hand a rejected version of a script in again</summary>
    /// <remarks>draft → approved, approved → draft, draft → rejected, rejected → draft; no other way.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the version.</param>
    private static async Task<IResult> Resubmit(Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(new MoveScriptApproval(Of(context, id), number, ApprovalMove.Resubmit, ifMatch.Version), Of(context, id), mediator, cancellationToken);

    /// <summary>Write an old version of a script again</summary>
    /// <remarks>As a new one, which is active and which the answer shows; the old one stays as it is. One in the trash is taken out of it instead, which is for admins.</remarks>
    /// <param name="id">The episode.</param>
    /// <param name="number">Of the old version.</param>
    private static async Task<IResult> Restore(Guid id, int number, IfMatch ifMatch, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Send(new RestoreScriptVersion(Of(context, id), number, ifMatch.Version), Of(context, id), mediator, cancellationToken);

    /// <summary>Search the texts of scripts</summary>
    /// <remarks>The best first, those of episodes in the trash left out; of words that stand in more than 200 versions, the best among the newest 400 and 200 others. `highlights` is HTML: the text's own `&amp;`, `&lt;` and `&gt;` are escaped, what was found stands in `mark` elements, and up to three pieces are joined by " … ". They are from the first 200,000 characters of a text.</remarks>
    /// <param name="q">Words, "phrases", or, -not; at most 500 characters.</param>
    /// <param name="all_versions">Also versions that are not active.</param>
    /// <param name="limit">1 to 50.</param>
    private static async Task<IResult> Search(IMediator mediator, CancellationToken cancellationToken, string q = "", bool all_versions = false, int limit = 20) =>
        (await mediator.Send(new SearchScripts(q, all_versions, limit), cancellationToken)).Match(Respond.Ok, Problem.From);

    private static ScriptOf Of(HttpContext context, Guid episode) => new(episode, context.GetEndpoint()!.Metadata.GetRequiredMetadata<OfKind>().Kind);

    private static async Task<IResult> Send(ICommand<int> command, ScriptOf script, IMediator mediator, CancellationToken cancellationToken)
    {
        var done = await mediator.Send(command, cancellationToken);
        return done.Succeeded ? await Show(script, done.Value, mediator, cancellationToken) : Problem.From(done.Errors);
    }

    private static async Task<IResult> Show(ScriptOf script, IMediator mediator, CancellationToken cancellationToken, bool includeDeleted = false) =>
        (await mediator.Send(new GetScript(script, includeDeleted), cancellationToken)).Match(found => Respond.Item(found, found.Version), Problem.From);

    private static async Task<IResult> Show(ScriptOf script, int number, IMediator mediator, CancellationToken cancellationToken, bool includeDeleted = false) =>
        (await mediator.Send(new GetScriptVersion(script, number, includeDeleted), cancellationToken)).Match(version => Respond.Item(version, version.Version), Problem.From);

    /// <summary>Which of an episode's scripts an endpoint is about.</summary>
    private sealed record OfKind(ScriptKind Kind);

    /// <param name="Text">At most 1 MiB in UTF-8. Text, file_reference or both are given.</param>
    /// <param name="FileReference">Where the file lies, such as s3://bucket/key or a URL; at most 2,000 characters.</param>
    /// <param name="Author">Who wrote it; at most 200 characters.</param>
    /// <param name="ChangeNotes">What is new; at most 5,000 characters.</param>
    /// <param name="Source">manual_upload, import or system.</param>
    [ReadOnlyFields(typeof(ScriptDetails))]
    internal sealed record ScriptBody(string? Text = null, string? FileReference = null, string? Author = null, string? ChangeNotes = null, ScriptSource Source = ScriptSource.ManualUpload);

    /// <param name="Text">At most 1 MiB in UTF-8. Text, file_reference or both are given.</param>
    /// <param name="FileReference">Where the file lies, such as s3://bucket/key or a URL; at most 2,000 characters.</param>
    /// <param name="Author">Who wrote it; at most 200 characters.</param>
    /// <param name="ChangeNotes">What is new; at most 5,000 characters.</param>
    /// <param name="Source">manual_upload, import or system.</param>
    /// <param name="Activate">Whether it becomes the active one.</param>
    [ReadOnlyFields(typeof(ScriptVersionDetails))]
    internal sealed record ScriptVersionBody(
        string? Text = null, string? FileReference = null, string? Author = null, string? ChangeNotes = null, ScriptSource Source = ScriptSource.ManualUpload, bool Activate = false);
}
