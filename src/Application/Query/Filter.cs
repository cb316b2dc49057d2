using System.Text.Json.Serialization;

namespace MediaPlatform.Application.Query;

/// <summary>What rows must be like: a <see cref="Condition"/>, or several in a tree. A row either fits or does not: what has no value fits only conditions that say so.</summary>
/// <remarks>Kept as JSON where a list is asked for again later, as by an export.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Condition), "condition")]
[JsonDerivedType(typeof(And), "and")]
[JsonDerivedType(typeof(Or), "or")]
[JsonDerivedType(typeof(Not), "not")]
public abstract record Filter
{
    private protected Filter()
    {
    }

    /// <summary>All must hold.</summary>
    public sealed record And(IReadOnlyList<Filter> Of) : Filter;

    /// <summary>One must hold.</summary>
    public sealed record Or(IReadOnlyList<Filter> Of) : Filter;

    /// <summary>It must not hold: exactly the rows that <paramref name="Of"/> leaves out, also those without a value.</summary>
    public sealed record Not(Filter Of) : Filter;
}

/// <summary><c>field[operator]=values</c>.</summary>
/// <param name="Field">The name of a field, or a path below one that holds JSON.</param>
/// <param name="Values">As text; what they mean is the field's to say.</param>
public sealed record Condition(string Field, Operator Operator, IReadOnlyList<string> Values) : Filter
{
    /// <summary>What each value was in the JSON that it came from; null when they came as text, which may mean any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ValueKind>? Kinds { get; init; }
}

/// <summary>What a value is, as far as its source tells.</summary>
public enum ValueKind
{
    /// <summary>A text of a query string: perhaps a number, perhaps true or false.</summary>
    Any,
    /// <summary>A string of JSON.</summary>
    Text,
    /// <summary>A number of JSON.</summary>
    Number,
    /// <summary>True or false of JSON.</summary>
    Boolean,
}

/// <summary>What a filter may have at most. More is refused by name.</summary>
public static class FilterLimits
{
    /// <summary>How deep <c>and</c>, <c>or</c> and <c>not</c> stand within each other.</summary>
    public const int Depth = 5;

    /// <summary>Conditions of one list, wherever they stand.</summary>
    public const int Conditions = 50;

    /// <summary>Values of one condition.</summary>
    public const int Values = 500;

    /// <summary>Characters of one value, and of the full text.</summary>
    public const int ValueLength = 1_000;

    /// <summary>Names in a path.</summary>
    public const int PathDepth = 8;

    /// <summary>Characters of a name with its path.</summary>
    public const int NameLength = 300;

    /// <summary>Keys of a sort.</summary>
    public const int SortKeys = 4;
}
