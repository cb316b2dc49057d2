using MediaPlatform.Application.Query;
using MediaPlatform.Domain;

namespace MediaPlatform.Infrastructure.Query;

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
    public static Error NotSelectable(string path, string hint) => new MalformedError("UNKNOWN_FIELD", $"There is no field \"{Shown(path)}\" to select.{hint}", "_fields");
    public static Error NothingToMiss(string name, string hint) => new MalformedError("UNKNOWN_FIELD", $"There is no field \"{Shown(name)}\" that these should have.{hint}", "missing");
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
