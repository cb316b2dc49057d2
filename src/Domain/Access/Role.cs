namespace MediaPlatform.Domain.Access;

/// <summary>What a member or a key may do in its client. Each role may do all that the ones before it may.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,
    /// <summary>Writes and trashes, and purges its own upload within an hour.</summary>
    Editor,
    /// <summary>Restores, purges, sees the trash, manages keys and members.</summary>
    Admin,
    /// <summary>Changes and deletes the client itself.</summary>
    Owner,
}
