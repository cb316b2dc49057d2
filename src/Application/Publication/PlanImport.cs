using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>What an import would do, row by row; nothing is written.</summary>
public sealed record PlanImport(ImportFormat Format, ReadOnlyMemory<byte> Payload) : IOperation<ImportPlan>;

/// <summary>What an import would do.</summary>
/// <param name="Created">How many sets would be made.</param>
/// <param name="Matched">How many rows are a set that is there, or that an earlier row makes.</param>
/// <param name="Failed">How many rows are refused.</param>
/// <param name="CreditsWithCandidates">How many names somebody is known by.</param>
public sealed record ImportPlan(int Rows, int Created, int Matched, int Failed, int Credits, int CreditsWithCandidates, IReadOnlyList<PlannedRow> Plan);

/// <summary>What would become of a row.</summary>
/// <param name="Row">From 1, as they stand in the payload.</param>
/// <param name="Outcome">created, matched or failed.</param>
/// <param name="SetId">The set that it is by all appearance.</param>
/// <param name="SameAsRow">The earlier row that it is by all appearance.</param>
/// <param name="Credits">The names that somebody is known by; of others nothing is said.</param>
public sealed record PlannedRow(int Row, string Outcome, string? Title, Guid? SetId, int? SameAsRow, IReadOnlyList<PlannedCredit> Credits, IReadOnlyList<RowError> Errors);

/// <summary>A name that somebody is known by.</summary>
/// <param name="PersonIds">Whom it may mean: a suggestion.</param>
public sealed record PlannedCredit(string Role, string RawName, IReadOnlyList<Guid> PersonIds);

internal sealed class PlanImportHandler(ISetImportReader reader, ISetImports imports, IEnumerable<IValidator<SetFields>> validators) : IOperationHandler<PlanImport, ImportPlan>
{
    private const int AtATime = 1_000;

    public async Task<Result<ImportPlan>> Handle(PlanImport command, CancellationToken cancellationToken)
    {
        var read = reader.Rows(command.Format, command.Payload);
        if (!read.Succeeded) return read.As<ImportPlan>();

        var plan = new List<PlannedRow>(read.Value.Count);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var credits = 0;
        Error[] refused = [.. await imports.FindRefused(cancellationToken)];
        foreach (var chunk in read.Value.Select((given, index) => (Number: index + 1, Row: SetRow.Read(index + 1, given))).Chunk(AtATime))
        {
            SetRow[] rows = [.. from one in chunk where one.Row.Succeeded select one.Row.Value];
            var matches = await imports.Match(rows, cancellationToken);
            var candidates = await imports.FindStrongCandidates([.. rows.SelectMany(row => row.Credits).Select(credit => credit.RawName).Distinct(StringComparer.Ordinal)], cancellationToken);
            foreach (var (number, row) in chunk)
            {
                Error[] errors = row.Succeeded ? matches[number].ChannelId is { } channel ? validators.ErrorsOf(row.Value.In(channel)) is { Length: > 0 } wrong ? wrong : refused : [ImportErrors.ChannelUnknown(row.Value.Channel ?? row.Value.ChannelId.ToString()!)] : [.. row.Errors];
                if (errors.Length > 0)
                {
                    plan.Add(new PlannedRow(number, "failed", row.Succeeded ? row.Value.Title : null, null, null, [], RowError.Of(errors)));
                    continue;
                }

                credits += row.Value.Credits.Count;
                PlannedCredit[] known =
                [
                    .. from credit in row.Value.Credits
                       let people = candidates.GetValueOrDefault(credit.RawName)
                       where people is not null
                       select new PlannedCredit(Names.Of(credit.Role), credit.RawName, people),
                ];
                int? same = matches[number].SetId is null && !first.TryAdd(matches[number].Key, number) ? first[matches[number].Key] : null;
                plan.Add(new PlannedRow(number, same is null && matches[number].SetId is null ? "created" : "matched", row.Value.Title, matches[number].SetId, same, known, []));
            }
        }

        return new ImportPlan(plan.Count, Count("created"), Count("matched"), Count("failed"), credits, plan.Sum(row => row.Credits.Count), plan);

        int Count(string outcome) => plan.Count(row => row.Outcome == outcome);
    }
}
