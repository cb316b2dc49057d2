using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>Whether a record is there, and since when it is in the trash.</summary>
internal sealed record Standing(Guid Id, DateTimeOffset? DeletedAt);

internal static class Standings
{
    /// <summary>Why this caller does not see what stands below a record; null when that one is seen.</summary>
    public static async Task<Error?> FindHidden(this DbSession db, RecordTable table, Guid id, CancellationToken cancellationToken) => await db.FindHidden(table.Kind, table.SelectStanding, id, cancellationToken);

    /// <param name="select">id and deleted_at, by <c>@ClientId</c> and <c>@Id</c>.</param>
    public static async Task<Error?> FindHidden(this DbSession db, RecordKind kind, string select, Guid id, CancellationToken cancellationToken) =>
        await db.Find<Standing>(select, new { db.ClientId, Id = id }, cancellationToken) is { } found ? RecordState.Hidden(kind, id, found.DeletedAt, db.Caller.Role) : new RecordNotFound(kind, id);
}
