using System.Text.Json;
using MediaPlatform.Api.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;
using MediatR;

namespace MediaPlatform.Api.Http;

/// <summary>The endpoints of a kind of records, for what else the kind has.</summary>
internal sealed record RecordGroup<TFields, TBody>(RouteGroupBuilder Routes, RecordRoutes<TFields, TBody> Of)
    where TFields : class
    where TBody : notnull
{
    /// <summary>What is done to one beyond the usual: <c>POST /{id}/publish</c>, for who writes them, with <c>If-Match</c>. The answer is the record as it is then.</summary>
    /// <param name="verb">As operation ids end, such as <c>Publish</c>; the path has it in lower case.</param>
    /// <param name="summary">Such as <c>Publish an episode</c>.</param>
    /// <param name="command">From the id and the version that the caller has seen; it begins with <see cref="OpenRecord.Open"/>.</param>
    /// <returns>The endpoint, for its description and for the problems that are its own.</returns>
    public RouteHandlerBuilder MapVerb(string verb, string summary, Func<Guid, long?, ICommand<Written>> command) =>
        Routes.MapPost(PathOf(verb), (Guid id, IfMatch ifMatch, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
            Send(command(id, ifMatch.Version), mediator, services, cancellationToken))
        .Called(Of, verb, summary).Needs(Of.Writes).Returns<TBody>(versioned: true).Problems(404, $"{Of.Kind.Code}_NOT_FOUND").Problems(410, $"{Of.Kind.Code}_IN_TRASH");

    /// <summary>Takes one out of the trash, where nobody but an admin sees it, and nobody its version.</summary>
    public RouteHandlerBuilder MapRestore() =>
        Routes.MapPost(PathOf("Restore"), (Guid id, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken) =>
            Send(new RestoreRecord<TFields>(id), mediator, services, cancellationToken))
        .Called(Of, "Restore", $"Take {Of.One} out of the trash").Needs(Role.Admin).Returns<TBody>(versioned: true).Problems(404, $"{Of.Kind.Code}_NOT_FOUND");

    /// <summary>Does it, and answers the record as it is then.</summary>
    public async Task<IResult> Send(ICommand<Written> command, IMediator mediator, IServiceProvider services, CancellationToken cancellationToken)
    {
        var written = await mediator.Send(command, cancellationToken);
        return written.Succeeded ? await Answer(written.Value.Id, services, cancellationToken, findings: written.Value.Findings) : Problem.From(written.Errors);
    }

    public async Task<IResult> Answer(Guid id, IServiceProvider services, CancellationToken cancellationToken, bool includeDeleted = false, IReadOnlyList<Finding>? findings = null) =>
        (await Of.Show(id, includeDeleted, services, cancellationToken)).Match(shown => Respond.Item(shown.Body, shown.Version, Warning.Of(findings ?? [])), Problem.From);

    private static string PathOf(string verb) => $"/{{id:guid}}/{JsonNamingPolicy.KebabCaseLower.ConvertName(verb)}";
}
