using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Application.Production;

/// <summary>Says that a person has another name.</summary>
/// <param name="Alias">At most 200 characters.</param>
public sealed record AddAlias(Guid PersonId, string Alias) : ICommand<Guid>;

internal sealed class AddAliasValidator : AbstractValidator<AddAlias>
{
    public AddAliasValidator() => RuleFor(add => add.Alias).ProperName();
}

internal sealed class AddAliasHandler(IRecords<PersonFields> people, IAliases aliases, CallContext context) : ICommandHandler<AddAlias, Guid>
{
    private const int MostOfAPerson = 500;

    public async Task<Result<Guid>> Handle(AddAlias command, CancellationToken cancellationToken)
    {
        var person = await people.Open(command.PersonId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!person.Succeeded) return person.As<Guid>();
        if (await aliases.Count(command.PersonId, cancellationToken) >= MostOfAPerson) return new AliasLimit(MostOfAPerson);

        return await aliases.Add(command.PersonId, command.Alias, AliasSource.Manual, cancellationToken) is { } id ? id : new AliasTaken(command.Alias);
    }
}
