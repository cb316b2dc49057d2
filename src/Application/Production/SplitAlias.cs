using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that an alias is somebody else: a new person is called so, and the alias is gone.</summary>
/// <param name="TakeCredits">Whether the credits of this very name that mean the person mean the new one.</param>
/// <param name="IfMatch">The version of the alias that the caller has seen; null for any.</param>
/// <returns>The new person.</returns>
public sealed record SplitAlias(Guid PersonId, Guid AliasId, bool TakeCredits, long? IfMatch) : ICommand<Written>;

internal sealed class SplitAliasHandler(IRecords<PersonFields> people, RecordWriter<PersonFields> newPeople, IAliases aliases, IPersonMerges merges, CallContext context) : ICommandHandler<SplitAlias, Written>
{
    public async Task<Result<Written>> Handle(SplitAlias command, CancellationToken cancellationToken)
    {
        var person = await people.Open(command.PersonId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!person.Succeeded) return person.As<Written>();
        if (await aliases.FindVersionForUpdate(command.PersonId, command.AliasId, cancellationToken) is not { } version) return new AliasNotFound(command.AliasId);
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        var alias = (await aliases.Find(command.AliasId, cancellationToken))!;
        var created = await newPeople.Create(new PersonFields(alias), cancellationToken);
        if (!created.Succeeded) return created;

        await aliases.Remove(command.PersonId, command.AliasId, cancellationToken);
        if (command.TakeCredits) await merges.MoveCredits(command.PersonId, created.Value.Id, alias, cancellationToken);
        return created;
    }
}
