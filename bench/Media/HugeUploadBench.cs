using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace MediaPlatform.Bench.Media;

/// <summary>
/// What a file of 4 GiB costs the API in memory, by the form and by links; that one which breaks off at nine tenths leaves nothing, or
/// goes on after the API was killed; and how long it takes against copying and hashing it with cp and sha256sum.
/// </summary>
public static class HugeUploadBench
{
    private const long Size = 4L << 30;
    private const int AtOnce = 4;
    private const double MaxGrowth = 64;

    public static async Task<Measurement[]> Run(CancellationToken cancellationToken)
    {
        await using var platform = await BenchPlatform.Start("uploads");
        var api = await platform.StartApi();
        await platform.StartWorker();
        using var http = new HttpClient { BaseAddress = api.Address, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("X-Api-Key", platform.Key.Text);

        var byHand = await CopyByHand(platform, cancellationToken);
        await Form(http, new HugeFile(256 << 20, seed: 1), cancellationToken); // what is allocated once
        await Links(platform, api, http, new HugeFile(256 << 20, seed: 2), kill: false, cancellationToken);

        await using var memory = new MemoryWatch(api);
        var watch = Stopwatch.StartNew();
        await Verify(platform, await Form(http, new HugeFile(Size, seed: 3), cancellationToken), new HugeFile(Size, seed: 3));
        var form = watch.Elapsed.TotalSeconds;
        var ofForm = memory.TakeGrowth();

        var before = Objects(platform);
        await BreakOff(http, new HugeFile(Size, seed: 4), cancellationToken);
        var left = await Settled(() => Objects(platform) - before);

        memory.TakeGrowth();
        watch.Restart();
        await Verify(platform, await Links(platform, api, http, new HugeFile(Size, seed: 5), kill: false, cancellationToken), new HugeFile(Size, seed: 5));
        var links = watch.Elapsed.TotalSeconds;
        var ofLinks = memory.TakeGrowth();

        var resumed = await Links(platform, api, http, new HugeFile(Size, seed: 6), kill: true, cancellationToken);
        await Verify(platform, resumed, new HugeFile(Size, seed: 6));
        return
        [
            new("4 GiB by the form, API grows by MiB", ofForm, Bar.Below(MaxGrowth), $"{Rate(form)}; its hash is right"),
            new("4 GiB by links in parts, API grows by MiB", ofLinks, Bar.Below(MaxGrowth), $"{Rate(links)}, the worker's reading of it included; {AtOnce} parts at once; its hash is right"),
            new("4 GiB by the form ÷ cp and sha256sum", byHand / form, Bar: null, $"{Rate(byHand)} by hand, on the same disk"),
            new("broken off at 90 % of the form, objects left", left, Bar.Below(1), "files of the media storage, after what was begun was swept"),
            new("API killed at 90 % of the parts, hash wrong", 0, Bar.Below(1), "the parts that had arrived stayed, the others were sent to fresh links"),
        ];
    }

    private static string Rate(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{Size / seconds / (1 << 20):0} MiB/s");

    private static async Task<double> CopyByHand(BenchPlatform platform, CancellationToken cancellationToken)
    {
        var path = platform.PathOf("by-hand");
        await using (var file = File.Create(path)) await new HugeFile(Size, seed: 0).Open().CopyToAsync(file, 1 << 20, cancellationToken);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start("/bin/sh", ["-c", "cp \"$1\" \"$1.copy\" && sync \"$1.copy\" && sha256sum \"$1.copy\" >/dev/null", "sh", path]);
        await process.WaitForExitAsync(cancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;
        File.Delete(path);
        File.Delete(path + ".copy");
        return process.ExitCode == 0 ? seconds : throw new InvalidOperationException("cp and sha256sum failed.");
    }

    private static async Task<Guid> Form(HttpClient http, HugeFile file, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { new StreamContent(file.Open(), 1 << 17), "file", "huge.pdf" } };
        using var response = await http.PostAsync(new Uri("/api/v1/media/upload", UriKind.Relative), form, cancellationToken);
        return (await Read(response, cancellationToken))["id"]!.GetValue<Guid>();
    }

    /// <summary>The client goes away at nine tenths.</summary>
    private static async Task BreakOff(HttpClient http, HugeFile file, CancellationToken cancellationToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var form = new MultipartFormDataContent { { new StreamContent(file.Open(at: file.Length / 10 * 9, gone.Cancel), 1 << 17), "file", "huge.pdf" } };
        try
        {
            using var response = await http.PostAsync(new Uri("/api/v1/media/upload", UriKind.Relative), form, gone.Token);
            throw new InvalidOperationException("An upload that broke off was answered.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    /// <param name="kill">Kills the API when nine tenths of the parts are there, and goes on with another.</param>
    private static async Task<Guid> Links(BenchPlatform platform, ProductProcess api, HttpClient http, HugeFile file, bool kill, CancellationToken cancellationToken)
    {
        using var begun = await http.PostAsJsonAsync(new Uri("/api/v1/uploads", UriKind.Relative), new { file_name = "huge.pdf", size_bytes = file.Length }, cancellationToken);
        var upload = await Read(begun, cancellationToken);
        var id = upload["upload"]!["id"]!.GetValue<Guid>();
        var parts = upload["parts"]!.AsArray();
        if (kill)
        {
            await Send(http, file, [.. parts.Take(parts.Count * 9 / 10)], cancellationToken);
            await api.Kill();
            api.Start();
            await api.BecomesReady();
            using var asked = await http.GetAsync(new Uri($"/api/v1/uploads/{id}/parts", UriKind.Relative), cancellationToken);
            parts = (await Read(asked, cancellationToken)).AsArray();
            if (parts.Count(part => part!["received"]!.GetValue<bool>()) != parts.Count * 9 / 10) throw new InvalidOperationException("Parts that had arrived are gone.");
        }

        await Send(http, file, [.. parts], cancellationToken);
        using var completed = await http.PostAsync(new Uri($"/api/v1/uploads/{id}/complete", UriKind.Relative), content: null, cancellationToken);
        await Read(completed, cancellationToken);
        while (await platform.Sql<string>($"select status from uploads where id = '{id}'") is var status && status != "completed")
        {
            if (status is "rejected" or "expired") throw new InvalidOperationException($"The upload is {status}.");
            await Task.Delay(50, cancellationToken);
        }

        return await platform.Sql<Guid>($"select asset_id from uploads where id = '{id}'");
    }

    private static async Task Send(HttpClient http, HugeFile file, JsonNode?[] parts, CancellationToken cancellationToken)
    {
        var partBytes = parts[0]!["size_bytes"]!.GetValue<long>();
        var missing = parts.Where(part => !part!["received"]!.GetValue<bool>());
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (part, ct) =>
        {
            var (number, length) = (part!["number"]!.GetValue<int>(), part["size_bytes"]!.GetValue<long>());
            using var content = new StreamContent(file.Open((number - 1) * partBytes, length), 1 << 17);
            content.Headers.ContentLength = length;
            using var response = await http.PutAsync(new Uri(part["target"]!["url"]!.GetValue<string>(), UriKind.RelativeOrAbsolute), content, ct);
            response.EnsureSuccessStatusCode();
        });
    }

    private static async Task Verify(BenchPlatform platform, Guid asset, HugeFile file)
    {
        var kept = await platform.Sql<string>($"select encode(sha256, 'hex') from media_assets where id = '{asset}' and size_bytes = {file.Length}");
        if (kept != await file.Sha256()) throw new InvalidOperationException("The hash is wrong.");
        await platform.Sql($"update media_assets set deleted_at = now() - interval '60 days' where id = '{asset}'"); // the room is needed again
    }

    private static int Objects(BenchPlatform platform) => Directory.EnumerateFiles(platform.StorageRoot, "*", SearchOption.AllDirectories).Count();

    private static async Task<int> Settled(Func<int> count)
    {
        for (var watch = Stopwatch.StartNew(); count() > 0 && watch.Elapsed < TimeSpan.FromSeconds(30);) await Task.Delay(200);
        return Math.Max(0, count());
    }

    private static async Task<JsonNode> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!["data"]! : throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
    }

    /// <summary>The most that a process holds in memory beyond what it held, looked at every 20 ms.</summary>
    private sealed class MemoryWatch : IAsyncDisposable
    {
        private readonly ProductProcess process;
        private readonly CancellationTokenSource over = new();
        private readonly Task watching;
        private long most;
        private long before;

        public MemoryWatch(ProductProcess process)
        {
            this.process = process;
            before = Held();
            watching = Watch();
        }

        /// <summary>MiB since the last call.</summary>
        public double TakeGrowth()
        {
            var growth = Math.Max(0, Interlocked.Read(ref most) - before);
            before = Held();
            Interlocked.Exchange(ref most, before);
            return growth / (double)(1 << 20);
        }

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await watching;
            over.Dispose();
        }

        private async Task Watch()
        {
            while (!over.IsCancellationRequested)
            {
                var held = Held();
                if (held > Interlocked.Read(ref most)) Interlocked.Exchange(ref most, held);
                await Task.Delay(20);
            }
        }

        /// <summary>Resident set, in bytes; see proc_pid_statm(5). 0 while it does not run.</summary>
        private long Held()
        {
            try
            {
                return process.Id is { } id ? long.Parse(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;
            }
            catch (IOException)
            {
                return 0; // it has just ended
            }
        }
    }
}

/// <summary>A file that lies nowhere: a PDF by its first bytes, and noise behind them.</summary>
internal sealed class HugeFile(long length, int seed)
{
    private const int BlockBytes = 1 << 20;
    private readonly byte[] block = Noise(seed);

    public long Length => length;

    /// <param name="at">Where <paramref name="reached"/> is called.</param>
    public Stream Open(long at = long.MaxValue, Action? reached = null) => new View(this, 0, length, at, reached);

    /// <summary>A part of it.</summary>
    public Stream Open(long offset, long partLength) => new View(this, offset, partLength, long.MaxValue, null);

    public async Task<string> Sha256() => Convert.ToHexStringLower(await SHA256.HashDataAsync(Open()));

    private int Read(long position, Span<byte> buffer)
    {
        var within = (int)(position % BlockBytes);
        var count = (int)Math.Min(Math.Min(buffer.Length, BlockBytes - within), length - position);
        block.AsSpan(within, count).CopyTo(buffer);
        if (within == 0 && count >= 8 && position > 0) BitConverter.TryWriteBytes(buffer, position); // no block is like another
        return count;
    }

    private static byte[] Noise(int seed)
    {
        var bytes = new byte[BlockBytes];
        new Random(seed).NextBytes(bytes);
        "%PDF-1.4\n"u8.CopyTo(bytes);
        return bytes;
    }

    private sealed class View(HugeFile file, long offset, long length, long at, Action? reached) : Stream
    {
        private long position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var read = file.Read(offset + position, buffer[..(int)Math.Min(buffer.Length, length - position)]);
            position += read;
            if (position >= at) reached?.Invoke();
            return read;
        }

        public override int Read(byte[] buffer, int bufferOffset, int count) => Read(buffer.AsSpan(bufferOffset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int bufferOffset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(bufferOffset, count), cancellationToken).AsTask();

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long seekOffset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int bufferOffset, int count) => throw new NotSupportedException();
    }
}
