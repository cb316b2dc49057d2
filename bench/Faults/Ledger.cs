using System.Collections.Concurrent;

namespace MediaPlatform.Bench.Faults;

/// <summary>What the clients asked for and were answered: the truth that the platform is held against.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(Guid Client, int Number), Deposit> deposits = new();
    private readonly ConcurrentQueue<string> wrongAnswers = new();
    private int retries;
    private int numbers;

    public ICollection<Deposit> Deposits => deposits.Values;

    /// <summary>Answers that nobody should get while the database is up.</summary>
    public IReadOnlyCollection<string> WrongAnswers => wrongAnswers;

    /// <summary>Requests that were sent again because no answer came.</summary>
    public int Retries => retries;

    public int NextNumber() => Interlocked.Increment(ref numbers);

    public Deposit Of(Guid client, Specimen specimen) => deposits.GetOrAdd((client, specimen.Number), _ => new Deposit(client, specimen));

    public void NoAnswer() => Interlocked.Increment(ref retries);

    public void WrongAnswer(string what) => wrongAnswers.Enqueue(what);
}

/// <summary>One file of one client: all that happened to it, under a lock of its own.</summary>
internal sealed class Deposit(Guid client, Specimen specimen)
{
    private readonly Lock gate = new();
    private readonly List<(Guid Asset, bool Created)> uploads = [];
    private readonly HashSet<Guid> purgesSent = [];
    private readonly HashSet<Guid> purged = [];
    private readonly Dictionary<Guid, int> reprocessesSent = [];
    private int uploadsSent;

    public Guid Client => client;

    public Specimen Specimen => specimen;

    public int UploadsSent
    {
        get { lock (gate) return uploadsSent; }
    }

    /// <summary>Each 2xx, with the asset it named and whether it said that it is new.</summary>
    public IReadOnlyList<(Guid Asset, bool Created)> Uploads
    {
        get { lock (gate) return [.. uploads]; }
    }

    /// <summary>Assets that may be gone, since their purge was sent.</summary>
    public IReadOnlySet<Guid> PurgesSent
    {
        get { lock (gate) return purgesSent.ToHashSet(); }
    }

    /// <summary>Assets that must be gone.</summary>
    public IReadOnlySet<Guid> Purged
    {
        get { lock (gate) return purged.ToHashSet(); }
    }

    /// <summary>An asset that nobody has sent a purge for, if there is one.</summary>
    public Guid? Living
    {
        get { lock (gate) return uploads.Select(upload => (Guid?)upload.Asset).LastOrDefault(asset => !purgesSent.Contains(asset!.Value)); }
    }

    public int ReprocessesSent(Guid asset)
    {
        lock (gate) return reprocessesSent.GetValueOrDefault(asset);
    }

    public void UploadSent()
    {
        lock (gate) uploadsSent++;
    }

    public void Uploaded(Guid asset, bool created)
    {
        lock (gate) uploads.Add((asset, created));
    }

    /// <returns>False when one was sent before.</returns>
    public bool PurgeSent(Guid asset)
    {
        lock (gate) return purgesSent.Add(asset);
    }

    public void PurgeAnswered(Guid asset)
    {
        lock (gate) purged.Add(asset);
    }

    public void ReprocessSent(Guid asset)
    {
        lock (gate) reprocessesSent[asset] = reprocessesSent.GetValueOrDefault(asset) + 1;
    }
}
