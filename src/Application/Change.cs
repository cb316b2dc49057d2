namespace MediaPlatform.Application;

/// <summary>A field of a change: left out, emptied, or set.</summary>
public readonly record struct Change<T>(bool IsGiven, T? Value);
