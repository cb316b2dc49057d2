using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Publication;

/// <summary>Says that a raw credit means nobody who is kept here. Its text stays as it was imported.</summary>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record IgnoreCredit(Guid Id, long? IfMatch) : ICommand<Done>;

internal sealed class IgnoreCreditHandler(CreditWriter writer) : ICommandHandler<IgnoreCredit, Done>
{
    public Task<Result<Done>> Handle(IgnoreCredit command, CancellationToken cancellationToken) => writer.Leave(command.Id, command.IfMatch, static credit => credit.Ignore(), cancellationToken);
}
