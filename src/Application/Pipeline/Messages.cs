using MediaPlatform.Domain;
using MediatR;

namespace MediaPlatform.Application.Pipeline;

/// <summary>A change: runs in one transaction, which commits only when it succeeds.</summary>
public interface ICommand<T> : IRequest<Result<T>>;

/// <summary>A question: runs without a transaction and changes nothing.</summary>
public interface IQuery<T> : IRequest<Result<T>>;

/// <summary>Work that touches storage as well, and so opens its transactions itself, around the storage calls and never over them.</summary>
public interface IOperation<T> : IRequest<Result<T>>;

/// <summary>Handles an <see cref="ICommand{T}"/>.</summary>
public interface ICommandHandler<TCommand, T> : IRequestHandler<TCommand, Result<T>>
    where TCommand : ICommand<T>;

/// <summary>Handles an <see cref="IQuery{T}"/>; lives in Infrastructure, with its SQL.</summary>
public interface IQueryHandler<TQuery, T> : IRequestHandler<TQuery, Result<T>>
    where TQuery : IQuery<T>;

/// <summary>Handles an <see cref="IOperation{T}"/>.</summary>
public interface IOperationHandler<TOperation, T> : IRequestHandler<TOperation, Result<T>>
    where TOperation : IOperation<T>;

/// <summary>One database transaction of the current scope, with the caller as the actor of all that it changes.</summary>
public interface ITransactions
{
    /// <summary>Whether one is open in this scope.</summary>
    bool IsOpen { get; }

    /// <summary>Commits when <paramref name="work"/> returns and <paramref name="commits"/> agrees; rolls back otherwise, and when it throws.</summary>
    /// <param name="again">Whether it is begun again where it lost what it needed to another transaction (a deadlock): only work that keeps nothing in memory can be.</param>
    Task<T> Run<T>(Func<CancellationToken, Task<T>> work, Func<T, bool> commits, bool again, CancellationToken cancellationToken);
}

/// <summary>The shorthands for work whose every outcome is kept.</summary>
public static class TransactionsExtensions
{
    /// <summary>Commits when <paramref name="work"/> returns.</summary>
    public static Task<T> Run<T>(this ITransactions transactions, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        transactions.Run(work, static _ => true, again: false, cancellationToken);

    /// <summary>Commits when <paramref name="work"/> returns.</summary>
    public static Task Run(this ITransactions transactions, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        transactions.Run(
            async ct =>
            {
                await work(ct);
                return true;
            },
            static _ => true,
            again: false,
            cancellationToken);

    /// <summary>Does <paramref name="work"/> again and again, each time in a transaction of its own, until it finds less than <paramref name="atATime"/>.</summary>
    /// <returns>How much was found in all.</returns>
    public static async Task<int> Repeat(this ITransactions transactions, Func<CancellationToken, Task<int>> work, int atATime, CancellationToken cancellationToken)
    {
        for (var total = 0; ;)
        {
            var found = await transactions.Run(work, cancellationToken);
            total += found;
            if (found < atATime) return total;
        }
    }
}
