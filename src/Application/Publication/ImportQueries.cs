using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Publication;

/// <summary>Sets that were given to be imported.</summary>
/// <param name="Format">json or csv.</param>
/// <param name="Status">applying while rows are left to be done, then applied.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Created">Rows that made a set.</param>
/// <param name="Matched">Rows that are a set which was there.</param>
/// <param name="Failed">Rows that were refused; sent again, they are tried again.</param>
/// <param name="RedactedAt">When a name was last deleted from the payload by a legal request.</param>
public sealed record ImportDetails(
    Guid Id, string Format, string Status, int Rows, int Created, int Matched, int Failed, DateTimeOffset? RedactedAt, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version);

/// <summary>The imports, newest first.</summary>
public sealed record ListImports(ListRequest Request) : IQuery<Page<ImportDetails>>;

/// <summary>One of them.</summary>
public sealed record GetImport(Guid Id) : IQuery<ImportDetails>;

/// <summary>What was given, byte for byte but for names that were redacted.</summary>
public sealed record GetImportPayload(Guid Id) : IQuery<ImportPayload>;

/// <summary>What became of each row.</summary>
/// <param name="Outcome">Those alone: pending, created, matched or failed; null for all.</param>
/// <param name="After">Rows after this one.</param>
/// <param name="Limit">At most so many, 1 to 1,000.</param>
public sealed record ListImportRows(Guid Id, string? Outcome, int After, int Limit) : IQuery<ImportRowDetails[]>;

/// <summary>What became of a row.</summary>
/// <param name="Row">From 1, as they stand in the payload.</param>
/// <param name="Outcome">pending, created, matched or failed.</param>
/// <param name="SetId">The set that it made, or is.</param>
/// <param name="Errors">Why it failed: code, message and field of each reason.</param>
public sealed record ImportRowDetails(int Row, string Outcome, Guid? SetId, JsonElement Errors);

internal sealed class ListImportRowsValidator : AbstractValidator<ListImportRows>
{
    private const int Most = 1_000;
    private static readonly string[] Outcomes = ["pending", "created", "matched", "failed"];

    public ListImportRowsValidator()
    {
        RuleFor(list => list.Limit).Must(limit => limit is >= 1 and <= Most).WithMessage($"limit is 1 to {Most}.");
        RuleFor(list => list.After).Must(after => after >= 0).WithMessage("after is the number of a row.");
        RuleFor(list => list.Outcome).Must(outcome => outcome is null || Outcomes.Contains(outcome, StringComparer.Ordinal)).WithMessage($"outcome is one of {string.Join(", ", Outcomes)}.");
    }
}
