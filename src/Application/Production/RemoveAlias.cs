using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that a person does not have another name after all.</summary>
/// <param name="IfMatch">The version of the alias that the caller has seen; null for any.</param>
public sealed record RemoveAlias(Guid PersonId, Guid Id, long? IfMatch) : ICommand<Done>;

internal sealed class RemoveAliasHandler(IRecords<PersonFields> people, IAliases aliases, CallContext context) : ICommandHandler<RemoveAlias, Done>
{
    public async Task<Result<Done>> Handle(RemoveAlias command, CancellationToken cancellationToken)
    {
        var person = await people.Open(command.PersonId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!person.Succeeded) return person.As<Done>();
        if (await aliases.FindVersionForUpdate(command.PersonId, command.Id, cancellationToken) is not { } version) return new AliasNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await aliases.Remove(command.PersonId, command.Id, cancellationToken);
        return Done.Instance;
    }
}
