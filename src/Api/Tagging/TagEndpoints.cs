using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Tagging;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Query;
using MediatR;
using Microsoft.AspNetCore.Http.Features;

namespace MediaPlatform.Api.Tagging;

internal static class TagEndpoints
{
    private static readonly string[] MergeExample = ["sea", "ocean"];

    public static void MapTags(this RouteGroupBuilder api)
    {
        var tags = api.MapGroup("/tags").Needs(Role.Viewer);
        tags.MapList(new("Tag", "the tags that are in use or described", ListFields.Tags, "Most used first. `count` and `counts` leave out what is in the trash. `tag[starts_with]=se` is what a person types ahead."), request => new ListTags(request));
        tags.MapGet("/{tag}", Get).Returns<TagDetails>(versioned: true).Problems(404, "TAG_NOT_FOUND");
        tags.MapPut("/{tag}", Save).Needs(Role.Editor).Returns<TagDetails>(versioned: true).Problems(404, "TAG_NOT_FOUND").Problems(422, "VALIDATION_ERROR")
            .Example(new { Category = "mood", Description = "Warm light, slow pace" });
        tags.MapDelete("/{tag}", Remove).Needs(Role.Admin).Returns<RewrittenTags>().Returns<JobDetails>(202).Problems(404, "TAG_NOT_FOUND").Problems(409, "TAGS_BEING_REWRITTEN");
        tags.MapPost("/rename", Rename).Needs(Role.Admin).Returns<RewrittenTags>().Returns<JobDetails>(202).Problems(404, "TAG_NOT_FOUND")
            .Problems(409, "TAG_IN_USE", "TAGS_BEING_REWRITTEN").Problems(422, "VALIDATION_ERROR").Example(new { From = "sunset", To = "sundown" });
        tags.MapPost("/merge", Merge).Needs(Role.Admin).Returns<RewrittenTags>().Returns<JobDetails>(202).Problems(404, "TAG_NOT_FOUND")
            .Problems(409, "TAGS_BEING_REWRITTEN").Problems(422, "VALIDATION_ERROR").Example(new { From = MergeExample, Into = "seaside" });
    }

    /// <summary>Get a tag</summary>
    /// <param name="tag">Percent-encoded: `a/b` is `a%2Fb`. Upper and lower case are the same.</param>
    private static async Task<IResult> Get(string tag, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        await Show(InPath(context, tag), mediator, cancellationToken);

    /// <summary>Say what a tag is</summary>
    /// <remarks>A category and a description; what is left out is emptied. The tag need not be in use yet.</remarks>
    /// <param name="tag">Percent-encoded: `a/b` is `a%2Fb`. Upper and lower case are the same.</param>
    private static async Task<IResult> Save(string tag, HttpContext context, Body<SaveTagBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var saved = await mediator.Send(new SaveTag(InPath(context, tag), body.Value.Category, body.Value.Description, ifMatch.Version), cancellationToken);
        return saved.Succeeded ? await Show(InPath(context, tag), mediator, cancellationToken) : Problem.From(saved.Errors);
    }

    /// <summary>Take a tag off everything</summary>
    /// <remarks>Off what is in the trash as well, and what is said of it goes. More than 1,000 records are left to a job, which the answer shows.</remarks>
    /// <param name="tag">Percent-encoded: `a/b` is `a%2Fb`. Upper and lower case are the same.</param>
    private static async Task<IResult> Remove(string tag, HttpContext context, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        await Answer(await mediator.Send(new RemoveTag(InPath(context, tag), ifMatch.Version), cancellationToken), mediator, cancellationToken);

    /// <summary>Rename a tag wherever it is borne</summary>
    /// <remarks>In the trash as well; what is said of it goes along. The new name must be free. More than 1,000 records are left to a job, which the answer shows.</remarks>
    private static async Task<IResult> Rename(Body<RenameTagBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        await Answer(await mediator.Send(new RenameTag(body.Value.From, body.Value.To), cancellationToken), mediator, cancellationToken);

    /// <summary>Make one tag of several wherever they are borne</summary>
    /// <remarks>In the trash as well. It stands where the first of them stood, once. What is said of the first of them goes along, unless something is said of it already. More than 1,000 records are left to a job, which the answer shows.</remarks>
    private static async Task<IResult> Merge(Body<MergeTagsBody> body, IMediator mediator, CancellationToken cancellationToken) =>
        await Answer(await mediator.Send(new MergeTags(body.Value.From, body.Value.Into), cancellationToken), mediator, cancellationToken);

    private static async Task<IResult> Show(string tag, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetTag(tag), cancellationToken)).Match(found => Respond.Item(found, found.Version), Problem.From);

    private static async Task<IResult> Answer(Result<RewrittenTags> rewritten, IMediator mediator, CancellationToken cancellationToken)
    {
        if (!rewritten.Succeeded) return Problem.From(rewritten.Errors);
        if (rewritten.Value.JobId is not { } id) return Respond.Ok(rewritten.Value);

        return (await mediator.Send(new GetJob(new(id)), cancellationToken)).Match(job => Respond.Accepted($"{ApiGroup.Prefix}/jobs/{id}", job), Problem.From);
    }

    /// <summary>The tag as it was sent. A route's value leaves <c>%2F</c> as it is and decodes <c>%252F</c> to the same.</summary>
    private static string InPath(HttpContext context, string tag)
    {
        var sent = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var end = sent.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? sent : sent[..end];
        var last = path.TrimEnd('/').LastIndexOf('/');
        return last < 0 ? tag : Uri.UnescapeDataString(path.TrimEnd('/')[(last + 1)..]);
    }

    /// <param name="Category">wardrobe_type, vibe, mood, show, character or sponsor.</param>
    /// <param name="Description">Up to 2,000 characters.</param>
    [ReadOnlyFields(typeof(TagDetails))]
    internal sealed record SaveTagBody(TagCategory? Category = null, string? Description = null);

    /// <param name="From">A tag that is in use or described.</param>
    /// <param name="To">One that is not.</param>
    internal sealed record RenameTagBody(string From, string To);

    /// <param name="From">1 to 100 tags.</param>
    /// <param name="Into">In use, or new.</param>
    internal sealed record MergeTagsBody(IReadOnlyList<string> From, string Into);
}
