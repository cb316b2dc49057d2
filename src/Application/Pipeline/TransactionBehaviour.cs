using MediaPlatform.Domain;
using MediatR;

namespace MediaPlatform.Application.Pipeline;

/// <summary>
/// A command is one transaction; a failure leaves nothing behind. Within a transaction, as in an atomic batch, it is a part of that.
/// One that lost what it needed to another is begun again, by a handler of its own: handlers are transient.
/// </summary>
internal sealed class TransactionBehaviour<TRequest, TResponse>(ITransactions transactions) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IOutcome<TResponse>
{
    private static readonly bool IsCommand =
        Array.Exists(typeof(TRequest).GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICommand<>));

    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        IsCommand && !transactions.IsOpen ? transactions.Run(_ => next(), static outcome => outcome.Succeeded, again: true, cancellationToken) : next();
}
