namespace MediaPlatform.Application.Access;

/// <summary>The MIME types that the platform takes in, of which a client may allow some; the area of media knows them.</summary>
public interface IFileTypes
{
    /// <summary>In their canonical spelling; and <c>image/*</c> and its like, for all of a kind.</summary>
    IReadOnlyCollection<string> All { get; }
}
