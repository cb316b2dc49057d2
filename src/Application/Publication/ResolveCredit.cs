using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>Says whom a raw credit means. Its text stays as it was imported.</summary>
/// <param name="PersonId">Somebody who is there; or</param>
/// <param name="NewPerson">somebody new.</param>
/// <param name="AddAlias">Whether the person is known by the raw name from now on.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ResolveCredit(Guid Id, Guid? PersonId, PersonFields? NewPerson, bool AddAlias, long? IfMatch) : ICommand<ResolvedCredit>;

/// <summary>What was written, and what is worth knowing of it.</summary>
public sealed record ResolvedCredit(Guid PersonId, IReadOnlyList<Finding> Findings);

internal sealed class ResolveCreditValidator : AbstractValidator<ResolveCredit>
{
    public ResolveCreditValidator() =>
        RuleFor(resolve => resolve.PersonId).Must((resolve, person) => person is null != resolve.NewPerson is null).WithMessage("A credit is resolved to person_id or to new_person, one of them.");
}

internal sealed class ResolveCreditHandler(CreditWriter writer, IRecords<PersonFields> people, RecordWriter<PersonFields> newPeople, AliasWriter aliases, CallContext context)
    : ICommandHandler<ResolveCredit, ResolvedCredit>
{
    private readonly List<Finding> findings = []; // of a new person

    public Task<Result<ResolvedCredit>> Handle(ResolveCredit command, CancellationToken cancellationToken) => writer.Write(
        command.Id,
        command.IfMatch,
        command.PersonId,
        () => Person(command, cancellationToken),
        static (credit, person) => credit.Resolve(person!.Value),
        (credit, person) => Resolved(command, credit, person!.Value, cancellationToken),
        cancellationToken);

    private async Task<Result<Guid?>> Person(ResolveCredit command, CancellationToken cancellationToken)
    {
        if (command.NewPerson is { } fields)
        {
            var created = await newPeople.Create(fields, cancellationToken);
            if (created.Succeeded) findings.AddRange(created.Value.Findings);
            return created.Succeeded ? created.Value.Id : created.As<Guid?>();
        }

        var opened = await people.Open(command.PersonId!.Value, ifMatch: null, context.Caller.Role, cancellationToken);
        return opened.Succeeded ? command.PersonId : opened.As<Guid?>();
    }

    private async Task<Result<ResolvedCredit>> Resolved(ResolveCredit command, Credit credit, Guid person, CancellationToken cancellationToken)
    {
        if (!command.AddAlias) return new ResolvedCredit(person, findings);

        var added = await aliases.Add(person, credit.RawName.Trim(), AliasSource.Import, cancellationToken);
        if (added.Succeeded) return new ResolvedCredit(person, [.. findings, .. added.Value.Findings]);
        return added.Errors[0] is AliasTaken ? new ResolvedCredit(person, findings) : added.As<ResolvedCredit>(); // the person is known so already: that is what was asked for
    }
}
