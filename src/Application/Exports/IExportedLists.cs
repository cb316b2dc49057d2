using System.Text.Json;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Exports;

/// <summary>The lists that can be exported, by their names.</summary>
public interface IExportedLists
{
    /// <summary>Such as <c>media</c>.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>A list by its name; null when there is no such list.</summary>
    IExportedList? Find(string name);
}

/// <summary>A list of the caller's client as rows of JSON, read page by page, so that no connection is held while a reader is slow.</summary>
public interface IExportedList
{
    /// <summary>Who may read it.</summary>
    Role Needs { get; }

    /// <summary>The fields of a row, in order.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>Every reason why a caller of this role cannot have these rows.</summary>
    Task<IReadOnlyList<Error>> Check(ListRequest request, IReadOnlyList<string> fields, Role role, CancellationToken cancellationToken);

    /// <summary>How many rows there are, at most <paramref name="cap"/> + 1; null when counting takes too long.</summary>
    Task<int?> Count(ListRequest request, int cap, CancellationToken cancellationToken);

    /// <summary>The rows, in pages. A row that stays as it is comes once, whatever is written meanwhile.</summary>
    IAsyncEnumerable<IReadOnlyList<JsonElement>> Read(ListRequest request, Role role, CancellationToken cancellationToken);

    /// <summary>Whether reading ended with this since the query takes longer than any may.</summary>
    bool IsTooExpensive(Exception exception);
}
