using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Audit;

namespace MediaPlatform.Application.Audit;

/// <summary>A change as it is shown.</summary>
/// <param name="ActorKind">user, key, guest, job or system; database for a write that came past the platform.</param>
/// <param name="ActorId">The user, key, guest or job; null for the platform itself.</param>
/// <param name="RequestId">What one request wrote has one; of a write past the platform, the role of the database.</param>
/// <param name="Entity">Such as media_asset.</param>
/// <param name="Operation">insert, update or delete.</param>
/// <param name="ChangedFields">The names in <paramref name="Changes"/>.</param>
/// <param name="Changes">For each field its old and new value. Secrets are redacted; what has more than 2,000 characters is there as its length and SHA-256.</param>
public sealed record ChangeDetails(
    Guid Id, DateTimeOffset OccurredAt, string ActorKind, Guid? ActorId, string? RequestId, string Entity, Guid EntityId, string Operation, string[] ChangedFields,
    JsonElement Changes);

/// <summary>The changes of the client, newest first.</summary>
public sealed record ListChanges(ListRequest Request) : IQuery<Page<ChangeDetails>>;

/// <summary>One change.</summary>
public sealed record GetChange(ChangeId Id) : IQuery<ChangeDetails>;
