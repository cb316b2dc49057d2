using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace MediaPlatform.Api.Access;

/// <summary>How much one caller may ask of one process. Section <c>RateLimits</c>.</summary>
public sealed record RateLimitOptions : IValidatableObject
{
    /// <summary>Requests a second of one key or one user; 0 for any number.</summary>
    [Range(0, 1_000_000, ErrorMessage = "RateLimits:PermitsPerSecond must be 0 (no limit) to 1000000.")]
    public int PermitsPerSecond { get; init; } = 1000;

    /// <summary>Requests that may come at once after a while of fewer.</summary>
    [Range(1, 10_000_000, ErrorMessage = "RateLimits:Burst must be 1 to 10000000.")]
    public int Burst { get; init; } = 2000;

    /// <summary>Credentials that do not work, a second and an address; 0 for any number.</summary>
    [Range(0, 1_000_000, ErrorMessage = "RateLimits:FailuresPerSecond must be 0 (no limit) to 1000000.")]
    public int FailuresPerSecond { get; init; } = 5;

    /// <summary>Credentials that do not work at once.</summary>
    [Range(1, 10_000_000, ErrorMessage = "RateLimits:FailureBurst must be 1 to 10000000.")]
    public int FailureBurst { get; init; } = 100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Burst < PermitsPerSecond) yield return new("RateLimits:Burst must be at least RateLimits:PermitsPerSecond.");
        if (FailureBurst < FailuresPerSecond) yield return new("RateLimits:FailureBurst must be at least RateLimits:FailuresPerSecond.");
    }
}

/// <summary>
/// Token buckets in this process: one for each key and user that calls, gone when it has been full for a while, and a fixed number of them
/// for the addresses that guesses come from. Those never keep anybody out who shows what works, since others may sit behind the same proxy.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private const int AddressSlots = 1 << 14;

    private readonly PartitionedRateLimiter<Guid>? callers;
    private readonly PartitionedRateLimiter<int>? failures;
    private readonly RateLimitOptions options;
    private readonly string limit;
    private readonly string policy;

    public RateLimits(RateLimitOptions options)
    {
        this.options = options;
        limit = options.Burst.ToString();
        policy = $"{options.PermitsPerSecond};w=1;burst={options.Burst}";
        callers = Buckets<Guid>(options.PermitsPerSecond, options.Burst);
        failures = Buckets<int>(options.FailuresPerSecond, options.FailureBurst);
    }

    /// <summary>Counts a request of a caller and writes how many more there may be. Null when it may go on, else the seconds to wait.</summary>
    public int? Take(Guid caller, IHeaderDictionary headers)
    {
        if (callers is null) return null;
        using var lease = callers.AttemptAcquire(caller);
        var remaining = lease.IsAcquired ? callers.GetStatistics(caller)?.CurrentAvailablePermits ?? 0 : 0;
        headers["RateLimit-Limit"] = limit;
        headers["RateLimit-Remaining"] = remaining.ToString();
        headers["RateLimit-Reset"] = ((options.Burst - remaining + options.PermitsPerSecond - 1) / options.PermitsPerSecond).ToString();
        headers["RateLimit-Policy"] = policy;
        return lease.IsAcquired ? null : Wait(lease);
    }

    /// <summary>Counts a credential that does not work. Null when the address may go on trying, else the seconds to wait.</summary>
    public int? TakeFailure(IPAddress? address)
    {
        if (failures is null) return null;
        using var lease = failures.AttemptAcquire(SlotOf(address));
        return lease.IsAcquired ? null : Wait(lease);
    }

    public void Dispose()
    {
        callers?.Dispose();
        failures?.Dispose();
    }

    private static PartitionedRateLimiter<T>? Buckets<T>(int perSecond, int burst)
        where T : notnull
    {
        if (perSecond == 0) return null;
        var bucket = new TokenBucketRateLimiterOptions { TokenLimit = burst, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 };
        return PartitionedRateLimiter.Create<T, T>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => bucket));
    }

    private static int Wait(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;

    /// <summary>One of few buckets. Of IPv6 the network counts: whoever has one has all of its addresses.</summary>
    private static int SlotOf(IPAddress? address)
    {
        if (address is null) return 0;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var hash = default(HashCode);
        hash.AddBytes(address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? bytes[..8] : bytes[..length]);
        return (hash.ToHashCode() & int.MaxValue) % AddressSlots;
    }
}
