using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>
/// Deletes by a legal request the name that a raw credit has, here and in what was imported: the one exception to that what was published is kept. That the set has a credit stays.
/// </summary>
/// <param name="Reason">At most 500 characters; kept in the receipt.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record RedactCredit(Guid Id, string? Reason, long? IfMatch) : ICommand<RedactedCredit>, IGivesReason;

/// <summary>What a redaction took.</summary>
/// <param name="ReceiptId">By which it can be shown later.</param>
/// <param name="Taken">How many of each kind had the name: credits, imports, resolutions.</param>
public sealed record RedactedCredit(Guid Id, Guid ReceiptId, DateTimeOffset RedactedAt, IReadOnlyDictionary<string, long> Taken);

// Whether the set is in the trash or not. Locked in the order of all who write credits; before these the imports, as those who apply them do.
internal sealed class RedactCreditHandler(IRecords<SetFields> sets, IRecords<PersonFields> people, ICredits credits, ISetImports imports, ISetImportReader reader, TimeProvider time)
    : ICommandHandler<RedactCredit, RedactedCredit>
{
    public async Task<Result<RedactedCredit>> Handle(RedactCredit command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;
        if (await credits.Find(command.Id, cancellationToken) is not { } found) return new CreditNotFound(command.Id);
        await imports.Lock(cancellationToken);
        await sets.FindForUpdate(found.SetId, cancellationToken);
        var seen = (await credits.Find(command.Id, cancellationToken))!;
        if (seen.PersonId is { } person) await people.FindForUpdate(person, cancellationToken); // when they were active last changes

        var credit = (await credits.FindForUpdate(command.Id, cancellationToken))!; // a credit is never deleted
        if (StaleVersion.Unless(command.IfMatch, credit.Version) is { } stale) return stale;
        var now = time.GetUtcNow();
        var redacted = credit.Redact(now);
        if (!redacted.Succeeded) return redacted.As<RedactedCredit>();

        var changed = 0L;
        foreach (var (import, rows) in await imports.FindRowsOf(credit.SetId, cancellationToken))
        {
            var given = (await imports.FindPayload(import, cancellationToken))!; // nor is an import
            var names = await imports.FindSame(reader.NamesIn(given.Format, given.Payload, rows), credit.RawName, cancellationToken);
            if (names.Count == 0) continue;

            await imports.Redact(import, reader.Redact(given.Format, given.Payload, rows, names).Payload, now, cancellationToken);
            changed++;
        }

        return await credits.Redact(redacted.Value, changed, command.Reason, cancellationToken);
    }
}
