using System.Security.Cryptography;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Library;

namespace MediaPlatform.Application.Library;

/// <summary>
/// LIBRARY_REBASE: finds each of the client's objects in the other store, and only when all are there changes all their rows, in the transaction that ends the job. What comes into being meanwhile stays
/// where it is put; nothing is copied and nothing deleted.
/// </summary>
internal sealed class RebaseStored(ITransactions transactions, IVerifications verifications, IRebases rebases, IStoredObjects rows, IMediaStores stores) : IJobHandler
{
    public const string SubjectType = "library_rebase";
    private const int AtATime = 500;
    private const int Shown = 20;

    public string JobType => Domain.Jobs.JobType.LibraryRebase.Name;

    public async Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        var id = run.Job.SubjectId!.Value;
        if (await verifications.IsBehindAnother(run.Job.Id, cancellationToken)) return new JobResult.Failed(JobError.Of(new LibraryBusy()), Retryable: true);
        if (await transactions.Run(ct => rebases.Begin(id, ct), cancellationToken) is not { } asked) return JobResult.Nothing;

        var to = stores.Of(asked.ToProvider);
        if (await to.Check(cancellationToken) is { } sentence) throw new StorageException(sentence);

        var missing = new Missing();
        await run.Stage("find", () => Find(run, id, asked, to, missing, cancellationToken));
        if (missing.Count > 0) return new JobResult.Failed(JobError.Of(new RebaseIncomplete(asked.ToProvider, missing.Count, missing.First)), Retryable: false);
        return new JobResult.Succeeded(ct => rebases.Commit(id, asked, ct));
    }

    private async Task<Done> Find(JobRun run, Guid id, RebaseRequest asked, IMediaStore to, Missing missing, CancellationToken cancellationToken)
    {
        var (total, seen, found) = ((await rows.Count([asked.FromProvider], cancellationToken)).Total, 0L, new List<KnownObject>());
        await foreach (var (row, there) in new ObjectWalk(rows).Of(to, run.Job.ClientId, asked.FromProvider, cancellationToken))
        {
            if (row is null) continue;
            run.Progress = (int)Math.Min(99, 100 * ++seen / Math.Max(1, total));
            if (await IsThere(to, row, there, asked.Checksums, cancellationToken)) found.Add(row);
            else missing.Add(row.StorageKey);
            if (found.Count == AtATime) await Keep();
        }

        await Keep();
        return Done.Instance;

        async Task Keep()
        {
            if (found.Count == 0) return;
            var kept = (await transactions.Run(ct => rebases.Keep(id, asked.ToProvider, found, ct), cancellationToken)).ToHashSet(StringComparer.Ordinal);
            foreach (var row in found.Where(row => !kept.Contains(row.StorageKey))) missing.Add(row.StorageKey);
            found.Clear();
        }
    }

    private static async Task<bool> IsThere(IMediaStore to, KnownObject row, StoredObject? listed, bool checksums, CancellationToken cancellationToken)
    {
        if (listed?.SizeBytes != row.SizeBytes && await to.Head(row.StorageKey, cancellationToken) != row.SizeBytes) return false;
        if (!checksums || row.Sha256 is null) return true;

        await using var bytes = await to.Open(row.StorageKey, cancellationToken);
        return bytes is not null && (await SHA256.HashDataAsync(bytes, cancellationToken)).AsSpan().SequenceEqual(row.Sha256);
    }

    private sealed class Missing
    {
        private readonly List<string> first = [];

        public long Count { get; private set; }

        public IReadOnlyList<string> First => first;

        public void Add(string key)
        {
            Count++;
            if (first.Count < Shown) first.Add(key);
        }
    }
}
