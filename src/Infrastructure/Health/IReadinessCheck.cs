namespace MediaPlatform.Infrastructure.Health;

/// <summary>Something this process cannot do its work without, or not all of it. Readiness asks all that are registered.</summary>
public interface IReadinessCheck
{
    /// <summary>As <c>/health/ready</c> names it, in snake_case.</summary>
    string Name { get; }

    /// <summary>True when the process should get no traffic while this is down.</summary>
    bool Required => true;

    /// <summary>Null when it is up, else one sentence that says what is down, fit for strangers. It is cancelled after 2 s; throwing means down.</summary>
    Task<string?> Check(CancellationToken cancellationToken);
}
