using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MediaPlatform.Tests.Support;

/// <summary>A TCP relay in front of a server that a test wants to be gone for a while.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly string host;
    private readonly int port;
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private TcpListener listener;
    private Task accepting;

    private Relay(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = Accept(listener);
    }

    public int Port { get; }

    public static Relay To(string host, int port) => new(host, port);

    /// <summary>Breaks all connections off and takes no more.</summary>
    public async Task Close()
    {
        listener.Stop();
        await accepting;
        foreach (var client in open.Keys) client.Dispose();
    }

    /// <summary>Takes connections again.</summary>
    public void Open() => accepting = Accept(listener = Listen(Port));

    public async ValueTask DisposeAsync() => await Close();

    private static TcpListener Listen(int port)
    {
        var started = new TcpListener(IPAddress.Loopback, port);
        started.Start();
        return started;
    }

    private async Task Accept(TcpListener accepted)
    {
        try
        {
            while (true) _ = Pass(await accepted.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return; // closed
        }
    }

    private async Task Pass(TcpClient client)
    {
        using var server = new TcpClient();
        open[client] = open[server] = true;
        try
        {
            await server.ConnectAsync(host, port);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            return; // either side went away
        }
        finally
        {
            client.Dispose();
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
        }
    }
}
