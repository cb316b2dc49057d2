using System.Collections.Frozen;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>What a field holds; it decides which operators it takes and how a value is read.</summary>
/// <remarks>
/// Text is kept composed (NFC) and compared so; a Code is compared as it came: it is another system's, or of our own making.
/// Json is an object of somebody's own making: any path below it may be named.
/// </remarks>
internal enum FieldType { Text, Code, Enum, Uuid, Integer, Number, Boolean, Instant, TextArray, Sha256, Date, Json }

/// <summary>One field that callers may name.</summary>
/// <param name="Name">In wire spelling.</param>
/// <param name="Sql">A constant expression over the definition's <c>from</c>.</param>
/// <param name="SortKey">Reads the field of a row for a cursor; null when lists are not sorted by it.</param>
/// <param name="Nullable">True when the expression may be null.</param>
/// <param name="Names">The values of an enum.</param>
internal sealed record Field<T>(string Name, string Sql, FieldType Type, Func<T, object?>? SortKey = null, bool Nullable = false, IReadOnlyList<string>? Names = null)
{
    /// <summary>Of Json: where a path is looked for as well, such as below <c>main_outfit</c>. A condition holds when it holds in one of the places.</summary>
    public IReadOnlyList<string> AlsoBelow { get; init; } = [];
}

/// <summary>A field as a caller named it.</summary>
/// <param name="Name">As named.</param>
/// <param name="Path">Below a field of Json; empty of others.</param>
internal sealed record NamedField<T>(Field<T> Field, string Name, IReadOnlyList<string> Path);

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

    /// <summary>A field by its name, or by a path below it.</summary>
    public NamedField<T>? Resolve(string name)
    {
        if (Find(name) is { } exact) return new(exact, name, []);
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            if (Find(name[..dot]) is { } field) return field.Type is FieldType.Json ? new(field, name, name[(dot + 1)..].Split('.')) : null;
        }

        return null;
    }

    /// <summary>What was probably meant by a name, to append to a message.</summary>
    public string Hint(string name)
    {
        if (NearestName.Hint(name, FieldNames) is { Length: > 0 } hint) return hint;
        return name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 && NearestName.Of(name[..dot], Fields.Where(field => field.Type is FieldType.Json).Select(field => field.Name)) is { } nearest
            ? $" Did you mean \"{nearest}{name[dot..]}\"?"
            : "";
    }
}

internal static class Fields
{
    /// <summary>The values of an enum field.</summary>
    public static Field<T> Enum<T, TEnum>(string name, string sql)
        where TEnum : struct, Enum => new(name, sql, FieldType.Enum, Names: MediaPlatform.Domain.Names.All<TEnum>());

    /// <summary>A column of <c>jsonb</c>, below which any path may be named; equality is looked up in a <c>gin (… jsonb_path_ops)</c> index where there is one.</summary>
    /// <param name="alsoBelow">See <see cref="Field{T}.AlsoBelow"/>.</param>
    public static Field<T> Json<T>(string name, string sql, bool nullable = false, params IReadOnlyList<string> alsoBelow) =>
        new(name, sql, FieldType.Json, Nullable: nullable) { AlsoBelow = alsoBelow };
}

/// <summary>The errors of lists.</summary>
internal static class ListErrors
{
    public static Error UnknownField(string name, string hint) => new MalformedError("UNKNOWN_FIELD", $"There is no field \"{Shown(name)}\" to filter by.{hint}", Shown(name));
    public static Error UnknownSort(string name, string hint) => new MalformedError("UNKNOWN_SORT", $"Lists are not sorted by \"{Shown(name)}\".{hint}", "sort");
    public static Error OperatorNotTaken(string field, string op, string taken) => new MalformedError("OPERATOR_NOT_TAKEN", $"\"{field}\" does not take {op}; it takes {taken}.", field);
    public static Error ValueNotReadable(string field, string value, string expected) => new MalformedError("VALUE_NOT_READABLE", $"\"{Shown(value)}\" is not {expected}.", field);
    public static Error TooDeep() => new MalformedError("FILTER_TOO_DEEP", $"and, or and not stand within each other at most {FilterLimits.Depth} deep.", "where");
    public static Error TooManyConditions(int given) => new MalformedError("TOO_MANY_CONDITIONS", $"A list takes at most {FilterLimits.Conditions} conditions, not {given}.");
    public static Error TooManyValues(string field, int given) => new MalformedError("TOO_MANY_VALUES", $"A condition takes at most {FilterLimits.Values} values, not {given}.", field);
    public static Error ValueTooLong(string field) => new MalformedError("VALUE_TOO_LONG", $"A value has at most {FilterLimits.ValueLength} characters.", field);
    public static Error PathTooDeep(string field) => new MalformedError("PATH_TOO_DEEP", $"A path has at most {FilterLimits.PathDepth} names, none of them empty, and {FilterLimits.NameLength} characters.", Shown(field));
    public static Error TooManySortKeys(int given) => new MalformedError("TOO_MANY_SORT_KEYS", $"A list is sorted by at most {FilterLimits.SortKeys} fields, not {given}.", "sort");
    public static Error SortKeyTwice(string field) => new MalformedError("UNKNOWN_SORT", $"The sort names {field} twice.", "sort");
    public static Error NotSelectable(string path, string hint) => new MalformedError("UNKNOWN_FIELD", $"There is no field \"{Shown(path)}\" to select.{hint}", "_fields");
    public static readonly Error NoFullText = new MalformedError("UNKNOWN_PARAMETER", "This list has no full text to search.", "q");
    public static readonly Error BadCursor = new MalformedError("CURSOR_INVALID", "The cursor is not one that this list gave, or belongs to another sort or filter.", "cursor");
    public static readonly Error TrashIsForAdmins = new ForbiddenError("ROLE_TOO_LOW", "Only an admin sees the trash.");

    /// <summary>The codes of those that are 400; beside them only <see cref="TrashIsForAdmins"/>.</summary>
    public static readonly IReadOnlyList<string> Malformed =
    [
        "UNKNOWN_FIELD", "UNKNOWN_SORT", "OPERATOR_NOT_TAKEN", "VALUE_NOT_READABLE", "UNKNOWN_PARAMETER", "CURSOR_INVALID", "FILTER_TOO_DEEP", "TOO_MANY_CONDITIONS",
        "TOO_MANY_VALUES", "VALUE_TOO_LONG", "PATH_TOO_DEEP", "TOO_MANY_SORT_KEYS",
    ];

    /// <summary>As much of a caller's text as an answer repeats.</summary>
    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
