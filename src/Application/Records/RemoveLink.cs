using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>Takes the link of two records away. Both stay.</summary>
/// <param name="IfMatch">The version of the link that the caller has seen; null for any.</param>
public sealed record RemoveLink<TLink>(LinkKey Key, long? IfMatch) : ICommand<Done>
    where TLink : class;

internal sealed class RemoveLinkHandler<TOf, TTo, TLink>(IRecords<TOf> of, IRecords<TTo> to, ILinks<TLink> links, CallContext context) : ICommandHandler<RemoveLink<TLink>, Done>
    where TOf : class
    where TTo : class
    where TLink : class
{
    public async Task<Result<Done>> Handle(RemoveLink<TLink> command, CancellationToken cancellationToken)
    {
        var opened = await of.Open(command.Key.Of, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!opened.Succeeded) return opened.As<Done>();
        if (links.ChangesLinked) await to.FindForUpdate(command.Key.To, cancellationToken); // before the link, as a purge does that takes both
        if (await links.FindVersionForUpdate(command.Key, cancellationToken) is not { } version) return new LinkNotFound(links.Kind, command.Key);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await links.Remove(command.Key, cancellationToken);
        return Done.Instance;
    }
}
