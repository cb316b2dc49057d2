using System.Collections.Frozen;
using System.Text.Json;

namespace MediaPlatform.Domain;

/// <summary>The snake_case names of enums, on the wire and in SQL alike.</summary>
public static class Names
{
    /// <summary>The name of a value: <c>LongestSide</c> is <c>longest_side</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => NamesOf<T>.ByValue[value];

    /// <summary>The value of a name, or null.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => name is not null && NamesOf<T>.ByName.TryGetValue(name, out var value) ? value : null;

    /// <summary>The value of a name that the database vouches for; anything else is a bug and throws.</summary>
    public static T Require<T>(string name)
        where T : struct, Enum => Parse<T>(name) ?? throw new InvalidOperationException($"'{name}' is not a {typeof(T).Name}.");

    /// <summary>All names, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => NamesOf<T>.InOrder;

    private static class NamesOf<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByValue =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly FrozenDictionary<string, T> ByName = ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

        public static readonly IReadOnlyList<string> InOrder = [.. Enum.GetValues<T>().Select(value => ByValue[value])];
    }
}
