using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Telemetry;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>A store, and how long what is asked of it takes and how it ends. What is only computed, and lists, whose time is that of their reader, pass through.</summary>
internal sealed class MeasuredStore(IMediaStore store) : IMediaStore
{
    private static readonly Histogram<double> Duration = PlatformTelemetry.Meter.CreateHistogram(
        "mediaplatform.storage.operation.duration", "s", "How long what was asked of a store took: of an object opened until its first bytes can be read, of one put with the time of its sender.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = PlatformTelemetry.Durations });

    public string Provider => store.Provider;

    public Task Put(string key, Stream content, string mimeType, CancellationToken cancellationToken) => Measure("put", () => store.Put(key, content, mimeType, cancellationToken));

    public Task<Stream?> Open(string key, CancellationToken cancellationToken) => Measure("open", () => store.Open(key, cancellationToken), IsRegistered(key));

    public Task<string?> Pin(S3Uri address, CancellationToken cancellationToken) => Measure("pin", () => store.Pin(address, cancellationToken), isElsewhere: true);

    public Task<long?> Head(string key, CancellationToken cancellationToken) => Measure("head", () => store.Head(key, cancellationToken), IsRegistered(key));

    public IAsyncEnumerable<StoredObject> List(string prefix, CancellationToken cancellationToken) => store.List(prefix, cancellationToken);

    public Task Delete(string key, CancellationToken cancellationToken) => Measure("delete", () => store.Delete(key, cancellationToken));

    public Task<LocalFile?> OpenFile(string key, CancellationToken cancellationToken) => Measure("open_file", () => store.OpenFile(key, cancellationToken), IsRegistered(key));

    public UploadTarget SignPut(string key, long length, string mimeType, DateTimeOffset expires) => store.SignPut(key, length, mimeType, expires);

    public Task<string> BeginParts(string key, string mimeType, PartLayout layout, CancellationToken cancellationToken) =>
        Measure("begin_parts", () => store.BeginParts(key, mimeType, layout, cancellationToken));

    public UploadTarget SignPart(string key, string multipartId, int number, PartLayout layout, DateTimeOffset expires) => store.SignPart(key, multipartId, number, layout, expires);

    public Task<IReadOnlyList<StoredPart>?> ListParts(string key, string multipartId, CancellationToken cancellationToken) =>
        Measure("list_parts", () => store.ListParts(key, multipartId, cancellationToken));

    public Task CompleteParts(string key, string multipartId, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken) =>
        Measure("complete_parts", () => store.CompleteParts(key, multipartId, parts, cancellationToken));

    public Task RemoveLeftovers(TimeSpan olderThan, CancellationToken cancellationToken) => Measure("remove_leftovers", () => store.RemoveLeftovers(olderThan, cancellationToken));

    public Task<string?> Check(CancellationToken cancellationToken) => Measure("check", () => store.Check(cancellationToken));

    private Task<bool> Measure(string operation, Func<Task> work) => Measure(operation, async () =>
    {
        await work();
        return true;
    });

    private static bool IsRegistered(string key) => S3Uri.OfKey(key) is not null;

    /// <summary>
    /// <c>failed</c> is the store's doing; what a sender or a caller does, such as going away, is <c>stopped</c>. A registered object lies in
    /// whatever bucket somebody named, which may be closed to us while the store is well: that is <c>failed_elsewhere</c>, and wakes nobody.
    /// </summary>
    private async Task<T> Measure<T>(string operation, Func<Task<T>> work, bool isElsewhere = false)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = "stopped";
        try
        {
            var result = await work();
            outcome = "done";
            return result;
        }
        catch (StorageException)
        {
            outcome = isElsewhere ? "failed_elsewhere" : "failed";
            throw;
        }
        finally
        {
            Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("store", store.Provider), new("operation", operation), new("outcome", outcome));
        }
    }
}
