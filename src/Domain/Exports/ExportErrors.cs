using MediaPlatform.Domain.Access;

namespace MediaPlatform.Domain.Exports;

public sealed record ExportNotFound(ExportId Id) : NotFoundError("EXPORT_NOT_FOUND", $"Export {Id.Value} does not exist; one is kept for 24 hours after it ended.");
public sealed record ExportTooLarge() : InvalidError("EXPORT_TOO_LARGE", $"These are more than the {ExportRules.MostRowsAtOnce} rows that are answered at once; POST /exports has the worker write them to a file.");
public sealed record ExportTooExpensive() : InvalidError("QUERY_TOO_EXPENSIVE", "This query takes too long; narrow it with more or other conditions.");
public sealed record ExportResourceUnknown(string Given, string Hint) : InvalidError("EXPORT_RESOURCE_UNKNOWN", $"There is no list \"{Given}\" to export.{Hint}", "resource");
public sealed record ExportNotAllowed(Role Needed) : ForbiddenError("EXPORT_NOT_ALLOWED", $"Whoever asked for this export may not read it: it needs the role {Names.Of(Needed)}.");
