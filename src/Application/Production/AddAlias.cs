using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Production;

/// <summary>Says that a person has another name.</summary>
/// <param name="Alias">At most 200 characters.</param>
public sealed record AddAlias(Guid PersonId, string Alias) : ICommand<Written>;

internal sealed class AddAliasValidator : AbstractValidator<AddAlias>
{
    public AddAliasValidator() => RuleFor(add => add.Alias).ProperName();
}

internal sealed class AddAliasHandler(IRecords<PersonFields> people, AliasWriter aliases, CallContext context) : ICommandHandler<AddAlias, Written>
{
    public async Task<Result<Written>> Handle(AddAlias command, CancellationToken cancellationToken)
    {
        var person = await people.Open(command.PersonId, ifMatch: null, context.Caller.Role, cancellationToken);
        return person.Succeeded ? await aliases.Add(command.PersonId, command.Alias, AliasSource.Manual, cancellationToken) : person.As<Written>();
    }
}

/// <summary>The one way in which a person who is open gets an alias.</summary>
internal sealed class AliasWriter(IAliases aliases, IEnumerable<IValidator<AddAlias>> validators)
{
    private const int MostOfAPerson = 500;

    /// <returns>The alias, and the unresolved credits that it would explain: nothing is done about these.</returns>
    public async Task<Result<Written>> Add(Guid personId, string alias, AliasSource source, CancellationToken cancellationToken)
    {
        if (validators.ErrorsOf(new AddAlias(personId, alias)) is { Length: > 0 } errors) return errors;
        if (await aliases.Count(personId, cancellationToken) >= MostOfAPerson) return new AliasLimit(MostOfAPerson);
        if (await aliases.Add(personId, alias, source, cancellationToken) is not { } id) return new AliasTaken(alias);

        var explained = await aliases.FindExplained(alias, cancellationToken);
        return new Written(id, 1) { Findings = explained.Count > 0 ? [new Finding("CREDITS_EXPLAINED", "There are unresolved credits of this name; resolve-matching resolves all of them.", "alias", explained)] : [] };
    }
}
