using System.Net;
using System.Net.Sockets;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Fetching;

/// <summary>What a name stands for. The system's own, but for tests of names that change their mind.</summary>
internal interface IHostResolver
{
    /// <exception cref="SocketException">The name is not known, or the name server is away.</exception>
    Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken);
}

internal sealed class SystemHostResolver : IHostResolver
{
    public Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

/// <summary>
/// Makes every connection of the fetcher. A name is resolved once for a connection, and what is connected to is the address that was
/// checked: a name server that answers otherwise a moment later changes nothing.
/// </summary>
internal sealed class GuardedConnector(IHostResolver resolver, FetchOptions options)
{
    private const int MostAddresses = 4; // of a name that has hundreds, each costs its time

    private readonly AddressRules rules = new(options);

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Resolve(host, cancellationToken);
        var allowed = addresses.Where(address => rules.Allow(host, address)).Take(MostAddresses).ToArray();
        if (allowed.Length == 0) throw new UrlFetchException(new UrlForbidden(), retryable: false);

        SocketException? failed = null;
        foreach (var address in allowed)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(options.ConnectTimeout / allowed.Length);
            try
            {
                return await Connect(address, port, patience.Token);
            }
            catch (SocketException exception)
            {
                failed = exception;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failed = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failed!.SocketErrorCode is SocketError.TimedOut
            ? new UrlFetchException(new UrlTimedOut("The server does not take connections in time."), retryable: true, innerException: failed)
            : new UrlFetchException(new UrlUnreachable("The server takes no connections."), retryable: true, innerException: failed);
    }

    private async Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken)
    {
        try
        {
            return IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.Resolve(host, cancellationToken);
        }
        catch (SocketException exception)
        {
            var unknown = exception.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData;
            throw new UrlFetchException(
                new UrlUnreachable(unknown ? "There is no server of this name." : "The name of the server cannot be looked up."), retryable: !unknown, innerException: exception);
        }
    }

    private static async Task<Stream> Connect(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
