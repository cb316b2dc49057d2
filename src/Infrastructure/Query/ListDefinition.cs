using System.Collections.Frozen;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>What a field holds; it decides which operators it takes and how a value is read.</summary>
/// <remarks>Text is kept composed (NFC) and compared so; a Code is compared as it came: it is another system's, or of our own making.</remarks>
internal enum FieldType { Text, Code, Enum, Uuid, Integer, Number, Boolean, Instant, TextArray, Sha256 }

/// <summary>One field that callers may name.</summary>
/// <param name="Name">In wire spelling.</param>
/// <param name="Sql">A constant expression over the definition's <c>from</c>.</param>
/// <param name="SortKey">Reads the field of a row for a cursor; null when lists are not sorted by it.</param>
/// <param name="Nullable">True when the expression may be null.</param>
/// <param name="Names">The values of an enum.</param>
internal sealed record Field<T>(string Name, string Sql, FieldType Type, Func<T, object?>? SortKey = null, bool Nullable = false, IReadOnlyList<string>? Names = null);

/// <summary>A resource as lists see it: constants, and the fields by which it is filtered and sorted.</summary>
/// <param name="Columns">What is selected, in the order of <typeparamref name="T"/>'s constructor.</param>
/// <param name="From">The <c>from</c> clause; the tenant's table has the alias <c>r</c>.</param>
/// <param name="Fields">The allow-list.</param>
/// <param name="Id">The row's id, the last key of every sort.</param>
/// <param name="DefaultSort">Descending.</param>
/// <param name="Visible">A condition that always holds unless the trash is asked for; null when there is no trash.</param>
/// <param name="Search">A condition over <c>@text</c>; null when there is no full text.</param>
internal sealed record ListDefinition<T>(
    string Columns, string From, IReadOnlyList<Field<T>> Fields, Func<T, Guid> Id, string DefaultSort = "created_at", string? Visible = null, string? Search = null)
{
    private readonly FrozenDictionary<string, Field<T>> byName = Fields.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    public Field<T>? Find(string name) => byName.GetValueOrDefault(name);

    public IEnumerable<string> FieldNames => Fields.Select(f => f.Name);

    public IEnumerable<string> SortNames => Fields.Where(f => f.SortKey is not null).Select(f => f.Name);
}

internal static class Fields
{
    /// <summary>The values of an enum field.</summary>
    public static Field<T> Enum<T, TEnum>(string name, string sql)
        where TEnum : struct, Enum => new(name, sql, FieldType.Enum, Names: MediaPlatform.Domain.Names.All<TEnum>());
}

/// <summary>The errors of lists.</summary>
internal static class ListErrors
{
    public static Error UnknownField(string name, string hint) => new MalformedError("UNKNOWN_FIELD", $"There is no field \"{name}\" to filter by.{hint}", name);
    public static Error UnknownSort(string name, string hint) => new MalformedError("UNKNOWN_SORT", $"Lists are not sorted by \"{name}\".{hint}", "sort");
    public static Error OperatorNotTaken(string field, string op, string taken) => new MalformedError("OPERATOR_NOT_TAKEN", $"\"{field}\" does not take {op}; it takes {taken}.", field);
    public static Error ValueNotReadable(string field, string value, string expected) => new MalformedError("VALUE_NOT_READABLE", $"\"{value}\" is not {expected}.", field);
    public static readonly Error NoFullText = new MalformedError("UNKNOWN_PARAMETER", "This list has no full text to search.", "q");
    public static readonly Error BadCursor = new MalformedError("CURSOR_INVALID", "The cursor is not one that this list gave, or belongs to another sort.", "cursor");
    public static readonly Error TrashIsForAdmins = new ForbiddenError("ROLE_TOO_LOW", "Only an admin sees the trash.");

    /// <summary>The codes of those that are 400; beside them only <see cref="TrashIsForAdmins"/>.</summary>
    public static readonly IReadOnlyList<string> Malformed = ["UNKNOWN_FIELD", "UNKNOWN_SORT", "OPERATOR_NOT_TAKEN", "VALUE_NOT_READABLE", "UNKNOWN_PARAMETER", "CURSOR_INVALID"];
}
