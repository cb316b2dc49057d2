using System.Net.Http.Headers;
using System.Text;

namespace MediaPlatform.Tests.Support;

/// <summary>A multipart form written byte by byte, so that a test decides what is odd about it.</summary>
public sealed class Form
{
    private const string Boundary = "sample-boundary";

    private readonly List<byte> parts = [];

    public static string ContentType => $"multipart/form-data; boundary={Boundary}";

    /// <summary>The whole form.</summary>
    public byte[] Bytes => [.. Unclosed, .. Encoding.UTF8.GetBytes($"--{Boundary}--\r\n")];

    /// <summary>All of it but the boundary that closes it.</summary>
    public byte[] Unclosed => [.. parts];

    public Form Field(string name, string value) => Part($"Content-Disposition: form-data; name=\"{name}\"", Encoding.UTF8.GetBytes(value));

    public Form File(byte[] bytes, string fileName = "file.jpg", string? mimeType = null) => Part(
        $"Content-Disposition: form-data; name=\"file\"; filename=\"{fileName}\"" + (mimeType is null ? "" : $"\r\nContent-Type: {mimeType}"), bytes);

    /// <summary>A part with whatever header lines it has, in UTF-8.</summary>
    public Form Part(string headers, byte[] body)
    {
        parts.AddRange([.. Encoding.UTF8.GetBytes($"--{Boundary}\r\n{headers}\r\n\r\n"), .. body, .. "\r\n"u8]);
        return this;
    }

    public Task<Reply> Upload(Tenant tenant, params (string Name, string Value)[] headers) => Upload(tenant, Bytes, headers);

    public static Task<Reply> Upload(Tenant tenant, byte[] body, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        return tenant.Send(HttpMethod.Post, "/media/upload", content, headers);
    }
}
