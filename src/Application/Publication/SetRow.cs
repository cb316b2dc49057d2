using System.Globalization;
using System.Text.Json;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>One set as an import names it. Of one that is refused what could be read; the rest is empty.</summary>
/// <param name="Number">Where it stands in the payload, from 1.</param>
/// <param name="Channel">By its name; or</param>
/// <param name="ChannelId">by its id.</param>
/// <param name="Credits">The names, word for word, in the order of the set.</param>
/// <param name="Tags">One more than a set has, at most, which is refused as any number more would be.</param>
/// <param name="CustomFields">An object; null where there is none.</param>
public sealed record SetRow(
    int Number, string Title, string? Channel, Guid? ChannelId, DateTimeOffset PublishedAt, IReadOnlyList<RowCredit> Credits, string? Notes, string? ExternalId, IReadOnlyList<string> Tags,
    JsonElement? CustomFields)
{
    /// <summary>As many fields as a row has; no more are looked at.</summary>
    public const int MostFields = 100;

    private static readonly string[] Known = ["title", "channel", "channel_id", "published_at", "models", "photographers", "photographer", "notes", "external_id", "tags", "custom_fields"];
    private static readonly string[] Sessions = ["session", "sessions", "session_id"];
    private const int FirstYear = 1000; // before it no date is meant, and the first ones of all stand for none
    private static readonly string[] Dates = ["yyyy-MM-dd"];

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a row, as far as it can be; every reason why not, each with its field.</summary>
    /// <param name="given">An object: texts and lists of texts, as JSON has them or as a CSV was split.</param>
    public static ReadRow Read(int number, JsonElement given)
    {
        if (given.ValueKind is not JsonValueKind.Object) return new(Row: null, [ImportErrors.NotARow()]);
        if (given.GetPropertyCount() > MostFields) return new(Row: null, [ImportErrors.TooManyFields(MostFields)]);
        if (NamesOf(given) is not { } fields) return new(Row: null, [ImportErrors.FieldUnreadable()]); // of what cannot be written down nothing is said

        var errors = new List<Error>();
        foreach (var (name, times) in fields.CountBy(name => name, StringComparer.Ordinal))
        {
            if (times > 1) errors.Add(ImportErrors.FieldTwice(name));
            else if (Sessions.Contains(name, StringComparer.Ordinal)) errors.Add(ImportErrors.CreatesNoSession(name));
            else if (name == "is_compilation") errors.Add(new CompilationIsComputed());
            else if (!Known.Contains(name, StringComparer.Ordinal)) errors.Add(ImportErrors.FieldUnknown(name, NearestName.Hint(name, Known)));
        }

        var title = Text("title");
        if (string.IsNullOrWhiteSpace(title) && !IsRefused("title")) errors.Add(ImportErrors.TitleMissing());
        var (channel, channelId) = (Text("channel"), Text("channel_id"));
        if (string.IsNullOrWhiteSpace(channel)) channel = null;
        if (string.IsNullOrWhiteSpace(channelId)) channelId = null;
        if (channel is null && channelId is null && !IsRefused("channel") && !IsRefused("channel_id")) errors.Add(ImportErrors.ChannelMissing());
        Guid? id = Guid.TryParseExact(channelId?.Trim(), "D", out var read) ? read : null;
        if (channelId is not null && id is null) errors.Add(ImportErrors.ChannelUnknown(channelId, "channel_id"));

        var date = Text("published_at")?.Trim();
        var published = ReadDate(date);
        if (published is null && !IsRefused("published_at")) errors.Add(ImportErrors.DateInvalid(date is { Length: > 0 and <= 100 } ? date : null));

        RowCredit[] credits = [.. Names("models", ParticipantRole.Model), .. Names("photographers", ParticipantRole.Photographer), .. Names("photographer", ParticipantRole.Photographer)];
        if (credits.Length > RawCredits.MostOfASet) errors.Add(ImportErrors.TooManyNames(credits.Length, RawCredits.MostOfASet));
        var (notes, external, tags) = (Text("notes"), Text("external_id"), Texts("tags").Where(tag => tag.Trim().Length > 0).Select(tag => tag.Trim()).Take(Domain.Tagging.Tags.MaxCount + 1).ToArray());
        var own = Has("custom_fields", out var ofTheClient) ? RowCustomFields.Read(ofTheClient, errors) : null;
        return new(new SetRow(number, title?.Trim() ?? "", channel?.Trim(), id, published ?? default, credits, Empty(notes), Empty(external), tags, own), errors);

        bool IsRefused(string field) => errors.Exists(error => error.Field == field);

        // Of what stands twice nobody knows which is meant.
        bool Has(string field, out JsonElement value) => given.TryGetProperty(field, out value) && value.ValueKind is not JsonValueKind.Null && !IsRefused(field);

        string? Text(string field)
        {
            if (!Has(field, out var value)) return null;
            if (value.ValueKind is JsonValueKind.String && ReadText(value) is { } text && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) return text;

            errors.Add(ImportErrors.NotText(field));
            return null;
        }

        IEnumerable<string> Texts(string field)
        {
            if (!Has(field, out var value)) return [];
            JsonElement[] all = value.ValueKind is JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
            string?[] texts = [.. all.Select(one => one.ValueKind is JsonValueKind.String ? ReadText(one) : null)];
            if (Array.TrueForAll(texts, text => text is not null && !text.Contains('\0', StringComparison.Ordinal))) return texts!;

            errors.Add(ImportErrors.NotNames(field));
            return [];
        }

        RowCredit[] Names(string field, ParticipantRole role)
        {
            RowCredit[] names = [.. Texts(field).Select(name => new RowCredit(role, name))];
            if (Array.Exists(names, name => string.IsNullOrWhiteSpace(name.RawName))) errors.Add(ImportErrors.NameEmpty(field));
            if (Array.Exists(names, name => name.RawName.Length > RawCredits.MostOfAName)) errors.Add(ImportErrors.NameTooLong(field, RawCredits.MostOfAName));
            return names;
        }
    }

    /// <summary>How many names a row credits; none where it is refused.</summary>
    public static int CountCredits(JsonElement given) => Read(number: 0, given) is { Errors.Count: 0, Row: { } row } ? row.Credits.Count : 0;

    /// <summary>As <see cref="SetFields"/>, of the channel that it was found to be.</summary>
    public SetFields In(Guid channel) => new(Title, channel, PublishedAt, Notes, IsCompilation: null, ExternalId, Tags, CustomFields);

    /// <summary>The names of its fields; null where one is none that could be told.</summary>
    private static List<string>? NamesOf(JsonElement given)
    {
        const int longest = 100;
        try
        {
            List<string> names = [.. given.EnumerateObject().Select(member => member.Name)];
            return names.TrueForAll(name => name.Length <= longest && !name.Any(char.IsControl)) ? names : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }

    private static DateTimeOffset? ReadDate(string? given) => ReadTime(given) is { Year: >= FirstYear } time ? time : null;

    private static DateTimeOffset? ReadTime(string? given)
    {
        if (DateTimeOffset.TryParseExact(given, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)) return day;
        if (given is null || !(given.EndsWith('Z') || given.LastIndexOfAny(['+', '-']) > given.IndexOf('T', StringComparison.Ordinal))) return null; // a time says of which zone it is
        return DateTimeOffset.TryParseExact(given, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero) : null;
    }

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>Null for half of a surrogate pair, which no text has.</summary>
    public static string? ReadText(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>A row that was read.</summary>
/// <param name="Row">As far as it could be; null where nothing of it could.</param>
/// <param name="Errors">Why it is refused; empty where all of it could be read.</param>
public sealed record ReadRow(SetRow? Row, IReadOnlyList<Error> Errors);

/// <summary>A name that a row credits, word for word.</summary>
public sealed record RowCredit(ParticipantRole Role, string RawName);
