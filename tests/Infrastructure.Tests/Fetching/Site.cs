using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Fetching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Infrastructure.Tests.Fetching;

/// <summary>A server on all of the machine's addresses that tells which of them were asked for what.</summary>
internal sealed class Site(WebApplication app) : IAsyncDisposable
{
    public ConcurrentQueue<string> Asked { get; } = new();
    public ConcurrentQueue<IHeaderDictionary> Heads { get; } = new();
    public int Port => new Uri(app.Urls.First()).Port;

    public static async Task<Site> Start(Action<WebApplication> map, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.IPv6Any, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        var site = new Site(app);
        app.Use((context, next) =>
        {
            site.Asked.Enqueue($"{context.Connection.LocalIpAddress!.MapToIPv4()}{context.Request.Path}{context.Request.QueryString}");
            site.Heads.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            return next();
        });
        map(app);
        await app.StartAsync();
        return site;
    }

    public Uri At(string path, string host = "127.0.0.1", string scheme = "http") => new($"{scheme}://{host}:{Port}{path}");

    /// <summary>A fetcher that may come here, by one address alone.</summary>
    public UrlFetcher Fetcher(FetchOptions? options = null, IHostResolver? resolver = null, long maxBytes = 10L << 20) =>
        Closed((options ?? new()) with { Ports = [Port], AllowedNetworks = ["127.0.0.1/32"] }, resolver, maxBytes);

    /// <summary>A fetcher that may go where its options say.</summary>
    public static UrlFetcher Closed(FetchOptions options, IHostResolver? resolver = null, long maxBytes = 10L << 20) =>
        new(options, new MediaOptions { MaxFileBytes = maxBytes }, resolver ?? new SystemHostResolver());

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>A name server that answers as it is told, one answer after another.</summary>
internal sealed class Names(params string[] answers) : IHostResolver
{
    private readonly ConcurrentQueue<IPAddress[]> left = new(answers.Select(answer => answer.Split(',').Select(IPAddress.Parse).ToArray()));

    public int Asked { get; private set; }

    public Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(left.TryDequeue(out var addresses) ? addresses : throw new SocketException((int)SocketError.HostNotFound));
    }
}

/// <summary>Sends the same bytes to whoever connects, whatever is asked, and ends the connection.</summary>
internal sealed class Liar : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task serving;

    public Liar(string answer)
    {
        listener.Start();
        serving = Serve(Encoding.Latin1.GetBytes(answer));
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/photo.jpg");

    public UrlFetcher Fetcher() => Site.Closed(new() { Ports = [Url.Port], AllowedNetworks = ["127.0.0.1/32"] });

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    private async Task Serve(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptSocketAsync();
                var request = new byte[8192];
                var read = 0;
                while (!Encoding.Latin1.GetString(request, 0, read).Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var more = await connection.ReceiveAsync(request.AsMemory(read));
                    if (more == 0) break;
                    read += more;
                }

                await connection.SendAsync(answer);
                connection.Shutdown(SocketShutdown.Send);
                while (await connection.ReceiveAsync(request) > 0) { /* until the other side has gone */ }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // stopped, or left by the other side in the middle
        }
    }
}
