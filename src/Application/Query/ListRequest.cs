using System.Text.Json.Serialization;

namespace MediaPlatform.Application.Query;

/// <summary>A list as a caller asks for it: syntax only. Whether a field exists, takes the operator and holds the value is the compiler's to say.</summary>
/// <param name="Conditions">All of them must hold.</param>
/// <param name="Text">Full text in websearch syntax (<c>q=</c>).</param>
/// <param name="Sort">In order; empty means the resource's own.</param>
/// <param name="Limit">1–200.</param>
/// <param name="Cursor">Opaque, as the page before gave it.</param>
/// <param name="Count">How the total is counted.</param>
/// <param name="IncludeDeleted">Also what is in the trash; for admins.</param>
public sealed record ListRequest(
    IReadOnlyList<Condition> Conditions, string? Text, IReadOnlyList<SortBy> Sort, int Limit, string? Cursor, CountMode Count, bool IncludeDeleted)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>What must hold beside the conditions; null for nothing more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Filter? Where { get; init; }

    /// <summary>Everything of the library, newest first: to be changed with <c>with</c>.</summary>
    public static readonly ListRequest Everything = new([], Text: null, [], DefaultLimit, Cursor: null, CountMode.Capped, IncludeDeleted: false);
}

/// <summary>One key of a sort; nulls come last either way.</summary>
public sealed record SortBy(string Field, bool Descending);

/// <summary>The operators of the query language.</summary>
public enum Operator { Eq, Ne, Gt, Gte, Lt, Lte, In, Nin, Contains, Icontains, StartsWith, EndsWith, Between, Null, Any, All, None }

/// <summary>How a list's total is counted.</summary>
public enum CountMode
{
    /// <summary>Up to 10,000, then "more".</summary>
    Capped,
    /// <summary>All of them.</summary>
    Exact,
    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A page of a list.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Limit">As asked.</param>
/// <param name="NextCursor">Null on the last page.</param>
/// <param name="Total">Null when it was not counted.</param>
/// <param name="TotalIsCapped">True when there are more than <paramref name="Total"/>.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Limit, string? NextCursor, int? Total, bool TotalIsCapped);
