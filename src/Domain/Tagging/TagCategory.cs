namespace MediaPlatform.Domain.Tagging;

/// <summary>What a tag is about, where somebody has said so.</summary>
public enum TagCategory { WardrobeType, Vibe, Mood, Show, Character, Sponsor }
