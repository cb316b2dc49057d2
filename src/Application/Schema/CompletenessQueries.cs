using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Schema;

/// <summary>How whole the records of the client are: of one kind, or of all.</summary>
/// <param name="Entity">As its path begins; null for all.</param>
/// <param name="ShowId">Of one show alone; without an entity, of those kinds that have a show.</param>
/// <param name="Status">Of one status alone, likewise.</param>
public sealed record GetCompleteness(string? Entity, string? ShowId, string? Status) : IQuery<EntityCompleteness[]>;

/// <summary>How whole the records of one kind are.</summary>
/// <param name="Entity">As its path begins.</param>
/// <param name="Total">Records outside the trash, as far as they fit the filters.</param>
/// <param name="Complete">Those that have all of the fields below.</param>
/// <param name="Percent">Complete of total, to a tenth; null where there are none.</param>
public sealed record EntityCompleteness(string Entity, int Total, int Complete, double? Percent, IReadOnlyList<FieldCompleteness> Fields);

/// <summary>How many have one field.</summary>
/// <param name="Field">As on the wire; `custom_fields.mood` is one that the client's own definitions require.</param>
/// <param name="Percent">Present of all, to a tenth; null where there are none.</param>
public sealed record FieldCompleteness(string Field, int Present, int Missing, double? Percent);

/// <summary>The records of a kind that lack something, newest first.</summary>
/// <param name="Missing">What each lacks, all of these; none for whoever lacks anything.</param>
public sealed record ListIncomplete(string Entity, IReadOnlyList<string> Missing, ListRequest Request) : IQuery<Page<IncompleteRecord>>;

/// <summary>A record that lacks something.</summary>
/// <param name="Label">Its title or name; null where it has none.</param>
/// <param name="Missing">All that it lacks.</param>
public sealed record IncompleteRecord(Guid Id, string? Label, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string[] Missing);
