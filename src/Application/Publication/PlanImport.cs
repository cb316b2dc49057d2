using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

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

internal sealed class PlanImportHandler(ISetImportReader reader, ISetImports imports, SetRowChecks checks) : IOperationHandler<PlanImport, ImportPlan>
{
    private const int AtATime = 1_000;

    public async Task<Result<ImportPlan>> Handle(PlanImport command, CancellationToken cancellationToken)
    {
        var read = reader.Rows(command.Format, command.Payload);
        if (!read.Succeeded) return read.As<ImportPlan>();

        var plan = new List<PlannedRow>(read.Value.Count);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var credits = 0;
        foreach (var chunk in read.Value.Select((given, index) => (Number: index + 1, Given: given)).Chunk(AtATime))
        {
            var rows = await checks.Check(chunk, cancellationToken);
            string[] names = [.. rows.Where(row => row.IsTold).SelectMany(row => row.Row!.Credits).Select(credit => credit.RawName).Distinct(StringComparer.Ordinal)];
            var candidates = await imports.FindStrongCandidates(names, cancellationToken);
            foreach (var row in rows)
            {
                var isThere = row is { IsTold: true, Match: var told } && (told!.SetId is not null || first.ContainsKey(told.Key));
                if (!isThere && row.Errors.Count > 0)
                {
                    plan.Add(new PlannedRow(row.Number, "failed", row.Row is { Title.Length: > 0 } named ? named.Title : null, null, null, [], RowError.Of(row.Errors)));
                    continue;
                }

                var (set, match) = (row.Row!, row.Match!);
                credits += set.Credits.Count;
                PlannedCredit[] known =
                [
                    .. from credit in set.Credits
                       let people = candidates.GetValueOrDefault(credit.RawName)
                       where people is not null
                       select new PlannedCredit(Names.Of(credit.Role), credit.RawName, people),
                ];
                int? same = match.SetId is null && !first.TryAdd(match.Key, row.Number) ? first[match.Key] : null;
                plan.Add(new PlannedRow(row.Number, isThere ? "matched" : "created", set.Title, match.SetId, same, known, []));
            }
        }

        return new ImportPlan(plan.Count, Count("created"), Count("matched"), Count("failed"), credits, plan.Sum(row => row.Credits.Count), plan);

        int Count(string outcome) => plan.Count(row => row.Outcome == outcome);
    }
}
