using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Episodes;

/// <summary>How far an episode is. Any may follow any: the team says where it stands.</summary>
public enum EpisodeStatus { Draft, InProduction, ReadyForEdit, ReadyForPublish, Published, Archived, OnHold, Canceled }

/// <summary>What a date of an episode's production is for.</summary>
public enum ProductionDate { Filming, EditDeadline, Publish, Release }

/// <summary>The kinds of records of the area.</summary>
public static class EpisodeKinds
{
    public static readonly RecordKind Show = new("show", "SHOW", "Show");
    public static readonly RecordKind Episode = new("episode", "EPISODE", "Episode");
    public static readonly RecordKind TalentSource = new("talent_source", "TALENT_SOURCE", "Talent source");
    public static readonly RecordKind Clip = new("clip", "CLIP", "Clip");
    public static readonly RecordKind Guest = new("guest", "GUEST", "Guest");
    public static readonly RecordKind Component = new("component", "COMPONENT", "Component");
    public static readonly RecordKind WardrobeItem = new("wardrobe_item", "WARDROBE_ITEM", "Wardrobe item");
    public static readonly RecordKind UiElement = new("ui_element", "UI_ELEMENT", "UI element");
    public static readonly RecordKind Background = new("background", "BACKGROUND", "Background");
    public static readonly RecordKind Outfit = new("outfit", "OUTFIT", "Outfit");
    public static readonly RecordKind Script = new("script", "SCRIPT", "Script");
    public static readonly LinkKind EpisodeGuest = new(Episode, Guest, "EPISODE_GUEST", static (episode, guest) => $"Guest {guest} is not in episode {episode}.");
    public static readonly RecordKind ScriptVersion = new("script_version", "SCRIPT_VERSION", "Script version");
}
