using System.Text.Json;
using System.Collections.Frozen;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>What a field holds; it decides which operators it takes and how a value is read.</summary>
/// <remarks>
/// Text is kept composed (NFC) and compared so; a Code is compared as it came: it is another system's, or of our own making.
/// Json is an object of somebody's own making: any path below it may be named.
/// Related is what rows have to do with others: its SQL is a condition over <c>{0}</c>, a list of texts that name those.
/// </remarks>
internal enum FieldType { Text, Code, Enum, Uuid, Integer, Number, Boolean, Instant, TextArray, Sha256, Date, Json, Related }

/// <summary>One field that callers may name.</summary>
/// <param name="Name">In wire spelling.</param>
/// <param name="Sql">A constant expression over the definition's <c>from</c>.</param>
/// <param name="SortKey">Reads the field of a row for a cursor; null when lists are not sorted by it.</param>
/// <param name="Nullable">True when the expression may be null.</param>
/// <param name="Names">The values of an enum.</param>
internal sealed record Field<T>(string Name, string Sql, FieldType Type, Func<T, object?>? SortKey = null, bool Nullable = false, IReadOnlyList<string>? Names = null)
{
    /// <summary>How the column spells a value that was given, such as a hash in lower case; null where it is as it comes.</summary>
    public Func<string, string>? Spelled { get; init; }

    /// <summary>Of Json: where a path is looked for as well, such as below <c>main_outfit</c>. A condition holds when it holds in one of the places.</summary>
    public IReadOnlyList<string> AlsoBelow { get; init; } = [];

    /// <summary>Of Json: an object of a path may stand in a list of them as well.</summary>
    public bool InLists { get; init; }

    /// <summary>Of what is contained in documents and arrays: whether an index finds it.</summary>
    public bool IsIndexed { get; init; } = true;

    /// <summary>Of a promoted field: the column with the record's id that stands beside it in its index. It is there for sorts and ranges; other conditions by its name are those of a path of Json.</summary>
    public string? RecordId { get; init; }

    public bool IsPromoted => RecordId is not null;

    /// <summary>Of Related: what a value names.</summary>
    public string Related { get; init; } = "The name, the id or the file of one that is related";

    /// <summary>Of Json: a column with a list of more such objects, of which any one may be meant.</summary>
    public string? AlsoIn { get; init; }

    /// <summary>Of Json: a column with the <c>document_terms</c> of all that is meant, by whose index equality is answered.</summary>
    public string? Terms { get; init; }
}

/// <summary>A field as a caller named it.</summary>
/// <param name="Name">As named.</param>
/// <param name="Path">Below a field of Json; empty of others.</param>
internal sealed record NamedField<T>(Field<T> Field, string Name, IReadOnlyList<string> Path);

/// <summary>The custom fields of a kind of records.</summary>
/// <param name="Entity">As its path begins.</param>
/// <param name="Of">Those of a row.</param>
internal sealed record OwnFields<T>(string Entity, Func<T, JsonElement> Of);

/// <summary>A resource as lists see it: constants, and the fields by which it is filtered and sorted.</summary>
/// <param name="Columns">What is selected, in the order of <typeparamref name="T"/>'s constructor.</param>
/// <param name="From">The <c>from</c> clause; the tenant's table has the alias <c>r</c>.</param>
/// <param name="Fields">The allow-list.</param>
/// <param name="Id">The row's id, the last key of every sort.</param>
/// <param name="DefaultSort">Descending.</param>
/// <param name="Visible">A condition that always holds unless the trash is asked for; null when there is no trash.</param>
/// <param name="Search">A condition over <c>@text</c>; null when there is no full text.</param>
/// <param name="Before">A statement over <c>@ClientId</c> that comes before each that reads the list; null for none.</param>
internal sealed record ListDefinition<T>(
    string Columns, string From, IReadOnlyList<Field<T>> Fields, Func<T, Guid> Id, string DefaultSort = "created_at", string? Visible = null, string? Search = null, string? Before = null)
{
    /// <summary>Of a kind whose custom fields can be declared; null of others.</summary>
    public OwnFields<T>? Own { get; init; }

    /// <summary>By which ids more is joined; empty where nothing is.</summary>
    public IReadOnlyList<(string Name, Guid Id)> Joined { get; private init; } = [];

    private readonly FrozenDictionary<string, Field<T>> byName = Fields.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>One row by its id, also one in the trash.</summary>
    public string SelectOne { get; } = $"""
        select {Columns}
        from {From}
        where r.client_id = @ClientId and r.id = @Id
        """;

    public Field<T>? Find(string name) => byName.GetValueOrDefault(name);

    public IEnumerable<string> FieldNames => Fields.Select(f => f.Name);

    public IEnumerable<string> SortNames => Fields.Where(f => f.SortKey is not null).Select(f => f.Name);

    /// <summary>The same list with more fields.</summary>
    /// <param name="joined">What they are read from.</param>
    /// <param name="by">The ids that this names.</param>
    public ListDefinition<T> With(string joined, IEnumerable<Field<T>> more, IEnumerable<(string Name, Guid Id)> by) =>
        new(Columns, From + joined, [.. Fields, .. more], Id, DefaultSort, Visible, Search, Before) { Own = Own, Joined = [.. by] };

    /// <summary>A field by its name, or by a path below it.</summary>
    public NamedField<T>? Resolve(string name, Operator op = Operator.Eq)
    {
        if (Find(name) is { } exact && (!exact.IsPromoted || PromotedFields.IsRange(op))) return new(exact, name, []);
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
