namespace MediaPlatform.Domain.Episodes;

/// <summary>What a component is.</summary>
public enum ComponentType { Audio, SupportingVideo, VoiceoverSync, Subtitle, Metadata, ReferenceImage, Other }
