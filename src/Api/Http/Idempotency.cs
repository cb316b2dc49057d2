using System.Security.Cryptography;
using System.Text;
using MediaPlatform.Api.Media;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Api.Http;

/// <summary>
/// <c>Idempotency-Key</c> on any POST: what is sent again with it, by the same caller within a day, is not done again but answered as it was the
/// first time. The work's own transaction notes that it was done, so that it is done once whoever dies in between.
/// </summary>
internal static class Idempotency
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const int MaxLength = 255;
    private const int MaxKeptBytes = 8 << 20;
    private static readonly object BodyHash = new();
    private static readonly TimeSpan HoldEvery = TimeSpan.FromSeconds(15);
    private static readonly string[] KeptHeaders = ["Content-Type", "Location", "ETag", "Cache-Control", "Retry-After", "Preference-Applied"];

    /// <summary>What any POST may answer because of it.</summary>
    public static readonly IReadOnlyList<ProblemsMetadata> Problems =
    [
        new(StatusCodes.Status400BadRequest, ["INVALID_HEADER"]),
        new(StatusCodes.Status409Conflict, ["IDEMPOTENCY_KEY_IN_USE", "IDEMPOTENCY_ANSWER_LOST"]),
        new(StatusCodes.Status422UnprocessableEntity, ["IDEMPOTENCY_KEY_REUSED"]),
    ];

    public static bool IsAsked(HttpContext context) => HttpMethods.IsPost(context.Request.Method) && context.Request.Headers.ContainsKey(Header);

    /// <summary>Whoever reads a body says what was in it, for telling whether it is the same again.</summary>
    public static void Read(HttpContext context, ReadOnlySpan<byte> body)
    {
        if (IsAsked(context)) Read(context, SHA256.HashData(body));
    }

    /// <inheritdoc cref="Read(HttpContext, ReadOnlySpan{byte})"/>
    public static void Read(HttpContext context, byte[] hash) => context.Items[BodyHash] = hash;

    /// <summary>The filter of every POST.</summary>
    public static ValueTask<object?> Once(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        IsAsked(invocation.HttpContext) && invocation.HttpContext.User.Identity is { IsAuthenticated: true } ? Answer(invocation, next) : next(invocation);

    private static async ValueTask<object?> Answer(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.Request.Headers[Header] is not [{ Length: > 0 and <= MaxLength } key] || key.Any(c => c is < ' ' or > '~'))
            return Problem.Of(StatusCodes.Status400BadRequest, "INVALID_HEADER", $"{Header} is 1 to {MaxLength} printable characters of ASCII, once.", Header);

        var keys = context.RequestServices.GetRequiredService<IIdempotencyKeys>();
        var taken = await keys.Take(key, Fingerprint(context), context.RequestAborted);
        if (taken.Token is not { } token) return await Again(context, taken);

        context.RequestServices.GetRequiredService<CallContext>().IdempotencyToken = token;
        await using var holding = new Holding(context.RequestServices.GetRequiredService<IServiceScopeFactory>(), token);
        try
        {
            var result = (IResult)(await next(invocation))!;
            var answer = await Keeping.Answer(result, context);
            if (IsWorthAnotherTry(answer.Status) || IsUnread(context)) await keys.Release(token, evenIfDone: true, CancellationToken.None);
            else await keys.Keep(token, Fingerprint(context), answer.ToKeep(), CancellationToken.None);
            return answer;
        }
        catch
        {
            await keys.Release(token, evenIfDone: false, CancellationToken.None);
            throw;
        }
    }

    /// <summary>What broke on its way, or could not be served: it came to nothing, and the same again may well succeed.</summary>
    private static bool IsWorthAnotherTry(int status) =>
        status is StatusCodes.Status400BadRequest or StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError;

    /// <summary>A form that was refused before its end: what else stood in it is not known.</summary>
    private static bool IsUnread(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<FormMetadata>() is not null && !context.Items.ContainsKey(BodyHash);

    private static async Task<IResult> Again(HttpContext context, TakenKey taken)
    {
        if (taken.Answer is null && !taken.IsLost) return InUse();
        if (context.GetEndpoint()?.Metadata.GetMetadata<FormMetadata>() is not null) await UploadForm.ReadThrough(context);
        if (taken.Answer is null) return Lost("its answer was lost");
        if (!CryptographicOperations.FixedTimeEquals(taken.Fingerprint, Fingerprint(context)))
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED", $"This {Header} came with another request before; a new request needs a new one.", Header);
        return taken.Answer.Body is null ? Lost("its answer held a secret, which is not kept, or was too long") : Keeping.Of(taken.Answer);
    }

    public static ProblemResult InUse() =>
        Problem.Of(StatusCodes.Status409Conflict, "IDEMPOTENCY_KEY_IN_USE", $"The first request with this {Header} is still running; ask again in a moment.", Header, retryAfter: 1);

    private static ProblemResult Lost(string why) =>
        Problem.Of(StatusCodes.Status409Conflict, "IDEMPOTENCY_ANSWER_LOST", $"The first request with this {Header} was done, and {why}. Nothing was done now; look at what is there.", Header);

    /// <summary>SHA-256 of what is asked for: method, path, query and body.</summary>
    private static byte[] Fingerprint(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method}\n{context.Request.Path}\n{context.Request.QueryString}\n"));
        if (context.Items.TryGetValue(BodyHash, out var body)) hash.AppendData((byte[])body!);
        return hash.GetHashAndReset();
    }

    /// <summary>An answer that was made, and not sent yet.</summary>
    private sealed class Keeping(int status, Dictionary<string, string> headers, byte[] body, bool isReplay) : IResult, IStatusCodeHttpResult
    {
        public int Status => status;

        int? IStatusCodeHttpResult.StatusCode => status;

        public static Keeping Of(KeptAnswer answer) => new(answer.Status, new(answer.Headers, StringComparer.OrdinalIgnoreCase), answer.Body!, isReplay: true);

        /// <summary>Lets a result write, and holds back what it wrote.</summary>
        public static async Task<Keeping> Answer(IResult result, HttpContext context)
        {
            var response = context.Response;
            var wire = response.Body;
            using var written = new MemoryStream();
            response.Body = written;
            try
            {
                await result.ExecuteAsync(context);
                await response.BodyWriter.FlushAsync();
            }
            finally
            {
                response.Body = wire;
            }

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var name in KeptHeaders)
            {
                if (response.Headers.TryGetValue(name, out var value)) headers[name] = value.ToString();
            }

            return new(response.StatusCode, headers, written.ToArray(), isReplay: false);
        }

        public KeptAnswer ToKeep()
        {
            var isSecret = status < StatusCodes.Status400BadRequest && headers.GetValueOrDefault("Cache-Control") is "no-store";
            return new(status, headers, isSecret || body.Length > MaxKeptBytes ? null : body);
        }

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            foreach (var (name, value) in headers) response.Headers[name] = value;
            if (isReplay) response.Headers[ReplayedHeader] = "true";
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }

    /// <summary>Says now and then that the work goes on, so that nobody takes it over.</summary>
    private sealed class Holding : IAsyncDisposable
    {
        private readonly PeriodicTimer timer = new(HoldEvery);
        private readonly Task task;

        public Holding(IServiceScopeFactory scopes, Guid token) => task = Hold(scopes, token);

        public async ValueTask DisposeAsync()
        {
            timer.Dispose();
            await task;
        }

        private async Task Hold(IServiceScopeFactory scopes, Guid token)
        {
            while (await timer.WaitForNextTickAsync())
            {
                try
                {
                    await using var scope = scopes.CreateAsyncScope();
                    await scope.ServiceProvider.GetRequiredService<IIdempotencyKeys>().Hold(token, CancellationToken.None);
                }
                catch (Npgsql.NpgsqlException)
                {
                    // the database is away: the work itself will meet that, and be told
                }
            }
        }
    }
}
