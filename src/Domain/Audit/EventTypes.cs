namespace MediaPlatform.Domain.Audit;

/// <summary>What the feed tells of: <c>media_asset.insert</c> is an entity and an operation, <c>media_asset.*</c> all of them.</summary>
public static class EventTypes
{
    public const int MaxCount = 50;

    /// <summary>insert, update and delete.</summary>
    public static readonly IReadOnlyList<string> Operations = ["insert", "update", "delete"];

    /// <summary>Entities that only admins hear of: who may do what.</summary>
    public static readonly IReadOnlyList<string> ForAdmins = ["api_key", "client", "export", "member", "purge_receipt"];

    /// <summary>The types that are meant, spelled out, or the one that is none.</summary>
    public static (string[] Types, string? Unknown) Expand(IEnumerable<string> asked, IReadOnlyCollection<string> entities)
    {
        var types = new List<string>();
        foreach (var type in asked)
        {
            var dot = type.IndexOf('.', StringComparison.Ordinal);
            var (entity, operation) = dot < 0 ? (type, "") : (type[..dot], type[(dot + 1)..]);
            if (!entities.Contains(entity) || (operation != "*" && !Operations.Contains(operation))) return ([], type);
            types.AddRange(operation == "*" ? Operations.Select(each => $"{entity}.{each}") : [type]);
        }

        return ([.. types], null);
    }
}
