namespace MediaPlatform.Application.Schema;

/// <summary>Brings the values of promoted fields together, and takes away those of fields that are promoted no longer, of all clients.</summary>
public interface IFieldPromotions
{
    /// <summary>One step.</summary>
    /// <param name="atMost">Records that it looks at.</param>
    /// <returns>Whether there may be more to do now.</returns>
    Task<bool> Advance(int atMost, CancellationToken cancellationToken);
}
