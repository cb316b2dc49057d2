using System.Net.Mime;
using System.Text;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Records;
using MediatR;

namespace MediaPlatform.Api.Episodes;

/// <summary>An episode's clips for an editor's desk.</summary>
internal static class EpisodeExportEndpoints
{
    private const string Clips = "clips";
    private const string Edl = "edl";

    public static void MapEpisodeExport(this RouteGroupBuilder api)
    {
        var fields = ((IEndpointRouteBuilder)api).ServiceProvider.GetRequiredService<FieldsOf<ClipDetails>>().Fields;
        api.MapGet("/episodes/{id:guid}/export", Export).Needs(Role.Viewer, Clips).WithName("Episode_ExportClips").WithTags("Episode")
            .WithMetadata(new ListMetadata(typeof(object), fields.Fields, fields.Sorts) { Described = fields.Described, IsWhole = true })
            .ReturnsPlain(StatusCodes.Status200OK, "The clips, as `format` says: json (an array), csv (RFC 4180, UTF-8), or edl (CMX 3600, with CRLF).", MediaTypeNames.Text.Plain)
            .Problems(400, "INVALID_PARAMETER").Problems(404, "EPISODE_NOT_FOUND").Problems(410, "EPISODE_IN_TRASH")
            .Problems(422, "EXPORT_TOO_LARGE", "EDL_CLIP_DOES_NOT_FIT", "EDL_CLIP_WITHOUT_TIMECODE", "EDL_COUNTING_DIFFERS", "EDL_FRAME_RATES_DIFFER", "EDL_FRAME_RATE_TOO_HIGH", "EDL_FRAME_RATE_UNKNOWN", "EDL_TOO_LONG");
    }

    /// <summary>Export the clips of an episode for an editor</summary>
    /// <remarks>
    /// Those that are approved, unless a filter names a status; in the order in which they came, unless `sort` says another. As edl, an edit decision list of CMX 3600: cuts one after the
    /// other from 01:00:00:00 on, `timecode_out` being the frame after the last. Its clips have timecodes, one frame rate, and one way of counting; whatever does not fit is told by clip.
    /// </remarks>
    /// <param name="id">The episode.</param>
    /// <param name="format">json, csv or edl.</param>
    /// <param name="assumed_frame_rate">Frames a second of clips that say none, such as 25 or 29.97; of edl alone. `frame_rate=` is a filter, as all other fields of clips are.</param>
    private static async Task<IResult> Export(Guid id, ListQuery query, HttpContext context, IMediator mediator, CancellationToken cancellationToken, string format = "json", double? assumed_frame_rate = null)
    {
        var episode = await mediator.Send(new GetRecord<EpisodeDetails>(id, IncludeDeleted: false), cancellationToken);
        if (!episode.Succeeded) return Problem.From(episode.Errors);

        var asked = query.Request;
        List<Condition> conditions = [.. asked.Conditions, new("episode_id", Operator.Eq, [id.ToString()])];
        if (asked.Conditions.All(condition => condition.Field != "status")) conditions.Add(new("status", Operator.Eq, [Names.Of(ClipStatus.Approved)]));
        var request = asked with { Conditions = conditions, Sort = asked.Sort.Count > 0 ? asked.Sort : [new SortBy("created_at", Descending: false)] };
        if (format is not (Edl or "csv" or "json")) return Problem.From([new MalformedError("INVALID_PARAMETER", "format must be one of csv, json, edl.", "format")]);
        if (assumed_frame_rate is not null && (format is not Edl || assumed_frame_rate is < 1 or > EditDecisionList.MaxFrameRate))
            return Problem.From([new MalformedError("INVALID_PARAMETER", $"assumed_frame_rate is 1 to {EditDecisionList.MaxFrameRate}, and of edl alone.", "assumed_frame_rate")]);
        if (format is not Edl) return await ListEndpoints.Export(Clips, request, query.Fields, format, context, mediator, cancellationToken);

        var written = await mediator.Send(new WriteEdl(episode.Value.Title, request, assumed_frame_rate), cancellationToken);
        if (!written.Succeeded) return Problem.From(written.Errors);

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"episode-{id}.edl\"";
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(written.Value, MediaTypeNames.Text.Plain, Encoding.UTF8);
    }
}
