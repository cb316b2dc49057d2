namespace MediaPlatform.Domain.Publication;

/// <summary>What can be wrong with one row of an import; the other rows are not harmed.</summary>
public static class ImportErrors
{
    private const int LongestShown = 100;

    public static Error NotARow() => new InvalidError("IMPORT_ROW_INVALID", "A row is an object with a title, a channel and a date.");

    public static Error TooManyFields(int most) => new InvalidError("IMPORT_ROW_INVALID", $"A row has at most {most} fields.");

    public static Error FieldUnknown(string field, string hint) => new InvalidError("IMPORT_FIELD_UNKNOWN", $"\"{field}\" is no field of a set that is imported.{hint}", field);

    public static Error FieldUnreadable() => new InvalidError("IMPORT_ROW_INVALID", "A field of the row has a name that is no text of at most 100 characters.");

    public static Error FieldTwice(string field) => new InvalidError("DUPLICATE_FIELD", $"\"{field}\" stands more than once.", field);

    public static Error CreatesNoSession(string field) => new InvalidError("IMPORT_CREATES_NO_SESSION", "An import says what was published; sessions are made by people, and claimed for a set by its /sessions.", field);

    public static Error NotText(string field) => new InvalidError("IMPORT_TEXT_INVALID", $"{field} is text without control characters.", field);

    public static Error NotNames(string field) => new InvalidError("IMPORT_NAMES_INVALID", $"{field} is a name or a list of names, each a text.", field);

    public static Error TitleMissing() => new InvalidError("IMPORT_TITLE_EMPTY", "A set has a title.", "title");

    public static Error DateInvalid(string? given) => new InvalidError("IMPORT_DATE_INVALID", given is null ? "A set has a date." : $"\"{given}\" is no date such as 2026-01-05 and no time such as 2026-01-05T09:00:00Z.", "published_at");

    public static Error ChannelMissing() => new InvalidError("IMPORT_CHANNEL_EMPTY", "A set came out in a channel: its name in channel, or its id in channel_id.", "channel");

    public static Error ChannelUnknown(string given, string field) => new InvalidError("IMPORT_CHANNEL_UNKNOWN", $"There is no channel \"{Shown(given)}\"; make it first.", field);

    public static Error ChannelMismatch(string name, Guid id) => new InvalidError("IMPORT_CHANNEL_MISMATCH", $"Channel {id} is not called \"{Shown(name)}\"; name it by one of the two.", "channel_id");

    public static Error TooManyNames(int given, int most) => new InvalidError("IMPORT_TOO_MANY_NAMES", $"A set credits at most {most} names; these are {given}.", "models");

    public static Error NameTooLong(string field, int most) => new InvalidError("IMPORT_NAME_TOO_LONG", $"A name has at most {most} characters.", field);

    public static Error NameEmpty(string field) => new InvalidError("IMPORT_NAME_EMPTY", "A name has at least a letter.", field);

    public static Error NotOwnFields(string field) => new InvalidError("IMPORT_CUSTOM_FIELDS_INVALID", $"{field} is an object, as JSON has one; a CSV has none.", field);

    public static Error NotKept(string field) => new InvalidError("IMPORT_CUSTOM_FIELDS_INVALID", $"{field} cannot be kept: a text has U+0000 or half a character, a number has thousands of digits, or a name stands twice.", field);

    private static string Shown(string given) => given.Length > LongestShown ? given[..LongestShown] + "…" : given;
}
