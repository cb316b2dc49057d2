using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MediaPlatform.Tests.Support;

/// <summary>An upload over a bare connection, which can stop or break off wherever a test wants.</summary>
public sealed class RawUpload : IDisposable
{
    private readonly TcpClient connection;
    private readonly NetworkStream stream;
    private readonly bool chunked;

    private RawUpload(TcpClient connection, bool chunked) => (this.connection, stream, this.chunked) = (connection, connection.GetStream(), chunked);

    /// <summary>Connects and sends the headers.</summary>
    /// <param name="length">The Content-Length that is announced; null sends the body in chunks.</param>
    public static async Task<RawUpload> Begin(Platform platform, Tenant tenant, long? length)
    {
        var client = new TcpClient();
        await client.ConnectAsync(platform.Address.Host, platform.Address.Port);
        var upload = new RawUpload(client, length is null);
        var framing = length is null ? "Transfer-Encoding: chunked" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}");
        await upload.Write(Encoding.ASCII.GetBytes(
            $"POST /api/v1/media/upload HTTP/1.1\r\nHost: {platform.Address.Authority}\r\nX-Api-Key: {tenant.Key}\r\nContent-Type: {Form.ContentType}\r\nConnection: close\r\n{framing}\r\n\r\n"));
        return upload;
    }

    /// <summary>Connects and sends the headers that a link of the API asks for.</summary>
    public static async Task<RawUpload> Begin(Platform platform, System.Text.Json.Nodes.JsonNode target)
    {
        var client = new TcpClient();
        await client.ConnectAsync(platform.Address.Host, platform.Address.Port);
        var upload = new RawUpload(client, chunked: false);
        var headers = string.Concat(target["headers"]!.AsObject().Select(header => $"{header.Key}: {header.Value}\r\n"));
        await upload.Write(Encoding.ASCII.GetBytes($"{target["method"]} {target["url"]} HTTP/1.1\r\nHost: {platform.Address.Authority}\r\nConnection: close\r\n{headers}\r\n"));
        return upload;
    }

    /// <summary>Sends some of the body.</summary>
    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        if (chunked) await Write(Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"));
        await Write(bytes);
        if (chunked) await Write("\r\n"u8.ToArray());
    }

    /// <summary>The status line and all that follows it, until the server has nothing more to say, or hangs up on who goes on sending.</summary>
    public async Task<string> ReadAnswer()
    {
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException) when (answer.Length > 0)
        {
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>Breaks the connection off, as a crash or an unplugged cable does.</summary>
    public void Dispose()
    {
        connection.LingerState = new LingerOption(true, 0);
        connection.Dispose();
    }

    private async Task Write(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes);
}
