using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Resolves all unresolved credits of a name to a person, as one unit that can be undone; or says which these would be.</summary>
/// <param name="Filter">Which credits.</param>
/// <param name="Preview">Nothing is written.</param>
public sealed record ResolveMatching(CreditFilter Filter, Guid PersonId, bool Preview) : ICommand<MatchingCredits>;

/// <summary>The credits that match.</summary>
/// <param name="ResolutionId">By which all are undone; null in a preview.</param>
/// <param name="Credits">How many.</param>
/// <param name="First">The first hundred of them.</param>
public sealed record MatchingCredits(Guid? ResolutionId, int Credits, IReadOnlyList<MatchingCredit> First);

internal sealed class ResolveMatchingValidator : AbstractValidator<ResolveMatching>
{
    public ResolveMatchingValidator() => RuleFor(resolve => resolve.Filter.Name).NotEmpty().MaximumLength(RawCredits.MostOfAName).OverridePropertyName("name");
}

internal sealed class ResolveMatchingHandler(IRecords<PersonFields> people, ICredits credits, CallContext context) : ICommandHandler<ResolveMatching, MatchingCredits>
{
    private const int Most = 5_000;
    private const int Shown = 100;

    public async Task<Result<MatchingCredits>> Handle(ResolveMatching command, CancellationToken cancellationToken)
    {
        var matching = await credits.FindMatching(command.Filter, Most + 1, cancellationToken);
        if (!command.Preview && matching.Count <= Most)
        {
            var held = await credits.HoldSets([.. matching.Select(credit => credit.SetId)], cancellationToken); // sets, people, credits: in the order of all who write them
            matching = [.. matching.Where(credit => held.Contains(credit.SetId))];
        }

        var person = await people.Open(command.PersonId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!person.Succeeded) return person.As<MatchingCredits>();
        if (matching.Count > Most) return new TooManyMatches(Most);
        if (command.Preview) return new MatchingCredits(null, matching.Count, [.. matching.Take(Shown)]);
        if (matching.Count == 0) return new NothingMatches();

        var resolution = Guid.CreateVersion7();
        var resolved = await credits.Resolve(resolution, command.Filter, command.PersonId, [.. matching.Select(credit => credit.Id)], cancellationToken);
        return resolved > 0 ? new MatchingCredits(resolution, resolved, [.. matching.Take(Shown)]) : new NothingMatches();
    }
}
