using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class SlowReadersTests() : PlatformFixture(overrides: new Dictionary<string, string?> { ["Database:MaxPoolSize"] = $"{Connections}" })
{
    private const int Connections = 2;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        // twenty megabytes: more than the buffers between the API and a caller take
        await Platform.Sql<object>($$"""
            insert into media_assets (
                client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, exif,
                created_at, created_by_kind, updated_at)
            select '{{Owner.ClientId}}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'row.jpg', 1, sha256(n::text::bytea), 'local',
                n::text, 'ready', 'upload', jsonb_build_object('note', repeat('x', 100000)), now(), 'system', now()
            from generate_series(1, 200) n
            """);
    }

    [Test]
    public async Task Callers_who_read_slowly_hold_no_connection_of_the_database()
    {
        var readers = new List<TcpClient>();
        try
        {
            for (var reader = 0; reader < 2 * Connections; reader++) readers.Add(await BeginToRead("/api/v1/media?limit=200"));

            var reply = await Owner.Get("/media?limit=1").WaitAsync(TimeSpan.FromSeconds(10));

            reply.Expect(HttpStatusCode.OK);
        }
        finally
        {
            foreach (var reader in readers) reader.Dispose();
        }
    }

    /// <summary>Asks, sees the answer begin, and reads no more of it.</summary>
    private async Task<TcpClient> BeginToRead(string path)
    {
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(Platform.Address.Host, Platform.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {Platform.Address.Authority}\r\nX-Api-Key: {Owner.Key}\r\n\r\n"));
        var begin = new byte[12];
        await client.GetStream().ReadExactlyAsync(begin).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(Encoding.ASCII.GetString(begin), Is.EqualTo("HTTP/1.1 200"));
        return client;
    }
}
