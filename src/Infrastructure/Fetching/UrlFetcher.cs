using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Fetching;

/// <summary>The fetcher on one bare handler: no proxy, no cookies, no credentials, no redirects, no decompression, no connection kept for another request.</summary>
internal sealed class UrlFetcher : IUrlFetcher, IDisposable
{
    private const int MaxUrlLength = 4096;
    private const int MaxRedirects = 3;
    private const int MaxHeadKilobytes = 32;

    private readonly FetchOptions options;
    private readonly long maxBytes;
    private readonly HttpMessageInvoker http;

    public UrlFetcher(FetchOptions options, MediaOptions media, IHostResolver resolver)
    {
        (this.options, maxBytes) = (options, media.MaxFileBytes);
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = new GuardedConnector(resolver, options).Connect,
            ConnectTimeout = options.ConnectTimeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = MaxHeadKilobytes,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            ActivityHeadersPropagator = null, // our trace is no business of strangers
            SslOptions = { CertificateChainPolicy = Trust(options) },
        });
    }

    public Result<Uri> Read(string url)
    {
        if (url.Length > MaxUrlLength || !Uri.TryCreate(url, UriKind.Absolute, out var read)) return new UrlInvalid($"A URL such as https://example.com/photo.jpg is wanted, of at most {MaxUrlLength} characters.");
        return Refused(read) is { } error ? error : read;
    }

    public async Task<FetchedUrl> Open(Uri url, CancellationToken cancellationToken)
    {
        var deadline = new CancellationTokenSource(options.TimeLimit);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                if (Refused(url) is { } error) throw new UrlFetchException(error, retryable: false);

                var response = await Ask(url, deadline.Token, cancellationToken);
                if (!IsRedirect(response)) return await Take(url, response, deadline, cancellationToken);

                using (response) url = Next(url, response);
                if (redirects == MaxRedirects) throw new UrlFetchException(new UrlTooManyRedirects(MaxRedirects), retryable: false);
            }
        }
        catch
        {
            deadline.Dispose();
            throw;
        }
    }

    public void Dispose() => http.Dispose();

    private UrlInvalid? Refused(Uri url)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)) return new UrlInvalid("Only http and https URLs are fetched.");
        if (url.OriginalString.Length > MaxUrlLength) return new UrlInvalid($"A URL may have at most {MaxUrlLength} characters.");
        if (url.UserInfo.Length > 0) return new UrlInvalid("A URL with a user name or a password is not fetched.");
        if (url.IdnHost.Length == 0) return new UrlInvalid("The URL names no server.");
        return options.TakesPort(url.Port) ? null : new UrlInvalid($"Nothing is fetched from port {url.Port}.");
    }

    private async Task<HttpResponseMessage> Ask(Uri url, CancellationToken deadline, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(deadline, cancellationToken);
        limit.CancelAfter(options.ConnectTimeout + options.IdleTimeout);
        try
        {
            return await http.SendAsync(request, limit.Token); // an invoker gives the answer when its head is there
        }
        catch (OperationCanceledException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new UrlFetchException(new UrlTimedOut("The server does not answer in time."), retryable: true, innerException: exception);
        }
        catch (HttpRequestException exception)
        {
            throw Failure(exception);
        }
    }

    private async Task<FetchedUrl> Take(Uri url, HttpResponseMessage response, CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        try
        {
            var status = response.StatusCode;
            if (status is not (HttpStatusCode.OK or HttpStatusCode.NonAuthoritativeInformation)) throw new UrlFetchException(new UrlRefused((int)status), MayPass(status));
            if (IsEncoded(response)) throw new UrlFetchException(new UrlEncoded(), retryable: false);

            var length = response.Headers.TransferEncodingChunked is true ? null : response.Content.Headers.ContentLength;
            if (length > maxBytes) throw new UrlFetchException(new UrlTooLarge(maxBytes), retryable: false);

            var bytes = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new FetchedUrl(new GuardedBody(bytes, options, maxBytes, deadline.Token), new Connection(response, deadline))
            {
                FileName = NameOf(url, response).Value,
                Length = length,
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static Uri Next(Uri url, HttpResponseMessage response)
    {
        if (response.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next)) throw new UrlFetchException(new UrlRefused((int)response.StatusCode), retryable: false);
        if (url.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp) throw new UrlFetchException(new UrlDowngraded(), retryable: false);
        return next;
    }

    /// <summary>As usual, but for one thing: a certificate that names where its issuer is to be had would make the runtime ask there, wherever that is.</summary>
    private static X509ChainPolicy Trust(FetchOptions options)
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (options.Root is not { } root) return policy;

        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(root);
        return policy;
    }

    private static UrlFetchException Failure(HttpRequestException exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is UrlFetchException ours) return ours;
            if (inner is AuthenticationException) return new(new UrlUnreachable("The server's certificate is not one to be trusted."), retryable: false, innerException: exception);
        }

        return exception.HttpRequestError switch
        {
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError =>
                new(new UrlAnswerUnreadable(), retryable: false, innerException: exception),
            _ => new(new UrlUnreachable("The server ends the connection without an answer."), retryable: true, innerException: exception),
        };
    }

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static bool MayPass(HttpStatusCode status) => (int)status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    private static bool IsEncoded(HttpResponseMessage response) =>
        response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        || response.Headers.TransferEncoding.Any(encoding => !encoding.Value.Equals("chunked", StringComparison.OrdinalIgnoreCase));

    private static FileName NameOf(Uri url, HttpResponseMessage response)
    {
        var disposition = response.Content.Headers.ContentDisposition;
        var given = disposition?.FileNameStar ?? disposition?.FileName?.Trim('"');
        return FileName.From(string.IsNullOrWhiteSpace(given) ? Uri.UnescapeDataString(url.AbsolutePath) : given);
    }

    private sealed class Connection(HttpResponseMessage response, CancellationTokenSource deadline) : IDisposable
    {
        public void Dispose()
        {
            response.Dispose();
            deadline.Dispose();
        }
    }
}
