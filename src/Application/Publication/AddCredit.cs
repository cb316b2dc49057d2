using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Adds a name that a set credits, word for word.</summary>
/// <param name="RawName">At most 500 characters; blanks around it are kept as well.</param>
public sealed record AddCredit(Guid SetId, ParticipantRole Role, string RawName) : ICommand<Guid>;

internal sealed class AddCreditValidator : AbstractValidator<AddCredit>
{
    public AddCreditValidator() => RuleFor(add => add.RawName).NotEmpty().MaximumLength(RawCredits.MostOfAName);
}

internal sealed class AddCreditHandler(IRecords<SetFields> sets, ICredits credits, CallContext context) : ICommandHandler<AddCredit, Guid>
{
    public async Task<Result<Guid>> Handle(AddCredit command, CancellationToken cancellationToken)
    {
        var set = await sets.Open(command.SetId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!set.Succeeded) return set.As<Guid>();
        if (await credits.Count(command.SetId, cancellationToken) >= RawCredits.MostOfASet) return new CreditLimit(RawCredits.MostOfASet);

        return await credits.Add(command.SetId, command.Role, command.RawName, cancellationToken);
    }
}
