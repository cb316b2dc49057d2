using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>Links two records, or changes what is said of their link.</summary>
/// <param name="IfMatch">The version of the link that the caller has seen; null for any, and for none yet.</param>
public sealed record PutLink<TLink>(LinkKey Key, TLink Link, long? IfMatch) : ICommand<PutLinkResult>
    where TLink : class;

/// <summary>Whether the link is new.</summary>
public sealed record PutLinkResult(bool Created);

internal sealed class PutLinkHandler<TOf, TTo, TLink>(IRecords<TOf> of, IRecords<TTo> to, ILinks<TLink> links, IEnumerable<IValidator<TLink>> validators, CallContext context)
    : ICommandHandler<PutLink<TLink>, PutLinkResult>
    where TOf : class
    where TTo : class
    where TLink : class
{
    public async Task<Result<PutLinkResult>> Handle(PutLink<TLink> command, CancellationToken cancellationToken)
    {
        Error[] errors = [.. validators.ErrorsOf(command.Link), .. command.Key.As is { } given && !links.Kind.As.Contains(given, StringComparer.Ordinal) ? new Error[] { new LinkAsUnknown(links.Kind, given) } : []];
        if (errors.Length > 0) return errors;

        var opened = await of.Open(command.Key.Of, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!opened.Succeeded) return opened.As<PutLinkResult>();
        var isThere = links.ChangesLinked ? await to.FindForUpdate(command.Key.To, cancellationToken) is { State.DeletedAt: null } : await to.Hold(command.Key.To, cancellationToken);
        if (!isThere) return new RecordNotFound(to.Kind, command.Key.To);

        var version = await links.FindVersionForUpdate(command.Key, cancellationToken);
        if (version is null && command.IfMatch is not (null or 0)) return new NoVersion(); // 0 is what is there for another reason than a link
        if (version is { } now && StaleVersion.Unless(command.IfMatch, now) is { } stale) return stale;
        if (version is null && await links.Count(command.Key.Of, cancellationToken) >= LinkKind.Most) return new LinkLimit(links.Kind);

        return new PutLinkResult(await links.Save(command.Key, command.Link, cancellationToken));
    }
}
