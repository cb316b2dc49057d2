namespace MediaPlatform.Application.Audit;

/// <summary>The age of the change log of all clients.</summary>
public interface IChangeRetention
{
    /// <summary>Forgets the months that are past <see cref="AuditOptions.RetentionDays"/>, all but what is critical; gives how many.</summary>
    Task<int> Forget(CancellationToken cancellationToken);
}
