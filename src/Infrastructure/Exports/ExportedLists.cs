using MediaPlatform.Application.Exports;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Exports;

/// <summary>What makes each exported list, found once.</summary>
internal sealed class ExportSources(IEnumerable<ListFields> declared)
{
    public IReadOnlyDictionary<string, Func<DbSession, IExportedList>> ByName { get; } = ListFields.Sources(declared);
}

internal sealed class ExportedLists(ExportSources sources, DbSession db) : IExportedLists
{
    public IReadOnlyList<string> Names => [.. sources.ByName.Keys];

    public IExportedList? Find(string name) => sources.ByName.GetValueOrDefault(name)?.Invoke(db);
}
