using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Publication;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Publication;
using MediatR;

namespace MediaPlatform.Api.Publication;

internal static class SetEndpoints
{
    private const int FoundUnlessAsked = 10;

    public static void MapSets(this RouteGroupBuilder api)
    {
        var sets = api.MapResource<SetFields, SetDetails>(
            "/sets", "sets", new("Set", PublicationKinds.Set, "a set", new { Title = "Winter light", ChannelId = Guid.Empty, PublishedAt = "2026-01-20T00:00:00Z" })
            {
                Refusals = [(422, "CHANNEL_NOT_FOUND"), (422, "COMPILATION_COMPUTED"), (422, "VALIDATION_ERROR")], KeepsSome = true,
                Remarks = "Another of the same channel, title and date is told as a warning `DUPLICATE_SET`. `is_compilation` is found out from the media of a set, and cannot be said.",
            },
            "Newest first. `q` searches titles, tags and notes. A set with raw credits stays in the trash: these are kept for ever.").Routes;

        sets.MapGet("/{id:guid}/credits", Credits).WithTags("Set").Returns<CreditDetails[]>().Problems(404, "SET_NOT_FOUND").Problems(410, "SET_IN_TRASH");
        sets.MapPost("/{id:guid}/credits", Add).WithTags("Set").Needs(Role.Editor).Returns<CreditDetails>(201, versioned: true).Problems(404, "SET_NOT_FOUND").Problems(409, "CREDIT_LIMIT").Problems(410, "SET_IN_TRASH")
            .Problems(422, "VALIDATION_ERROR").Example(new { Role = "model", RawName = "Zoë L." });
        sets.MapGet("/{id:guid}/session-candidates", SessionCandidates).WithTags("Set").Returns<SessionCandidate[]>().Problems(404, "SET_NOT_FOUND").Problems(410, "SET_IN_TRASH").Problems(422, "VALIDATION_ERROR");
        sets.MapGet("/{id:guid}/why", Why).WithTags("Set").Returns<EvidenceDetails[]>().Problems(404, "SET_NOT_FOUND").Problems(410, "SET_IN_TRASH");

        sets.MapGet("/{id:guid}/media", Media).WithTags("Set").Returns<SetMediaDetails[]>().Problems(404, "SET_NOT_FOUND").Problems(410, "SET_IN_TRASH");
        sets.MapPost("/{id:guid}/media", Show).WithTags("Set").Needs(Role.Editor).Returns<SetMediaDetails[]>().Problems(404, "SET_NOT_FOUND").Problems(409, "SET_MEDIA_LIMIT").Problems(410, "SET_IN_TRASH")
            .Problems(422, "MEDIA_ITEM_NOT_FOUND", "VALIDATION_ERROR").Example(new { MediaItemIds = Ids });
        sets.MapPost("/{id:guid}/media/order", Order).WithTags("Set").Needs(Role.Editor).Returns<SetMediaDetails[]>().Problems(404, "SET_NOT_FOUND").Problems(410, "SET_IN_TRASH").Problems(422, "SET_MEDIA_ORDER_INCOMPLETE")
            .Example(new { MediaItemIds = Ids });
        sets.MapGet("/{id:guid}/media/{media_item_id:guid}", OneOfMedia).WithTags("Set").Returns<SetMediaDetails>(versioned: true).Problems(404, "SET_NOT_FOUND", "SET_MEDIA_NOT_FOUND").Problems(410, "SET_IN_TRASH");
        sets.MapPut("/{id:guid}/media/{media_item_id:guid}", Describe).WithTags("Set").Needs(Role.Editor).Returns<SetMediaDetails>(versioned: true).Problems(404, "SET_NOT_FOUND", "SET_MEDIA_NOT_FOUND").Problems(410, "SET_IN_TRASH")
            .Problems(422, "VALIDATION_ERROR").Example(new { Caption = "At dawn" });
        sets.MapDelete("/{id:guid}/media/{media_item_id:guid}", Hide).WithTags("Set").Needs(Role.Editor).Returns<SetMediaDetails[]>().Problems(404, "SET_NOT_FOUND", "SET_MEDIA_NOT_FOUND").Problems(410, "SET_IN_TRASH");
        sets.MapPost("/{id:guid}/cover", Cover).WithTags("Set").Needs(Role.Editor).Returns<SetDetails>(versioned: true).Problems(404, "SET_NOT_FOUND").Problems(410, "SET_IN_TRASH").Problems(422, "COVER_NOT_IN_SET")
            .Example(new { MediaItemId = Guid.Empty });

        api.MapLinks<SetLabelClaim, SetLabelClaimDetails>(
            new(PublicationKinds.SetLabelClaim, "/sets/{id:guid}/evidence", ["label_id:guid"], "Set", "Evidence", "a label that a set may be of", "the labels that a set may be of", new { Confidence = 0.9, Notes = "Seen on the cover" })
            {
                Remarks = "What somebody says stands beside what follows from the channel of the set, which is not taken away here.",
            });
        api.MapLinks<SetSessionLink, SetSessionDetails>(
            new(PublicationKinds.SetSession, "/sets/{id:guid}/sessions", ["session_id:guid"], "Set", "Session", "a session that a set shows", "the sessions that a set shows", new { Notes = "By the backdrop" })
            {
                Remarks = "The session is there already: none is made.",
            });
        api.MapLinks<SetParticipantLink, SetParticipantDetails>(
            new(PublicationKinds.SetParticipant, "/sets/{id:guid}/participants", ["person_id:guid", "role"], "Set", "Participant", "a participant of a set", "the participants of a set", new { Notes = "Recognised" })
            {
                Remarks = "The role is model or photographer. Who is in a set by a resolved credit is listed as well, and leaves when no credit and nobody says so any more.",
            });
    }

    private static readonly Guid[] Ids = [Guid.Empty];

    /// <summary>List the media of a set</summary>
    /// <remarks>In its order; at most 5,000. Those of assets in the trash are left out.</remarks>
    private static async Task<IResult> Media(Guid id, IMediator mediator, CancellationToken cancellationToken) => (await mediator.Send(new ListMediaOfSet(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Show media in a set</summary>
    /// <remarks>Behind those that it shows; what it shows already stays where it is. They belong to their sessions; a set is a compilation when these are more than one.</remarks>
    private static Task<IResult> Show(Guid id, Body<MediaBody> body, IMediator mediator, CancellationToken cancellationToken) => Change(id, new ShowMedia(id, body.Value.MediaItemIds), mediator, cancellationToken);

    /// <summary>Put the media of a set in order</summary>
    /// <remarks>Each of them once.</remarks>
    private static Task<IResult> Order(Guid id, Body<MediaBody> body, IMediator mediator, CancellationToken cancellationToken) => Change(id, new OrderMedia(id, body.Value.MediaItemIds), mediator, cancellationToken);

    /// <summary>Get a media item in a set</summary>
    private static async Task<IResult> OneOfMedia(Guid id, Guid media_item_id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMediaOfSet(id, media_item_id), cancellationToken)).Match(item => Respond.Item(item, item.Version), Problem.From);

    /// <summary>Say something of a media item in a set</summary>
    private static async Task<IResult> Describe(Guid id, Guid media_item_id, Body<DescriptionBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var described = await mediator.Send(new DescribeMedia(id, media_item_id, body.Value.Caption, body.Value.Notes, ifMatch.Version), cancellationToken);
        return described.Succeeded ? await OneOfMedia(id, media_item_id, mediator, cancellationToken) : Problem.From(described.Errors);
    }

    /// <summary>Take a media item out of a set</summary>
    /// <remarks>It stays in its session. A cover that is taken out is none any more.</remarks>
    private static Task<IResult> Hide(Guid id, Guid media_item_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) => Change(id, new HideMedia(id, media_item_id, ifMatch.Version), mediator, cancellationToken);

    /// <summary>Choose the cover of a set</summary>
    /// <remarks>One of the media that it shows; null for none.</remarks>
    private static async Task<IResult> Cover(Guid id, Body<CoverBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var chosen = await mediator.Send(new ChooseCover(id, body.Value.MediaItemId, ifMatch.Version), cancellationToken);
        return chosen.Succeeded ? (await mediator.Send(new GetRecord<SetDetails>(id, IncludeDeleted: false), cancellationToken)).Match(set => Respond.Item(set, set.Version), Problem.From) : Problem.From(chosen.Errors);
    }

    private static async Task<IResult> Change(Guid id, ICommand<Done> command, IMediator mediator, CancellationToken cancellationToken)
    {
        var changed = await mediator.Send(command, cancellationToken);
        return changed.Succeeded ? await Media(id, mediator, cancellationToken) : Problem.From(changed.Errors);
    }

    /// <summary>List the raw credits of a set</summary>
    /// <remarks>In the order of the set; at most 500.</remarks>
    private static async Task<IResult> Credits(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListCreditsOfSet(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Add a raw credit to a set</summary>
    /// <remarks>A name as it was published, word for word, blanks included. It is never changed and never deleted; whom it means is said by `/credits/{id}/resolve`.</remarks>
    private static async Task<IResult> Add(Guid id, Body<CreditBody> body, IMediator mediator, CancellationToken cancellationToken)
    {
        var added = await mediator.Send(new AddCredit(id, body.Value.Role, body.Value.RawName), cancellationToken);
        if (!added.Succeeded) return Problem.From(added.Errors);

        return (await mediator.Send(new GetCredit(added.Value), cancellationToken)).Match(credit => Respond.Created($"{ApiGroup.Prefix}/credits/{credit.Id}", credit, credit.Version), Problem.From);
    }

    /// <summary>Find sessions that a set may show</summary>
    /// <remarks>
    /// Suggestions, by the labels that it may be of, the people who are in it and the dates; nothing follows from them until somebody puts one under `/sessions`.
    /// What began after the set came out is none.
    /// </remarks>
    /// <param name="limit">At most so many, 1 to 50.</param>
    private static async Task<IResult> SessionCandidates(Guid id, IMediator mediator, CancellationToken cancellationToken, int limit = FoundUnlessAsked) =>
        (await mediator.Send(new FindSessionCandidates(id, limit), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Say why anything is believed of a set</summary>
    /// <remarks>Each label, person and session with its source and, of what is not decided, its confidence: by the channel, by a credit and who resolved it, or by hand and by whom.</remarks>
    private static async Task<IResult> Why(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListEvidence(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <param name="MediaItemIds">At most 500 at a time; of an order, all of them.</param>
    internal sealed record MediaBody(IReadOnlyList<Guid> MediaItemIds);

    /// <param name="Caption">At most 2,000 characters.</param>
    /// <param name="Notes">At most 20,000 characters.</param>
    [ReadOnlyFields(typeof(SetMediaDetails))]
    internal sealed record DescriptionBody(string? Caption = null, string? Notes = null);

    /// <param name="MediaItemId">One of its media; null for none.</param>
    internal sealed record CoverBody(Guid? MediaItemId);

    /// <param name="Role">model or photographer.</param>
    /// <param name="RawName">As it was published; at most 500 characters.</param>
    internal sealed record CreditBody(ParticipantRole Role, string RawName);
}
