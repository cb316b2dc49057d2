using System.Text.Json;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Exports;

/// <summary>The sources of all exports, found once.</summary>
internal sealed class ExportSources(IEnumerable<ListFields> declared)
{
    public IReadOnlyDictionary<string, IRowSource> ByName { get; } = ListFields.Sources(declared);
}

internal sealed class ExportedLists(ExportSources sources, DbSession db) : IExportedLists
{
    public IReadOnlyList<string> Names => [.. sources.ByName.Keys];

    public Role? RoleFor(string list) => sources.ByName.GetValueOrDefault(list)?.Needs;

    public IReadOnlyList<string> Columns(string list) => sources.ByName[list].Columns;

    public IReadOnlyList<Error> Check(string list, ListRequest request, IReadOnlyList<string> fields, Role role) => sources.ByName[list].Check(db, request, fields, role);

    public Task<int?> Count(string list, ListRequest request, int cap, CancellationToken cancellationToken) => sources.ByName[list].Count(db, request, cap, cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<JsonElement>> Read(string list, ListRequest request, Role role, CancellationToken cancellationToken) =>
        sources.ByName[list].Read(db, request, role, cancellationToken);
}
