using System.Text.Json;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Exports;

/// <summary>The lists that can be exported, by their names. Rows are read page by page, so that no connection is held while a reader is slow.</summary>
public interface IExportedLists
{
    /// <summary>Such as <c>media</c>.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Who may read a list; null when there is no such list.</summary>
    Role? RoleFor(string list);

    /// <summary>The fields of a row, in order.</summary>
    IReadOnlyList<string> Columns(string list);

    /// <summary>Every reason why a caller of this role cannot have these rows.</summary>
    IReadOnlyList<Error> Check(string list, ListRequest request, IReadOnlyList<string> fields, Role role);

    /// <summary>How many rows there are, at most <paramref name="cap"/> + 1; null when counting takes too long.</summary>
    Task<int?> Count(string list, ListRequest request, int cap, CancellationToken cancellationToken);

    /// <summary>The rows, in pages. A row that stays as it is comes once, whatever is written meanwhile.</summary>
    IAsyncEnumerable<IReadOnlyList<JsonElement>> Read(string list, ListRequest request, Role role, CancellationToken cancellationToken);
}
