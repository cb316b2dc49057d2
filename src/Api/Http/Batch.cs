using System.Text.Json;
using System.Text.Json.Serialization;
using MediaPlatform.Api.Access;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace MediaPlatform.Api.Http;

/// <summary>What is done to one record.</summary>
internal enum BatchOp { Create, Update, Delete }

/// <summary>One of a batch, as the verbs see it.</summary>
internal sealed record BatchItem(Guid Id, JsonElement? Body, long? IfMatch, string? Reason);

/// <summary>One verb of a batch: the role that it needs, and the same use case that its single endpoint sends.</summary>
internal sealed record BatchVerb(Role Role, bool TakesBody, Func<BatchItem, IMediator, CancellationToken, Task<Result<Written>>> Run)
{
    /// <summary>Takes a body, read as strictly as the single endpoint reads it.</summary>
    public static BatchVerb Taking<TBody, TCommand>(Role role, Type shownAs, Func<BatchItem, TBody, TCommand> command)
        where TBody : class
        where TCommand : ICommand<Written> => Taking<TBody, TCommand, Written>(role, shownAs, command, static (_, written) => written);

    /// <inheritdoc cref="Taking{TBody, TCommand}"/>
    public static BatchVerb Taking<TBody, TCommand, T>(Role role, Type shownAs, Func<BatchItem, TBody, TCommand> command, Func<BatchItem, T, Written> written)
        where TBody : class
        where TCommand : ICommand<T> => new(role, TakesBody: true, async (item, mediator, cancellationToken) =>
    {
        var errors = new List<Error>();
        var body = BodyReader.Read<TBody>(item.Body!.Value, errors, shownAs);
        return errors.Count > 0 ? errors.ToArray() : Written(item, await mediator.Send(command(item, body!), cancellationToken), written);
    });

    /// <summary>Takes a merge patch.</summary>
    public static BatchVerb Patching<TCommand>(Role role, Func<BatchItem, MergePatch, TCommand> command)
        where TCommand : ICommand<Written> => new(role, TakesBody: true, async (item, mediator, cancellationToken) =>
    {
        var patch = MergePatch.Of(item.Body!.Value);
        return patch.Errors.Count > 0 ? patch.Errors.ToArray() : await mediator.Send(command(item, patch), cancellationToken);
    });

    /// <summary>Takes an id alone.</summary>
    public static BatchVerb Naming<TCommand, T>(Role role, Func<BatchItem, TCommand> command)
        where TCommand : ICommand<T> => new(role, TakesBody: false, async (item, mediator, cancellationToken) =>
        Written(item, await mediator.Send(command(item), cancellationToken), static (named, _) => new Written(named.Id, 0)));

    private static Result<Written> Written<T>(BatchItem item, Result<T> result, Func<BatchItem, T, Written> written) =>
        result.Succeeded ? written(item, result.Value) : result.As<Written>();
}

/// <summary>The verbs that a resource takes in a batch.</summary>
internal sealed record BatchVerbs
{
    public BatchVerb? Create { get; init; }

    public BatchVerb? Update { get; init; }

    public BatchVerb? Delete { get; init; }

    /// <summary>An operation that works, the id aside.</summary>
    public required object Example { get; init; }

    /// <summary>Who may ask at all; each operation is for those who may do it alone.</summary>
    public Role LowestRole => Enum.GetValues<BatchOp>().Select(Of).OfType<BatchVerb>().Min(verb => verb.Role);

    public BatchVerb? Of(BatchOp op) => op switch
    {
        BatchOp.Create => Create,
        BatchOp.Update => Update,
        _ => Delete,
    };

    public IEnumerable<string> Names => Enum.GetValues<BatchOp>().Where(op => Of(op) is not null).Select(Domain.Names.Of);
}

/// <summary>Many writes in one request, each by the rules of the single one.</summary>
internal static class BatchEndpoints
{
    private const int MaxItems = 500;
    private const int MaxBytes = 8 << 20;

    /// <param name="name">Of one of them, such as <c>Show</c>.</param>
    public static RouteHandlerBuilder MapBatch(this RouteGroupBuilder group, string name, BatchVerbs verbs) =>
        group.MapPost("/batch", (Body<BatchBody> body, CallContext context, ITransactions transactions, IMediator mediator, HttpContext http, CancellationToken cancellationToken, bool atomic = false) =>
                new Batch(verbs, context, transactions, mediator, http).Run(body.Value, atomic, cancellationToken))
            .WithName($"{name}_Batch").WithTags(name).WithSummary("Write many at once")
            .WithDescription(
                $"Up to {MaxItems} operations in their order, each `create` (with a body), `update` (with an id and a merge patch) or `delete` (with an id), by the rules of the single endpoints. "
                + $"Here: {string.Join(", ", verbs.Names)}. Each has a status and its errors in the answer; one that fails leaves the others. "
                + "With `atomic=true` all are done or none: then the one that failed has its errors, and the others 424 `BATCH_ROLLED_BACK`.")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
            .Needs(verbs.LowestRole)
            .Returns<BatchAnswer>(StatusCodes.Status207MultiStatus)
            .Example(new { Operations = new[] { verbs.Example } });

    /// <param name="Operations">In the order in which they are done.</param>
    internal sealed record BatchBody(IReadOnlyList<BatchOperation> Operations);

    /// <param name="Op">create, update or delete.</param>
    /// <param name="Id">Of what is updated or deleted.</param>
    /// <param name="IfMatch">The ETag last seen, or its version alone.</param>
    /// <param name="Body">As the single endpoint takes it.</param>
    /// <param name="Reason">Of a deletion.</param>
    internal sealed record BatchOperation(BatchOp Op, Guid? Id = null, string? IfMatch = null, JsonElement? Body = null, string? Reason = null);

    /// <param name="Succeeded">How many were done.</param>
    /// <param name="Failed">How many were not.</param>
    /// <param name="Items">Each, in the order given.</param>
    internal sealed record BatchAnswer(bool Atomic, int Succeeded, int Failed, IReadOnlyList<BatchOutcome> Items);

    /// <param name="Index">In the operations, from 0.</param>
    /// <param name="Status">As the single endpoint would answer.</param>
    /// <param name="Id">Of what was made, changed or deleted.</param>
    /// <param name="Version">After a create or an update.</param>
    internal sealed record BatchOutcome(int Index, BatchOp Op, int Status, Guid? Id, long? Version, IReadOnlyList<ProblemError> Errors)
    {
        /// <summary>As the single endpoint has them in its metadata; left out where there are none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<Warning>? Warnings { get; init; }

        [JsonIgnore]
        public bool Succeeded => Status < StatusCodes.Status400BadRequest;
    }

    private sealed class Batch(BatchVerbs verbs, CallContext context, ITransactions transactions, IMediator mediator, HttpContext http)
    {
        public async Task<IResult> Run(BatchBody body, bool atomic, CancellationToken cancellationToken)
        {
            if (body.Operations.Count is 0 or > MaxItems)
                return Problem.Of(StatusCodes.Status422UnprocessableEntity, "VALIDATION_ERROR", $"A batch has 1 to {MaxItems} operations, not {body.Operations.Count}.", "operations");

            var outcomes = atomic ? await RunAtOnce(body, cancellationToken) : await RunOneByOne(body, cancellationToken);
            var succeeded = outcomes.Count(outcome => outcome.Succeeded);
            return new EnvelopeResult<BatchAnswer>(new(atomic, succeeded, outcomes.Count - succeeded, outcomes)) { Status = StatusCodes.Status207MultiStatus };
        }

        private async Task<List<BatchOutcome>> RunOneByOne(BatchBody body, CancellationToken cancellationToken)
        {
            var outcomes = new List<BatchOutcome>(body.Operations.Count);
            foreach (var (index, operation) in body.Operations.Index())
            {
                try
                {
                    outcomes.Add(await Run(index, operation, cancellationToken));
                }
#pragma warning disable CA1031 // what others have done stands, and the caller must get to know of it: an outage is this one's outcome
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    var (status, error) = Failures.InBatch(http, exception, index);
                    outcomes.Add(new(index, operation.Op, status, operation.Id, Version: null, [error]));
                }
            }

            return outcomes;
        }

        private async Task<List<BatchOutcome>> RunAtOnce(BatchBody body, CancellationToken cancellationToken)
        {
            var outcomes = await transactions.Run(
                async ct =>
                {
                    var done = new List<BatchOutcome>(body.Operations.Count);
                    foreach (var (index, operation) in body.Operations.Index())
                    {
                        try
                        {
                            done.Add(await Run(index, operation, ct));
                        }
                        catch (Exception exception)
                        {
                            exception.Data[Failures.Place] = $"operations[{index}]";
                            throw;
                        }

                        if (!done[^1].Succeeded) break;
                    }

                    return done;
                },
                commits: static done => done[^1].Succeeded,
                again: true,
                cancellationToken);
            if (outcomes[^1].Succeeded) return outcomes;

            var failed = outcomes[^1];
            ProblemError rolledBack = new("BATCH_ROLLED_BACK", $"Operation {failed.Index} failed, so that nothing was done.", null);
            return [.. body.Operations.Select((operation, index) => index == failed.Index
                ? failed
                : new BatchOutcome(index, operation.Op, StatusCodes.Status424FailedDependency, operation.Id, Version: null, [rolledBack]))];
        }

        private async Task<BatchOutcome> Run(int index, BatchOperation operation, CancellationToken cancellationToken)
        {
            var result = await Result(operation, cancellationToken);
            return result.Match(
                written => new BatchOutcome(index, operation.Op, operation.Op is BatchOp.Create ? StatusCodes.Status201Created : StatusCodes.Status200OK, written.Id, written.Version > 0 ? written.Version : null, [])
                {
                    Warnings = written.Findings.Count > 0 ? Warning.Of(written.Findings) : null,
                },
                errors => new BatchOutcome(index, operation.Op, Problem.StatusOf(errors.Min(e => e.Kind)), operation.Id, Version: null, [.. errors.Select(e => new ProblemError(e.Code, e.Message, e.Field))]));
        }

        private async Task<Result<Written>> Result(BatchOperation operation, CancellationToken cancellationToken)
        {
            if (verbs.Of(operation.Op) is not { } verb)
                return new InvalidError("OPERATION_NOT_TAKEN", $"This resource does not take {Names.Of(operation.Op)}; it takes {string.Join(", ", verbs.Names)}.", "op");
            if (context.Caller.Role < verb.Role) return new RoleTooLow(verb.Role);

            var errors = new List<Error>();
            if (operation.Op is BatchOp.Create == operation.Id.HasValue) errors.Add(new InvalidError("VALIDATION_ERROR", operation.Op is BatchOp.Create ? "What is made has no id yet." : "id is required: a UUID.", "id"));
            if (verb.TakesBody != operation.Body.HasValue) errors.Add(new InvalidError("VALIDATION_ERROR", verb.TakesBody ? "body is required: an object." : "A deletion has no body.", "body"));
            var version = Version(operation.IfMatch, errors);
            if (errors.Count > 0) return errors.ToArray();

            return await verb.Run(new(operation.Id ?? Guid.Empty, operation.Body, version, operation.Reason), mediator, cancellationToken);
        }

        private static long? Version(string? ifMatch, List<Error> errors)
        {
            if (ifMatch is null or "*") return null;
            if (EntityTags.TryVersion(ifMatch, out var version) || EntityTags.TryVersion($"\"{ifMatch}\"", out version)) return version;
            errors.Add(new MalformedError("VALIDATION_ERROR", "if_match must be one ETag as a GET gave it, or its version.", "if_match"));
            return null;
        }
    }
}
