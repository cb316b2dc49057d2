using System.Diagnostics;
using System.Net;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>The one handler for all providers: no proxy, no cookies, no credentials and no redirects.</summary>
internal sealed class StockHttp(StockOptions options) : IDisposable
{
    private const int MaxHeadKilobytes = 32;

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler
    {
        ConnectTimeout = options.Timeout,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false, // a key is for nobody but whom the operator names
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = MaxHeadKilobytes,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(), // our trace is no business of theirs
    });

    /// <summary>The answer, when its head is there.</summary>
    public Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken) => invoker.SendAsync(request, cancellationToken);

    public void Dispose() => invoker.Dispose();
}
