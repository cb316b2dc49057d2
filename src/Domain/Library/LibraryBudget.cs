namespace MediaPlatform.Domain.Library;

/// <summary>How much of its disk budget a client's stock media take, in bytes.</summary>
/// <param name="Quota">What they may take.</param>
/// <param name="Used">What lies there: originals and what was made of them.</param>
/// <param name="Reserved">What is kept for bytes that are on their way.</param>
/// <param name="Wanted">The most that was refused, since the last eviction, for want of room.</param>
public sealed record LibraryBudget(long Quota, long Used, long Reserved, long Wanted = 0)
{
    /// <summary>By how much a reservation grows where it is not known how much will come: 64 MiB.</summary>
    public const long Step = 64L << 20;

    /// <summary>What is kept beside an original for what will be made of it, until that is made: 4 MiB.</summary>
    public const long ForVariants = 4L << 20;

    /// <summary>What is free.</summary>
    public long Room => Math.Max(0, Quota - Used - Reserved);

    /// <summary>Whether so much more may come.</summary>
    public bool Takes(long bytes) => bytes <= Quota - Used - Reserved;

    /// <summary>How much is to be evicted, so that no more than a share of the quota is taken, and that there is room for what was refused; what is larger than the quota never has any.</summary>
    /// <param name="share">0 to 1.</param>
    public long Excess(double share) => Math.Max(0, Math.Max(Used + Reserved - (long)(Quota * share), Wanted <= Quota ? Used + Reserved + Wanted - Quota : 0));

    /// <summary>What is reserved for bytes of which so many have come.</summary>
    /// <param name="announced">How many will; null where nobody says.</param>
    public static long ToReserve(long? announced, long come) => ForVariants + (announced ?? ((come / Step) + 1) * Step);
}
