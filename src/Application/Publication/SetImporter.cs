using System.Text.Json;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>Does the rows of an import, in whoever's transaction: each makes a set, is one that is there, or is refused with its reasons; none harms another.</summary>
internal sealed class SetImporter(ISetImportReader reader, ISetImports imports, RecordWriter<SetFields> sets)
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

        var rows = pending.ToDictionary(number => number, number => SetRow.Read(number, read.Value.Rows[number - 1]));
        var matches = await imports.Match([.. from row in rows.Values where row.Succeeded select row.Value], cancellationToken);
        var made = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var credits = new List<(Guid SetId, IReadOnlyList<RowCredit> Credits)>();
        var outcomes = new List<RowOutcome>(pending.Count);
        foreach (var (number, row) in rows)
        {
            if (!row.Succeeded) outcomes.Add(new(number, "failed", null, RowError.Of(row.Errors)));
            else if (matches[number] is var match && match.ChannelId is null) outcomes.Add(new(number, "failed", null, RowError.Of([ImportErrors.ChannelUnknown(row.Value.Channel ?? row.Value.ChannelId.ToString()!)])));
            else if ((match.SetId ?? (made.TryGetValue(match.Key, out var earlier) ? earlier : null)) is { } known) outcomes.Add(new(number, "matched", known, []));
            else outcomes.Add(await Create(row.Value, match, made, credits, cancellationToken));
        }

        await imports.AddCredits(credits, cancellationToken);
        await imports.Save(id, outcomes, cancellationToken);
        return pending.Count;
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
