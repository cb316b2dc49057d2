using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Schema;
using MediatR;

namespace MediaPlatform.Api.Production;

internal static class PersonEndpoints
{
    private const int FoundUnlessAsked = 20;

    public static void MapPeople(this RouteGroupBuilder api)
    {
        var people = api.MapResource<PersonFields, PersonDetails>(
            "/people", "people", new("Person", ProductionKinds.Person, "a person", new { DisplayName = "Zoë Lindqvist", Type = "model" })
            {
                Refusals = [(422, "VALIDATION_ERROR")], KeepsSome = true, Merges = true,
                Remarks = "Others of the same name are told as a warning `DUPLICATE_PERSON` with their ids.",
            },
            "Newest first. `q` searches names, aliases, tags and notes; `/people/search` finds somebody by a name that is mistyped.").Routes;
        people.MapGet("/search", Search).WithTags("Person").Returns<FoundPerson[]>().Problems(422, "VALIDATION_ERROR");
        people.MapGet("/{id:guid}/aliases", Aliases).WithTags("Person").Returns<AliasDetails[]>().Problems(404, "PERSON_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
        people.MapGet("/{id:guid}/aliases/{alias_id:guid}", Alias).WithTags("Person").Returns<AliasDetails>(versioned: true).Problems(404, "PERSON_NOT_FOUND", "ALIAS_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
        people.MapPost("/{id:guid}/aliases", Add).WithTags("Person").Needs(Role.Editor).Returns<AliasDetails>(201, versioned: true).Problems(404, "PERSON_NOT_FOUND").Problems(409, "ALIAS_LIMIT", "ALIAS_TAKEN")
            .Problems(410, "PERSON_IN_TRASH").Problems(422, "VALIDATION_ERROR").Example(new { Alias = "Zoe L." });
        people.MapDelete("/{id:guid}/aliases/{alias_id:guid}", Remove).WithTags("Person").Needs(Role.Editor).Returns<RemovedAlias>().Problems(404, "PERSON_NOT_FOUND", "ALIAS_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
        people.MapPost("/{id:guid}/aliases/{alias_id:guid}/split", Split).WithTags("Person").Needs(Role.Editor).Returns<PersonDetails>(201, versioned: true).Problems(404, "PERSON_NOT_FOUND", "ALIAS_NOT_FOUND").Problems(410, "PERSON_IN_TRASH")
            .Problems(422, [.. CustomFieldErrors.Codes]).Example(new { TakeCredits = true });
        people.MapPost("/{id:guid}/merge", Merge).WithTags("Person").Needs(Role.Editor).Returns<MergeDetails>(201).Problems(404, "PERSON_NOT_FOUND").Problems(409, "PERSON_MERGE_CIRCLE").Problems(410, "PERSON_IN_TRASH")
            .Problems(422, "PERSON_MERGE_ITSELF").Problems(423, "PERSON_MERGED").Example(new { IntoPersonId = Guid.Empty });
        people.MapGet("/{id:guid}/merges", Merges).WithTags("Person").Returns<MergeDetails[]>().Problems(404, "PERSON_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
        people.MapGet("/merges/{merge_id:guid}", GetMerge).WithTags("Person").Returns<MergeDetails>().Problems(404, "MERGE_NOT_FOUND");
        people.MapPost("/merges/{merge_id:guid}/undo", Undo).WithTags("Person").Needs(Role.Editor).Returns<MergeDetails>().Problems(404, "MERGE_NOT_FOUND").Problems(423, "MERGE_UNDONE", "MERGE_COVERED");
    }

    /// <summary>Make an alias of a person somebody else</summary>
    /// <remarks>A new person is called so, and the alias is gone. With `take_credits`, raw credits of this very name that mean the person mean the new one.</remarks>
    private static async Task<IResult> Split(Guid id, Guid alias_id, Body<SplitBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var split = await mediator.Send(new SplitAlias(id, alias_id, body.Value.TakeCredits, ifMatch.Version), cancellationToken);
        if (!split.Succeeded) return Problem.From(split.Errors);

        return (await mediator.Send(new GetRecord<PersonDetails>(split.Value.Id, IncludeDeleted: false), cancellationToken))
            .Match(person => Respond.Created($"{ApiGroup.Prefix}/people/{person.Id}", person, person.Version, Warning.Of(split.Value.Findings)), Problem.From);
    }

    /// <summary>Merge a person into another</summary>
    /// <remarks>
    /// All aliases, sessions, sets and credits go to `into_person_id`, which is known by the name of this one from then on; what it has already stays behind. The id of this one leads there (307) and is in the trash.
    /// `POST /people/merges/{merge_id}/undo` makes two of them again.
    /// </remarks>
    private static async Task<IResult> Merge(Guid id, Body<MergeBody> body, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken)
    {
        var merged = await mediator.Send(new MergePeople(id, body.Value.IntoPersonId, ifMatch.Version), cancellationToken);
        if (!merged.Succeeded) return Problem.From(merged.Errors);

        return (await mediator.Send(new GetMerge(merged.Value), cancellationToken)).Match(merge => Respond.Created($"{ApiGroup.Prefix}/people/merges/{merge.Id}", merge, 1), Problem.From);
    }

    /// <summary>List the merges of a person</summary>
    /// <remarks>Into others and of others; latest first, a hundred at most.</remarks>
    private static async Task<IResult> Merges(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListMerges(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get a merge</summary>
    /// <remarks>With what an undo would leave: `stays` is what the other one got since, which nobody can tell apart, and `changed` what went over and is no longer there.</remarks>
    private static async Task<IResult> GetMerge(Guid merge_id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetMerge(merge_id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Undo a merge</summary>
    /// <remarks>What went over goes back, as it is by now. What was changed or came since stays where it is.</remarks>
    private static async Task<IResult> Undo(Guid merge_id, IMediator mediator, CancellationToken cancellationToken)
    {
        var undone = await mediator.Send(new UndoMerge(merge_id), cancellationToken);
        return undone.Succeeded ? await GetMerge(merge_id, mediator, cancellationToken) : Problem.From(undone.Errors);
    }

    /// <summary>Find people by a name</summary>
    /// <remarks>
    /// Who has this very name as an alias comes first, then who is called so, then whose name begins so. Where these are fewer than the limit, names follow that are similar: letters
    /// exchanged, missing or too many, words in another order. Of those that fit alike, who was in a set or session last comes first.
    /// </remarks>
    /// <param name="q">A name, or its beginning; at most 200 characters. Case and accents do not matter.</param>
    /// <param name="limit">At most so many, 1 to 50.</param>
    private static async Task<IResult> Search(string q, IMediator mediator, CancellationToken cancellationToken, int limit = FoundUnlessAsked) =>
        (await mediator.Send(new FindPeople(q, limit), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>List the aliases of a person</summary>
    /// <remarks>As they came.</remarks>
    private static async Task<IResult> Aliases(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new ListAliases(id), cancellationToken)).Match(Respond.Ok, Problem.From);

    /// <summary>Get an alias of a person</summary>
    private static async Task<IResult> Alias(Guid id, Guid alias_id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetAlias(id, alias_id), cancellationToken)).Match(alias => Respond.Item(alias, alias.Version), Problem.From);

    /// <summary>Give a person another name</summary>
    /// <remarks>At most 500. Others may have it, too. Where unresolved credits have this very name, a warning `CREDITS_EXPLAINED` names the first of them.</remarks>
    private static async Task<IResult> Add(Guid id, Body<AliasBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var added = await mediator.Send(new AddAlias(id, body.Value.Alias), cancellationToken);
        if (!added.Succeeded) return Problem.From(added.Errors);

        return (await mediator.Send(new GetAlias(id, added.Value.Id), cancellationToken))
            .Match(alias => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{alias.Id}", alias, alias.Version, Warning.Of(added.Value.Findings)), Problem.From);
    }

    /// <summary>Take a name from a person</summary>
    private static async Task<IResult> Remove(Guid id, Guid alias_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RemoveAlias(id, alias_id, ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new RemovedAlias(id, alias_id)), Problem.From);

    /// <param name="Alias">At most 200 characters.</param>
    internal sealed record AliasBody(string Alias);

    /// <param name="TakeCredits">Whether raw credits of this very name that mean the person mean the new one.</param>
    internal sealed record SplitBody(bool TakeCredits = false);

    /// <param name="IntoPersonId">Who it is.</param>
    internal sealed record MergeBody(Guid IntoPersonId);

    /// <param name="PersonId">The person.</param>
    /// <param name="AliasId">The alias.</param>
    internal sealed record RemovedAlias(Guid PersonId, Guid AliasId);
}
