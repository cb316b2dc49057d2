using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Publication;

/// <summary>Says that nobody knows whom a raw credit means, after all. Its text stays as it was imported.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record UnresolveCredit(Guid Id, long? IfMatch) : ICommand<Done>;

internal sealed class UnresolveCreditHandler(CreditWriter writer) : ICommandHandler<UnresolveCredit, Done>
{
    public Task<Result<Done>> Handle(UnresolveCredit command, CancellationToken cancellationToken) => writer.Leave(command.Id, command.IfMatch, static credit => credit.Unresolve(), cancellationToken);
}
