using System.Text.Json;
using System.Text.Json.Serialization;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>In what an import came.</summary>
public enum ImportFormat { Json, Csv }

/// <summary>The rows of a payload, as objects of texts and lists of texts.</summary>
public interface ISetImportReader
{
    /// <summary>Splits a payload into its rows; or why it cannot be read at all.</summary>
    Result<IReadOnlyList<JsonElement>> Read(ImportFormat format, ReadOnlyMemory<byte> payload);

    /// <summary>Whom a payload credits, each name once, as it is written.</summary>
    /// <param name="rows">In these rows alone; null for all.</param>
    IReadOnlySet<string> NamesIn(ImportFormat format, ReadOnlyMemory<byte> payload, IReadOnlySet<int>? rows);

    /// <summary>
    /// The payload with another text (<see cref="Credit.RedactedName"/>) where it credits one of these names. Each other byte is as it was, but that a record of a CSV in which there is one may quote other cells.
    /// </summary>
    RedactedPayload Redact(ImportFormat format, ReadOnlyMemory<byte> payload, IReadOnlySet<int>? rows, IReadOnlySet<string> names);
}

/// <summary>The imports of the caller's client, and what they come to.</summary>
public interface ISetImports
{
    /// <summary>Keeps a payload with its rows to be done; the same again is the same import, whose rows that failed are to be done once more.</summary>
    Task<Guid> Add(ImportFormat format, ReadOnlyMemory<byte> payload, int rows, CancellationToken cancellationToken);

    /// <summary>Lets one transaction at a time import sets: two that bring the same set would make it twice.</summary>
    Task Lock(CancellationToken cancellationToken);

    /// <summary>What was given.</summary>
    Task<ImportPayload?> FindPayload(Guid id, CancellationToken cancellationToken);

    /// <summary>The rows that made a set, or were found to be it, by their imports.</summary>
    Task<IReadOnlyList<(Guid Import, IReadOnlySet<int> Rows)>> FindRowsOf(Guid setId, CancellationToken cancellationToken);

    /// <summary>Those of these names that are this one, whatever the case, accents and blanks.</summary>
    Task<IReadOnlySet<string>> FindSame(IReadOnlyCollection<string> names, string name, CancellationToken cancellationToken);

    /// <summary>Writes a payload from which a name was deleted.</summary>
    Task Redact(Guid id, byte[] payload, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes a receipt of that, where it was all that was asked for.</summary>
    Task<RedactedImport> WriteReceipt(Guid id, int names, string? reason, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The next rows that are to be done.</summary>
    Task<IReadOnlyList<int>> FindPending(Guid id, int limit, CancellationToken cancellationToken);

    /// <summary>How many rows are to be done.</summary>
    Task<int> CountPending(Guid id, CancellationToken cancellationToken);

    /// <summary>Why what the client has declared lets no set in with these fields of its own, of each in their order; empty where it does.</summary>
    /// <param name="customFields">Objects; null for none.</param>
    Task<IReadOnlyList<IReadOnlyList<Error>>> FindRefused(IReadOnlyList<JsonElement?> customFields, CancellationToken cancellationToken);

    /// <summary>The channels of these rows, and the sets that are these by all appearance.</summary>
    Task<IReadOnlyDictionary<int, Match>> Match(IReadOnlyList<SetRow> rows, CancellationToken cancellationToken);

    /// <summary>People who have these very names, by each name.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<Guid>>> FindStrongCandidates(IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    /// <summary>Adds the credits of new sets, word for word.</summary>
    Task AddCredits(IReadOnlyList<(Guid SetId, IReadOnlyList<RowCredit> Credits)> sets, CancellationToken cancellationToken);

    /// <summary>Writes what became of rows.</summary>
    Task Save(Guid id, IReadOnlyList<RowOutcome> outcomes, CancellationToken cancellationToken);
}

/// <summary>What was given, byte for byte but for names that were redacted.</summary>
public sealed record ImportPayload(ImportFormat Format, byte[] Payload, int Rows);

/// <summary>A payload without a name.</summary>
/// <param name="Names">How often it had it.</param>
public sealed record RedactedPayload(byte[] Payload, int Names);

/// <summary>What a redaction took from an import.</summary>
/// <param name="ReceiptId">By which it can be shown later.</param>
/// <param name="Taken">How many of each kind had the name: names.</param>
/// <param name="Findings">What is worth knowing of it.</param>
public sealed record RedactedImport(Guid Id, Guid ReceiptId, DateTimeOffset RedactedAt, IReadOnlyDictionary<string, long> Taken, [property: JsonIgnore] IReadOnlyList<Finding> Findings);

/// <summary>What a row is found to be.</summary>
/// <param name="ChannelId">Null when there is no such channel.</param>
/// <param name="IsOther">Whether there is a channel of the id, with another name.</param>
/// <param name="SetId">A set of this channel, title and date; null when there is none.</param>
/// <param name="Key">The same of two rows that are the same set.</param>
public sealed record Match(int Number, Guid? ChannelId, bool IsOther, Guid? SetId, string Key);

/// <summary>What became of a row.</summary>
/// <param name="Outcome">created, matched or failed.</param>
/// <param name="Errors">Why it failed.</param>
public sealed record RowOutcome(int Number, string Outcome, Guid? SetId, IReadOnlyList<RowError> Errors);

/// <summary>Why a row failed.</summary>
/// <param name="Field">Which of its fields.</param>
public sealed record RowError(string Code, string Message, string? Field)
{
    public static RowError[] Of(IEnumerable<Error> errors) => [.. errors.Select(error => new RowError(error.Code, error.Message, error.Field))];
}
