using System.Text.RegularExpressions;

namespace MediaPlatform.Domain.Media;

/// <summary>The role of an asset at an owner.</summary>
public enum AttachmentRole
{
    /// <summary>The one picture that stands for the owner.</summary>
    Cover,
    /// <summary>Within its text.</summary>
    Inline,
    /// <summary>One of an ordered many.</summary>
    Gallery,
    /// <summary>Kept beside it.</summary>
    Reference,
}

/// <summary>What media can be attached to, outside the platform: a writing tool's scenes, characters, locations, themes.</summary>
public static partial class Owners
{
    /// <summary>Types whose owners the platform's own tables keep.</summary>
    public static readonly IReadOnlySet<string> Reserved = new HashSet<string>(StringComparer.Ordinal)
    {
        "person", "network", "label", "project", "session", "media_item", "channel", "set", "show", "episode", "clip", "outfit", "wardrobe_item",
        "ui_element", "background", "guest", "component", "product", "collection", "generated_asset", "inspiration_image", "media_asset", "upload", "client", "user",
    };

    /// <summary>Lower case letters, digits and <c>_</c>, a letter first, at most 63.</summary>
    public static bool IsType(string type) => TypePattern().IsMatch(type);

    /// <summary>A type that a caller may keep owners of.</summary>
    public static Result<string> External(string type) => Reserved.Contains(type) ? new OwnerTypeReserved(type) : type;

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypePattern();
}
