using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Jobs;

internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").Needs(Role.Viewer);
        jobs.MapList(new("Job", "jobs", ListFields.Jobs, "Succeeded and cancelled jobs are kept for 24 hours, failed and dead ones for 30 days."), request => new ListJobs(request));
        jobs.MapGet("/summary", Summary).Returns<IReadOnlyList<JobSummary>>();
        jobs.MapGet("/{id:guid}", Get).Returns<JobDetails>(versioned: true).Problems(404, "JOB_NOT_FOUND");
        jobs.MapPost("/{id:guid}/retry", Retry).Needs(Role.Editor).Returns<JobDetails>(versioned: true).Problems(404, "JOB_NOT_FOUND")
            .Problems(409, "JOB_REPLACED").Problems(423, "JOB_STILL_LIVE", "JOB_ALREADY_FINISHED");
        jobs.MapPost("/{id:guid}/cancel", Cancel).Needs(Role.Editor).Returns<JobDetails>(versioned: true).Problems(404, "JOB_NOT_FOUND")
            .Problems(423, "JOB_ALREADY_FINISHED");
        jobs.MapPost("/retry", RetryMany).Needs(Role.Admin).Returns<RetriedJobs>().Example(new { Type = "MEDIA_PROCESS", Status = "failed" });
    }

    /// <summary>Count jobs by type and status</summary>
    private static async Task<IResult> Summary(IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new SummarizeJobs(), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get a job, with every stage of every attempt</summary>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetJob(new(id)), cancellationToken)).Match(job => Respond.Item(job, job.Version), Problem.From);

    /// <summary>Queue a job again that failed, died or was cancelled</summary>
    private static async Task<IResult> Retry(Guid id, IMediator mediator, CancellationToken cancellationToken)
    {
        var retried = await mediator.Send(new RetryJob(new(id)), cancellationToken);
        return retried.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(retried.Errors);
    }

    /// <summary>Stop a job</summary>
    /// <remarks>A queued job is stopped at once; a running one is asked, and stops within a few seconds.</remarks>
    private static async Task<IResult> Cancel(Guid id, IMediator mediator, CancellationToken cancellationToken)
    {
        var canceled = await mediator.Send(new CancelJob(new(id)), cancellationToken);
        return canceled.Succeeded ? await Get(id, mediator, cancellationToken) : Problem.From(canceled.Errors);
    }

    /// <summary>Queue again all jobs that failed</summary>
    /// <remarks>At most 500 at a time, oldest first; `may_be_more` says whether to ask again.</remarks>
    private static async Task<IResult> RetryMany(Body<RetryJobsBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RetryJobs(body.Value.Type, body.Value.Status), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <param name="Type">Such as MEDIA_PROCESS; any, when left out.</param>
    /// <param name="Status">failed, dead or canceled; any of them, when left out.</param>
    internal sealed record RetryJobsBody(string? Type = null, JobStatus? Status = null);
}
