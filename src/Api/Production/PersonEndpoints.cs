using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Production;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Production;
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
                Refusals = [(422, "VALIDATION_ERROR")],
                Remarks = "Others of the same name are told as a warning `DUPLICATE_PERSON` with their ids.",
            },
            "Newest first. `q` searches names, aliases, tags and notes; `/people/search` finds somebody by a name that is mistyped.").Routes;
        people.MapGet("/search", Search).WithTags("Person").Returns<FoundPerson[]>().Problems(422, "VALIDATION_ERROR");
        people.MapGet("/{id:guid}/aliases", Aliases).WithTags("Person").Returns<AliasDetails[]>().Problems(404, "PERSON_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
        people.MapGet("/{id:guid}/aliases/{alias_id:guid}", Alias).WithTags("Person").Returns<AliasDetails>(versioned: true).Problems(404, "PERSON_NOT_FOUND", "ALIAS_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
        people.MapPost("/{id:guid}/aliases", Add).WithTags("Person").Needs(Role.Editor).Returns<AliasDetails>(201, versioned: true).Problems(404, "PERSON_NOT_FOUND").Problems(409, "ALIAS_LIMIT", "ALIAS_TAKEN")
            .Problems(410, "PERSON_IN_TRASH").Problems(422, "VALIDATION_ERROR").Example(new { Alias = "Zoe L." });
        people.MapDelete("/{id:guid}/aliases/{alias_id:guid}", Remove).WithTags("Person").Needs(Role.Editor).Returns<RemovedAlias>().Problems(404, "PERSON_NOT_FOUND", "ALIAS_NOT_FOUND").Problems(410, "PERSON_IN_TRASH");
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
    /// <remarks>At most 500. Others may have it, too.</remarks>
    private static async Task<IResult> Add(Guid id, Body<AliasBody> body, HttpRequest request, IMediator mediator, CancellationToken cancellationToken)
    {
        var added = await mediator.Send(new AddAlias(id, body.Value.Alias), cancellationToken);
        if (!added.Succeeded) return Problem.From(added.Errors);

        return (await mediator.Send(new GetAlias(id, added.Value), cancellationToken)).Match(alias => Respond.Created($"{request.Path.Value!.TrimEnd('/')}/{alias.Id}", alias, alias.Version), Problem.From);
    }

    /// <summary>Take a name from a person</summary>
    private static async Task<IResult> Remove(Guid id, Guid alias_id, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new RemoveAlias(id, alias_id, ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(new RemovedAlias(id, alias_id)), Problem.From);

    /// <param name="Alias">At most 200 characters.</param>
    internal sealed record AliasBody(string Alias);

    /// <param name="PersonId">The person.</param>
    /// <param name="AliasId">The alias.</param>
    internal sealed record RemovedAlias(Guid PersonId, Guid AliasId);
}
