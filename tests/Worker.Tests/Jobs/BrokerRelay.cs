using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>A line to the broker that the test can cut and mend.</summary>
internal sealed class BrokerRelay : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Socket, bool> sockets = new();
    private readonly int port;
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    public BrokerRelay()
    {
        using var finder = new TcpListener(IPAddress.Loopback, 0);
        finder.Start();
        port = ((IPEndPoint)finder.LocalEndpoint).Port;
    }

    public IReadOnlyDictionary<string, string?> Settings => JobRows.With(
        ("Broker:Host", "127.0.0.1"), ("Broker:Port", $"{port}"), ("Broker:ConfirmTimeout", "00:00:01"));

    public void Mend()
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = Accept(listener);
    }

    public async Task Cut()
    {
        listener?.Dispose();
        await accepting;
        foreach (var socket in sockets.Keys) socket.Dispose();
        sockets.Clear();
    }

    public async ValueTask DisposeAsync() => await Cut();

    private async Task Accept(TcpListener open)
    {
        while (true)
        {
            Socket near;
            try
            {
                near = await open.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return; // cut
            }

            var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
            sockets[near] = sockets[far] = true;
            await far.ConnectAsync(TestServers.RabbitMq.Host, TestServers.RabbitMq.Port);
            _ = Copy(near, far);
            _ = Copy(far, near);
        }
    }

    private static async Task Copy(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[16_384];
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;) await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // cut
        }

        from.Dispose();
        to.Dispose();
    }
}
