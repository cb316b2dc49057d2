using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Publication;

/// <summary>Says that a raw credit means nobody who is kept here, or that nobody knows whom after all. Its text stays as it was imported.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record IgnoreCredit(Guid Id, bool IsIgnored, long? IfMatch) : ICommand<Done>;

internal sealed class IgnoreCreditHandler(CreditWriter writer) : ICommandHandler<IgnoreCredit, Done>
{
    public Task<Result<Done>> Handle(IgnoreCredit command, CancellationToken cancellationToken) => writer.Write<Done>(
        command.Id,
        command.IfMatch,
        target: null,
        static () => Task.FromResult<Result<Guid?>>((Guid?)null),
        (credit, _) => command.IsIgnored ? credit.Ignore() : credit.Unresolve(),
        static (_, _) => Task.FromResult<Result<Done>>(Done.Instance),
        cancellationToken);
}
