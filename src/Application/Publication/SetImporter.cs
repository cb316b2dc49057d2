using System.Text.Json;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>Does the rows of an import, in whoever's transaction: each makes a set, is one that is there, or is refused with its reasons; none harms another.</summary>
internal sealed class SetImporter(ISetImportReader reader, ISetImports imports, SetRowChecks checks, RecordWriter<SetFields> sets)
{
    private (Guid Import, JsonElement[] Rows)? read;

    /// <summary>The next rows that are to be done.</summary>
    /// <returns>How many; none when nothing is left.</returns>
    public async Task<int> Apply(Guid id, CancellationToken cancellationToken)
    {
        await imports.Lock(cancellationToken);
        var pending = await imports.FindPending(id, ApplyImport.AtATime, cancellationToken);
        if (pending.Count == 0) return 0;

        if (read?.Import != id)
        {
            var payload = (await imports.FindPayload(id, cancellationToken))!;
            read = (id, [.. reader.Rows(payload.Format, payload.Payload).Value]);
        }

        var rows = await checks.Check(Some(pending, read.Value.Rows), cancellationToken);
        var made = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var credits = new List<(Guid SetId, IReadOnlyList<RowCredit> Credits)>();
        var outcomes = new List<RowOutcome>(rows.Count);
        foreach (var row in rows)
        {
            if (row is { IsTold: true, Match: { } same } && (same.SetId ?? (made.TryGetValue(same.Key, out var earlier) ? earlier : null)) is { } known) outcomes.Add(new(row.Number, "matched", known, []));
            else if (row is { Errors.Count: 0, Row: { } set, Match: { } match }) outcomes.Add(await Create(set, match, made, credits, cancellationToken));
            else outcomes.Add(new(row.Number, "failed", null, RowError.Of(row.Errors)));
        }

        await imports.AddCredits(credits, cancellationToken);
        await imports.Save(id, outcomes, cancellationToken);
        return outcomes.Count;
    }

    /// <summary>Those of the next rows that are done in one transaction: one at least, and no more when they credit many.</summary>
    private static IEnumerable<(int Number, JsonElement Given)> Some(IReadOnlyList<int> pending, JsonElement[] rows)
    {
        var credits = 0;
        foreach (var number in pending)
        {
            credits += SetRow.CountCredits(rows[number - 1]);
            if (credits > ApplyImport.MostCredits && number != pending[0]) yield break;
            yield return (number, rows[number - 1]);
        }
    }

    private async Task<RowOutcome> Create(SetRow row, Match match, Dictionary<string, Guid> made, List<(Guid SetId, IReadOnlyList<RowCredit> Credits)> credits, CancellationToken cancellationToken)
    {
        var created = await sets.Create(row.In(match.ChannelId!.Value), cancellationToken);
        if (!created.Succeeded) return new(row.Number, "failed", null, RowError.Of(created.Errors));

        made[match.Key] = created.Value.Id;
        credits.Add((created.Value.Id, row.Credits));
        return new(row.Number, "created", created.Value.Id, []);
    }
}
