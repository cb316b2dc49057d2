using System.Collections.Frozen;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>The kinds of entities that a permission can be about: as the paths of the API begin. The host that maps the paths says which.</summary>
public sealed class EntityNames
{
    private Lazy<IReadOnlyList<string>> all = new(() => []);

    /// <summary>In their order.</summary>
    public IReadOnlyList<string> All => all.Value;

    /// <summary>They are asked for when somebody first wants to know, and once.</summary>
    public void Are(Func<IReadOnlyList<string>> names) => all = new(names);

    /// <summary>The changed permissions: null takes one away.</summary>
    public Result<FrozenDictionary<string, EntityRight>> Change(FrozenDictionary<string, EntityRight> before, IReadOnlyDictionary<string, EntityRight?> changes)
    {
        Error[] unknown = [.. changes.Keys.Where(name => !All.Contains(name)).Select(name => new UnknownEntity(name, NearestName.Hint(name, All)))];
        if (unknown.Length > 0) return unknown;

        var after = new Dictionary<string, EntityRight>(before, StringComparer.Ordinal);
        foreach (var (name, right) in changes)
        {
            if (right is { } given) after[name] = given;
            else after.Remove(name);
        }

        return after.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
