using System.Buffers;
using System.Text;
using MediaPlatform.Application.Library;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>What came of asking.</summary>
/// <param name="Body">The answer's bytes; null when there is a fault.</param>
/// <param name="Calls">Requests that were made.</param>
internal readonly record struct DoorAnswer(byte[]? Body, int Calls, StockFault? Fault);

/// <summary>
/// Asks one provider over HTTP: within a deadline, again where that may help, and never while it takes no requests. No exception and no message has
/// anything of the address, in which the key may stand.
/// </summary>
internal sealed class StockDoor(StockConventions conventions, StockOptions options, StockHttp http, TimeProvider time)
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024; // eighty videos of Pexels have some 300 KiB
    private const int MaxRefusalBytes = 4096;

    private readonly RateGate gate = new(conventions, time);
    private readonly string address = conventions.Account.BaseUrl.TrimEnd('/');

    private string Title => conventions.Title;

    /// <summary>Whether a URL is one of this provider's API, so that it may be told the key.</summary>
    public bool Leads(Uri url) => Uri.Compare(url, new Uri(address), UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>An address below the base, as <c>/path?query</c>.</summary>
    public Task<DoorAnswer> Get(string pathAndQuery, CancellationToken cancellationToken) => Get(new Uri(address + pathAndQuery + conventions.SecretQuery), cancellationToken);

    /// <summary>A whole address, one of those that <see cref="Leads"/> allows.</summary>
    public async Task<DoorAnswer> Get(Uri url, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var calls = 0; ;)
        {
            if (gate.ClosedUntil is { } until)
            {
                var limited = new DoorAnswer(Body: null, calls, Limited(until));
                if (calls == 0 || !await Pause(until - time.GetUtcNow(), began, cancellationToken)) return limited;
                continue;
            }

            calls++;
            var attempt = await Try(url, Left(began), cancellationToken);
            if (attempt.Fault is null) return new(attempt.Body, calls, Fault: null);
            if (!attempt.MayPass || calls > options.MaxRetries) return new(Body: null, calls, attempt.Fault);
            if (attempt.Fault.Code == StockFault.RateLimited) continue; // the gate says for how long

            var wait = attempt.Fault.RetryAt is { } at ? at - time.GetUtcNow() : Backoff(calls);
            if (!await Pause(wait, began, cancellationToken)) return new(Body: null, calls, attempt.Fault);
        }
    }

    private TimeSpan Left(long began) => options.Patience - time.GetElapsedTime(began);

    /// <summary>False, and at once, when the patience would not last.</summary>
    private async Task<bool> Pause(TimeSpan wait, long began, CancellationToken cancellationToken)
    {
        if (wait >= Left(began)) return false;
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
        return true;
    }

    private TimeSpan Backoff(int calls) => options.FirstBackoff * (1L << (calls - 1)) * (0.5 + (Random.Shared.NextDouble() / 2));

    private async Task<Attempt> Try(Uri url, TimeSpan left, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, options.Timeout.Ticks)), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("User-Agent", "MediaPlatform");
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            foreach (var (name, value) in conventions.Headers) request.Headers.TryAddWithoutValidation(name, value);

            using var answer = await http.Send(request, limit.Token);
            return await Read(answer, limit.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(new(StockFault.TimedOut, $"{Title} does not answer in time.", RetryAt: null)); // who waited as long as that does not begin again
        }
        catch (HttpRequestException exception)
        {
            return Failed(exception.HttpRequestError);
        }
        catch (HttpIOException exception)
        {
            return Failed(exception.HttpRequestError);
        }
        catch (IOException)
        {
            return Failed(HttpRequestError.ResponseEnded);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException) // what is said to be compressed and is not
        {
            return Unreadable("is compressed in a way that cannot be read");
        }
    }

    private async Task<Attempt> Read(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        var isLimited = status == 429 || (status == 403 && await IsLimit(answer, cancellationToken));
        gate.Read(answer, isLimited);
        if (isLimited) return new(Limited(gate.ClosedUntil ?? time.GetUtcNow())) { MayPass = true };

        return status switch
        {
            200 => await Take(answer, cancellationToken),
            401 or 403 => new(new(StockFault.Refused, $"{Title} refuses the key (status {status}).", RetryAt: null)),
            408 or >= 500 => new(new(StockFault.Unavailable, $"{Title} does not work for the moment (status {status}).", RateGate.Wait(answer, time.GetUtcNow()))) { MayPass = true },
            >= 400 => new(new(StockFault.Refused, $"{Title} refuses the request (status {status}); mostly its key is not right.", RetryAt: null)), // so does Pixabay, by 400
            _ => Unreadable($"has status {status}"),
        };
    }

    /// <summary>Unsplash says by 403, as it does of keys, that there were too many requests: with nothing remaining, or in words.</summary>
    private static async Task<bool> IsLimit(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        RateGate.Remaining(answer) is 0
        || (await Bytes(answer, MaxRefusalBytes, cancellationToken) is { } body && Encoding.UTF8.GetString(body).Contains("rate limit exceeded", StringComparison.OrdinalIgnoreCase));

    private async Task<Attempt> Take(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        await Bytes(answer, MaxAnswerBytes, cancellationToken) is { } body ? new(Fault: null) { Body = body } : Unreadable($"has more than {MaxAnswerBytes >> 20} MiB");

    /// <summary>All bytes of an answer; null when there are more than so many.</summary>
    private static async Task<byte[]?> Bytes(HttpResponseMessage answer, int most, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentLength > most) return null;

        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await stream.ReadAsync(bytes.GetMemory(16 * 1024), cancellationToken);
            if (read == 0) return bytes.WrittenSpan.ToArray();
            bytes.Advance(read);
            if (bytes.WrittenCount > most) return null;
        }
    }

    private Attempt Failed(HttpRequestError error) => error switch
    {
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => Unreadable("is not HTTP"),
        HttpRequestError.SecureConnectionError => new(new(StockFault.Unavailable, $"{Title} shows no certificate that is to be trusted.", RetryAt: null)),
        _ => new(new(StockFault.Unavailable, $"{Title} cannot be reached ({error}).", RetryAt: null)) { MayPass = true },
    };

    private Attempt Unreadable(string why) => new(new(StockFault.AnswerUnreadable, $"What {Title} answers {why}.", RetryAt: null));

    private StockFault Limited(DateTimeOffset until) => new(StockFault.RateLimited, $"{Title} takes no more requests before {until:u}.", until);

    private sealed record Attempt(StockFault? Fault)
    {
        public byte[]? Body { get; init; }

        /// <summary>It may do better in a moment.</summary>
        public bool MayPass { get; init; }
    }
}
