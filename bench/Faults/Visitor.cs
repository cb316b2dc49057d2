using System.Net;
using System.Text.Json;
using MediaPlatform.Application.Access;

namespace MediaPlatform.Bench.Faults;

/// <summary>
/// One user of a client: uploads, sends what was sent before, purges, has things processed again; asks again where no answer came, as
/// any real one would, and writes down what was sent and what was answered.
/// </summary>
internal sealed class Visitor : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Ledger ledger;
    private readonly Specimens specimens;
    private readonly Guid client;
    private readonly Random random;
    private readonly HttpClient http;

    public Visitor(Uri api, Guid client, ApiKeySecret key, Specimens specimens, Ledger ledger, Random random)
    {
        (this.client, this.specimens, this.ledger, this.random) = (client, specimens, ledger, random);
        // a connection for each request: on one that was used before, HttpClient would send some requests again by itself, unseen
        http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = api, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Add("X-Api-Key", key.Text);
    }

    /// <summary>Begins one thing after the other until told to stop; what was begun is finished.</summary>
    public async Task Visit(TimeSpan pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ActOnce();
            await Task.Delay(pause * (0.5 + random.NextDouble()), CancellationToken.None);
        }
    }

    public void Dispose() => http.Dispose();

    private Task ActOnce() => random.Next(100) switch
    {
        < 10 => UploadAtOnce(ledger.Of(client, NewSpecimen()), copies: 3),
        < 60 => Upload(ledger.Of(client, NewSpecimen()), isSlow: random.Next(4) == 0),
        < 68 => Any(deposit => deposit.Client != client) is { } theirs ? Upload(ledger.Of(client, theirs.Specimen)) : Task.CompletedTask,
        < 78 => Any(deposit => deposit.Client == client) is { } ours ? Upload(ours) : Task.CompletedTask,
        < 84 => UploadAndPurge(ledger.Of(client, NewSpecimen())),
        < 90 => Any(deposit => deposit.Client == client && deposit.Living is not null) is { } old ? Purge(old) : Task.CompletedTask,
        _ => Any(deposit => deposit.Client == client && deposit.Living is not null) is { } ready ? Reprocess(ready) : Task.CompletedTask,
    };

    private Specimen NewSpecimen() => random.Next(12) switch
    {
        0 => specimens.Film(ledger.NextNumber()),
        1 => specimens.Sound(ledger.NextNumber()),
        _ => specimens.Photo(ledger.NextNumber()),
    };

    private Deposit? Any(Func<Deposit, bool> suits) => ledger.Deposits.Where(suits).ToArray() is { Length: > 0 } some ? some[random.Next(some.Length)] : null;

    private Task UploadAtOnce(Deposit deposit, int copies) => Task.WhenAll(Enumerable.Range(0, copies).Select(_ => Upload(deposit)));

    /// <summary>Purges it while it is on its way through the worker, as often as not.</summary>
    private async Task UploadAndPurge(Deposit deposit)
    {
        await Upload(deposit);
        await Task.Delay(random.Next(600));
        await Purge(deposit);
    }

    /// <param name="isSlow">Sends it in pieces, for a second or two.</param>
    private async Task Upload(Deposit deposit, bool isSlow = false)
    {
        var bytes = deposit.Specimen.Bytes();
        while (true)
        {
            var answer = await Ask(() =>
            {
                deposit.UploadSent();
                var file = new StreamContent(isSlow ? new SlowStream(bytes) : new MemoryStream(bytes));
                file.Headers.ContentLength = bytes.Length;
                return new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/media/upload", UriKind.Relative))
                {
                    Content = new MultipartFormDataContent { { file, "file", deposit.Specimen.FileName } },
                };
            });
            if (answer.Status is HttpStatusCode.Created or HttpStatusCode.OK)
            {
                deposit.Uploaded(answer.Asset, answer.Status is HttpStatusCode.Created);
                return;
            }

            // found, and purged by another before the answer was made
            if (answer.Status is not HttpStatusCode.NotFound || deposit.PurgesSent.Count == 0) await Wrong("upload", answer);
        }
    }

    private async Task Purge(Deposit deposit)
    {
        if (deposit.Living is not { } asset || !deposit.PurgeSent(asset)) return;
        for (var sent = 0; ;)
        {
            var answer = await Ask(() =>
            {
                sent++;
                return new HttpRequestMessage(HttpMethod.Delete, new Uri($"/api/v1/media/{asset}?purge=true", UriKind.Relative));
            });
            if (answer.Status is HttpStatusCode.OK || (answer.Status is HttpStatusCode.NotFound && sent > 1))
            {
                deposit.PurgeAnswered(asset);
                return;
            }

            await Wrong("purge", answer);
        }
    }

    private async Task Reprocess(Deposit deposit)
    {
        if (deposit.Living is not { } asset) return;
        while (true)
        {
            var answer = await Ask(() =>
            {
                deposit.ReprocessSent(asset);
                return new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/media/{asset}/reprocess", UriKind.Relative));
            });
            if (answer.Status is HttpStatusCode.Accepted || (answer.Status is HttpStatusCode.NotFound && deposit.PurgesSent.Contains(asset))) return;
            await Wrong("reprocess", answer);
        }
    }

    /// <summary>Keeps an answer that should not be, and waits before it is tried again.</summary>
    private Task Wrong(string what, Answer answer)
    {
        ledger.WrongAnswer($"{what} of client {client} answered {(int)answer.Status}: {answer.Body}");
        return Task.Delay(1000);
    }

    private async Task<Answer> Ask(Func<HttpRequestMessage> make)
    {
        var since = Environment.TickCount64;
        while (true)
        {
            try
            {
                using var request = make();
                using var response = await http.SendAsync(request);
                return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync());
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
            {
                if (Environment.TickCount64 - since > Patience.TotalMilliseconds) throw new InvalidOperationException($"No answer within {Patience}.", exception);
                ledger.NoAnswer();
                await Task.Delay(200 + Random.Shared.Next(600));
            }
        }
    }

    private sealed record Answer(HttpStatusCode Status, string Body)
    {
        public Guid Asset => JsonDocument.Parse(Body).RootElement.GetProperty("data").GetProperty("id").GetGuid();
    }

    /// <summary>Gives sixteen pieces with pauses between.</summary>
    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            foreach (var piece in ToArray().Chunk(((int)Length + 15) / 16))
            {
                await destination.WriteAsync(piece, cancellationToken);
                await destination.FlushAsync(cancellationToken);
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
