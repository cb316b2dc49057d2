using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>The links of one kind in the caller's client, for writing.</summary>
/// <typeparam name="TLink">What people write of one, spelled as on the wire.</typeparam>
public interface ILinks<TLink>
    where TLink : class
{
    LinkKind Kind { get; }

    /// <summary>The version of a link, locked; null when there is none.</summary>
    Task<long?> FindVersionForUpdate(LinkKey key, CancellationToken cancellationToken);

    /// <summary>Links the two, or changes what is said of their link. The same again changes nothing.</summary>
    /// <returns>Whether the link is new.</returns>
    Task<bool> Save(LinkKey key, TLink link, CancellationToken cancellationToken);

    Task Remove(LinkKey key, CancellationToken cancellationToken);
}

/// <summary>Links two records, or changes what is said of their link.</summary>
/// <param name="IfMatch">The version of the link that the caller has seen; null for any, and for none yet.</param>
public sealed record PutLink<TLink>(LinkKey Key, TLink Link, long? IfMatch) : ICommand<PutLinkResult>
    where TLink : class;

/// <summary>Whether the link is new.</summary>
public sealed record PutLinkResult(bool Created);

/// <summary>Takes the link of two records away. Both stay.</summary>
/// <param name="IfMatch">The version of the link that the caller has seen; null for any.</param>
public sealed record RemoveLink<TLink>(LinkKey Key, long? IfMatch) : ICommand<Done>
    where TLink : class;

/// <summary>What is shown of a link.</summary>
public interface ILinkDetails
{
    int Version { get; }
}

/// <summary>The links of a record, as they came; of what is in the trash none. At most 500.</summary>
public sealed record ListLinks<TDetails>(Guid Of) : IQuery<TDetails[]>
    where TDetails : ILinkDetails;

/// <summary>One of them.</summary>
public sealed record GetLink<TDetails>(LinkKey Key) : IQuery<TDetails>
    where TDetails : ILinkDetails;

internal sealed class PutLinkHandler<TOf, TTo, TLink>(IRecords<TOf> of, IRecords<TTo> to, ILinks<TLink> links, IEnumerable<IValidator<TLink>> validators, CallContext context)
    : ICommandHandler<PutLink<TLink>, PutLinkResult>
    where TOf : class
    where TTo : class
    where TLink : class
{
    public async Task<Result<PutLinkResult>> Handle(PutLink<TLink> command, CancellationToken cancellationToken)
    {
        var errors = validators.ErrorsOf(command.Link);
        if (errors.Length > 0) return errors;

        var opened = await of.Open(command.Key.Of, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!opened.Succeeded) return opened.As<PutLinkResult>();
        if (!await to.Hold(command.Key.To, cancellationToken)) return new RecordNotFound(to.Kind, command.Key.To);
        if (command.IfMatch is { } seen)
        {
            if (await links.FindVersionForUpdate(command.Key, cancellationToken) is not { } version) return new NoVersion();
            if (StaleVersion.Unless(seen, version) is { } stale) return stale;
        }

        return new PutLinkResult(await links.Save(command.Key, command.Link, cancellationToken));
    }
}

internal sealed class RemoveLinkHandler<TOf, TLink>(IRecords<TOf> of, ILinks<TLink> links, CallContext context) : ICommandHandler<RemoveLink<TLink>, Done>
    where TOf : class
    where TLink : class
{
    public async Task<Result<Done>> Handle(RemoveLink<TLink> command, CancellationToken cancellationToken)
    {
        var opened = await of.Open(command.Key.Of, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!opened.Succeeded) return opened.As<Done>();
        if (await links.FindVersionForUpdate(command.Key, cancellationToken) is not { } version) return new LinkNotFound(links.Kind, command.Key);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await links.Remove(command.Key, cancellationToken);
        return Done.Instance;
    }
}
