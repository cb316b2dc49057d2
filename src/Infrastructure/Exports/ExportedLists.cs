using System.Text.Json;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Exports;

internal sealed class ExportedLists(DbSession db) : IExportedLists
{
    public IReadOnlyList<string> Names => [.. ListFields.Sources.Keys];

    public Role? RoleFor(string list) => ListFields.Sources.GetValueOrDefault(list)?.Needs;

    public IReadOnlyList<string> Columns(string list) => ListFields.Sources[list].Columns;

    public IReadOnlyList<Error> Check(string list, ListRequest request, IReadOnlyList<string> fields, Role role) => ListFields.Sources[list].Check(db, request, fields, role);

    public Task<int?> Count(string list, ListRequest request, int cap, CancellationToken cancellationToken) => ListFields.Sources[list].Count(db, request, cap, cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<JsonElement>> Read(string list, ListRequest request, Role role, CancellationToken cancellationToken) =>
        ListFields.Sources[list].Read(db, request, role, cancellationToken);
}
