using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Schema;

/// <summary>A change of the schema.</summary>
/// <param name="Version">The schema's since then: 1.0 is the platform's own, and each change of the client's definitions is the next 1.N.</param>
/// <param name="Scope">platform or client.</param>
/// <param name="Entity">The kind of records, as its path begins; null where the platform changed several.</param>
/// <param name="Field">In custom_fields; null of a change of the platform.</param>
/// <param name="Change">added, changed, deprecated or removed.</param>
/// <param name="Description">What the platform changed.</param>
/// <param name="Before">What the definition said; null where it was not in force.</param>
/// <param name="After">What it says since then; null where it is not in force any more.</param>
/// <param name="ActorKind">user, key, job or system; database for a write that came past the platform.</param>
public sealed record SchemaChangeDetails(
    Guid Id, string Version, string Scope, string? Entity, string? Field, Guid? DefinitionId, string Change, string? Description, JsonElement? Before, JsonElement? After,
    DateTimeOffset OccurredAt, string ActorKind, Guid? ActorId, string? RequestId);

/// <summary>The changes of the schema, newest first: the client's own and the platform's.</summary>
public sealed record ListSchemaChanges(ListRequest Request) : IQuery<Page<SchemaChangeDetails>>;

/// <summary>The fields that the client has declared and that are in force.</summary>
public sealed record GetClientSchema : IQuery<ClientSchemaDetails>;

/// <param name="Version">Of the client's schema, such as 1.3.</param>
public sealed record ClientSchemaDetails(string Version, IReadOnlyList<DeclaredField> Fields);

/// <summary>A definition, as a schema shows it.</summary>
/// <param name="IsSorted">Whether lists sort by it now.</param>
public sealed record DeclaredField(
    Guid Id, string Entity, string Name, string Purpose, string Type, bool Required, string? Pattern, double? Minimum, double? Maximum, int? MaxLength, string[] AllowedValues,
    JsonElement? DefaultValue, bool Deprecated, string? DeprecationReason, bool IsSorted);
