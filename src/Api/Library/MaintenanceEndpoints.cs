using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Library;
using MediatR;

namespace MediaPlatform.Api.Library;

internal static class MaintenanceEndpoints
{
    public static void MapMaintenance(this RouteGroupBuilder library)
    {
        library.MapPost("/verify", Verify).Needs(Role.Admin).Returns<VerificationDetails>(202).Problems(409, "LIBRARY_BUSY").Example(new { Checksums = false, Quarantine = false });
        library.MapPost("/rebase", Rebase).Needs(Role.Owner).Returns<JobDetails>(202).Problems(409, "LIBRARY_BUSY").Problems(422, "STORE_NOT_CONFIGURED", "VALIDATION_ERROR")
            .Example(new { From = "local", To = "s3", Checksums = true });
        library.MapGet("/verifications", List).Needs(Role.Admin).Returns<IReadOnlyList<VerificationDetails>>();
        library.MapGet("/verifications/{id:guid}", Get).Needs(Role.Admin).Returns<VerificationDetails>().Problems(404, "VERIFICATION_NOT_FOUND");
        library.MapGet("/verifications/{id:guid}/findings", Findings).Needs(Role.Admin).Returns<IReadOnlyList<FindingDetails>>().Problems(404, "VERIFICATION_NOT_FOUND").Problems(422, "VALIDATION_ERROR");
    }

    /// <summary>Look at all stored objects of the client's media</summary>
    /// <remarks>
    /// What is missing (a row whose object is not there, or of another size), what is orphaned (an object that nobody knows, and that is older than any upload that may still land) and, with `checksums`,
    /// which originals have other bytes than their asset: these are read whole. Nothing is deleted. With `quarantine`, orphans are deleted by the first verification after `Library:Quarantine` that finds
    /// them known to nobody still, and renditions that are missing are made again. One at a time; `GET /library/verifications/{id}` tells how far it is.
    /// </remarks>
    private static async Task<IResult> Verify(Body<VerifyBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var begun = await mediator.Send(new VerifyLibrary(body.Value.Checksums, body.Value.Quarantine), cancellationToken);
        if (!begun.Succeeded) return Problem.From(begun.Errors);

        return (await mediator.Send(new GetVerification(begun.Value), cancellationToken)).Match(verification => Respond.Accepted($"{ApiGroup.Prefix}/library/verifications/{begun.Value}", verification), Problem.From);
    }

    /// <summary>Take the media to lie in another store</summary>
    /// <remarks>
    /// For objects that somebody has copied there, under the same keys: the job looks for each original, copy and rendition of the client in `to`, with its size and with `checksums` its hash, and only when
    /// all are there changes where they are read from, all at once, and raises `root_version` of `GET /library/stats`. When one is missing, nothing changes: the job fails with `LIBRARY_REBASE_INCOMPLETE`,
    /// which says how many and the first keys. What comes in meanwhile, and what was registered, stays where it lies. Nothing is copied or deleted: what is left in `from` is orphaned then.
    /// </remarks>
    private static async Task<IResult> Rebase(Body<RebaseBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var begun = await mediator.Send(new RebaseLibrary(body.Value.From, body.Value.To, body.Value.Checksums), cancellationToken);
        if (!begun.Succeeded) return Problem.From(begun.Errors);

        return (await mediator.Send(new GetJob(new(begun.Value)), cancellationToken)).Match(job => Respond.Accepted($"{ApiGroup.Prefix}/jobs/{begun.Value}", job), Problem.From);
    }

    /// <summary>List verifications</summary>
    /// <remarks>The latest 100, newest first.</remarks>
    private static async Task<IResult> List(IMediator mediator, CancellationToken cancellationToken) => (await mediator.Send(new ListVerifications(), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get a verification</summary>
    /// <remarks>How far it is, and what it found so far.</remarks>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetVerification(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>List what a verification found</summary>
    /// <remarks>The first 1,000, by kind. What a later verification finds again is among its findings, and not among these any more.</remarks>
    /// <param name="kind">missing, orphaned or corrupted; left out, all.</param>
    private static async Task<IResult> Findings(Guid id, IMediator mediator, CancellationToken cancellationToken, string? kind = null)
    {
        var asked = Names.Parse<FindingKind>(kind);
        if (kind is not null && asked is null) return Problem.From([new InvalidError("VALIDATION_ERROR", "The kind is missing, orphaned or corrupted.", "kind")]);
        return (await mediator.Send(new ListFindings(id, asked), cancellationToken)).Match(Respond.Ok, Problem.From);
    }

    /// <param name="From">Where they lie: local, s3 or r2.</param>
    /// <param name="To">Where they were copied to.</param>
    /// <param name="Checksums">Also read every original there and compare its SHA-256.</param>
    internal sealed record RebaseBody(string From, string To, bool Checksums = false);

    /// <param name="Checksums">Also read every original and compare its SHA-256.</param>
    /// <param name="Quarantine">Quarantine orphans, and have renditions made again that are missing.</param>
    internal sealed record VerifyBody(bool Checksums = false, bool Quarantine = false);
}
