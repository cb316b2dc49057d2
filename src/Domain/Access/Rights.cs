using System.Collections.Frozen;

namespace MediaPlatform.Domain.Access;

/// <summary>What a permission gives on one kind of entity. There is no owner: what only an owner does is not given away by the piece.</summary>
public enum EntityRight
{
    /// <summary>Nothing at all.</summary>
    None,
    /// <summary>As a viewer.</summary>
    Viewer,
    /// <summary>As an editor.</summary>
    Editor,
    /// <summary>As an admin.</summary>
    Admin,
}

/// <summary>A role, and the entities on which it is another: <c>media</c>, <c>jobs</c> and so on, as paths begin.</summary>
/// <param name="Role">Wherever no permission says otherwise.</param>
/// <param name="Permissions">Each narrows or widens the role on one kind of entity.</param>
public sealed record Rights(Role Role, FrozenDictionary<string, EntityRight> Permissions)
{
    private static readonly Rights[] Plain = [.. Enum.GetValues<Role>().Select(role => new Rights(role, FrozenDictionary<string, EntityRight>.Empty))];

    /// <summary>A role without exceptions.</summary>
    public static implicit operator Rights(Role role) => Plain[(int)role];

    /// <summary>The role on one kind of entity; null where there is none.</summary>
    public Role? In(string entity) => Permissions.TryGetValue(entity, out var right) ? RoleOf(right) : Role;

    /// <summary>The same, but nowhere above a role.</summary>
    public Rights AtMost(Role limit)
    {
        if (Role <= limit && Permissions.Count == 0) return this;
        var least = (Role)Math.Min((int)Role, (int)limit);
        return new(least, Permissions.ToFrozenDictionary(permission => permission.Key, permission => RoleOf(permission.Value) > limit ? RightOf(limit) : permission.Value));
    }

    /// <summary>Null when whoever has these may give <paramref name="others"/>: they reach no further on any kind of entity. Else where they do.</summary>
    public RoleAboveOwn? Short(Rights others)
    {
        if (others.Role > Role) return new RoleAboveOwn(others.Role, Role);
        foreach (var entity in Permissions.Keys.Concat(others.Permissions.Keys))
        {
            var (wanted, own) = (others.In(entity), In(entity));
            if (wanted is { } role && (own is null || role > own)) return new RoleAboveOwn(role, own, entity);
        }

        return null;
    }

    private static Role? RoleOf(EntityRight right) => right is EntityRight.None ? null : (Role)((int)right - 1);

    private static EntityRight RightOf(Role role) => role >= Role.Admin ? EntityRight.Admin : (EntityRight)((int)role + 1);
}
