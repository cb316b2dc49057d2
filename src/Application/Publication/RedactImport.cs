using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>
/// Deletes by a legal request a name from what was imported, where no credit has it: of rows that failed, or of others who were credited in a set that was there already. Credits are left as they are.
/// </summary>
/// <param name="Name">At most 500 characters; case, accents and blanks too many do not matter.</param>
/// <param name="Row">In this row alone, from 1; null for all.</param>
/// <param name="Reason">At most 500 characters; kept in the receipt.</param>
public sealed record RedactImport(Guid Id, string Name, int? Row, string? Reason) : ICommand<RedactedImport>, IGivesReason;

internal sealed class RedactImportValidator : AbstractValidator<RedactImport>
{
    public RedactImportValidator()
    {
        RuleFor(redact => redact.Name).NotEmpty().MaximumLength(RawCredits.MostOfAName);
        RuleFor(redact => redact.Row).GreaterThan(0);
    }
}

internal sealed class RedactImportHandler(ISetImports imports, ICredits credits, ISetImportReader reader, TimeProvider time) : ICommandHandler<RedactImport, RedactedImport>
{
    private const int MostTold = 100;

    public async Task<Result<RedactedImport>> Handle(RedactImport command, CancellationToken cancellationToken)
    {
        if (Reasons.TooLong(command) is { } tooLong) return tooLong;

        await imports.Lock(cancellationToken);
        if (await imports.FindPayload(command.Id, cancellationToken) is not { } given) return new ImportNotFound(command.Id);
        HashSet<int>? rows = command.Row is { } row ? [row] : null;
        var names = await imports.FindSame(reader.NamesIn(given.Format, given.Payload, rows), command.Name, cancellationToken);
        if (names.Count == 0) return new NameNotImported();

        var (payload, count) = reader.Redact(given.Format, given.Payload, rows, names);
        var now = time.GetUtcNow();
        await imports.Redact(command.Id, payload, now, cancellationToken);
        var receipt = await imports.WriteReceipt(command.Id, count, command.Reason, now, cancellationToken);
        var left = await credits.FindNamed(command.Name, MostTold, cancellationToken);
        return left.Count == 0 ? receipt : receipt with { Findings = [new Finding("CREDITS_KEEP_NAME", "Raw credits have this name still; each is redacted by itself.", "name", left)] };
    }
}
