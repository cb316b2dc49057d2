using System.Net;
using System.Text.Json.Nodes;

namespace MediaPlatform.Tests.Support;

/// <summary>An upload as a client makes it that sends its bytes by links.</summary>
public static class LinkedUpload
{
    private static readonly HttpClient Http = new();

    /// <summary>Begins one for these bytes.</summary>
    /// <param name="more">Members of the body beside the name and the size; they win.</param>
    public static Task<Reply> BeginUpload(this Tenant tenant, byte[] bytes, string fileName = "file.jpg", JsonObject? more = null)
    {
        var body = new JsonObject { ["file_name"] = fileName, ["size_bytes"] = bytes.LongLength };
        foreach (var (name, value) in more ?? []) body[name] = value?.DeepClone();
        return tenant.Post("/uploads", body);
    }

    /// <summary>Sends one part of the list, and gives what the storage answered.</summary>
    /// <param name="bytes">The whole file.</param>
    public static async Task<HttpStatusCode> SendPart(this Platform platform, JsonNode part, byte[] bytes, int offset) =>
        await platform.SendTo(part["target"]!, bytes.AsMemory(offset, part["size_bytes"]!.GetValue<int>()));

    /// <summary>Makes the request that a target asks for.</summary>
    public static async Task<HttpStatusCode> SendTo(this Platform platform, JsonNode target, ReadOnlyMemory<byte> bytes)
    {
        using var request = new HttpRequestMessage(new HttpMethod(target["method"]!.GetValue<string>()), new Uri(platform.Address, target["url"]!.GetValue<string>()));
        request.Content = new ReadOnlyMemoryContent(bytes);
        foreach (var (name, value) in target["headers"]!.AsObject())
        {
            if (name is not "content-length" && !request.Headers.TryAddWithoutValidation(name, value!.GetValue<string>()))
                request.Content.Headers.TryAddWithoutValidation(name, value!.GetValue<string>());
        }

        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Sends all parts that have not arrived.</summary>
    public static async Task SendParts(this Platform platform, JsonNode parts, byte[] bytes)
    {
        var offset = 0;
        foreach (var part in parts.AsArray())
        {
            if (!part!["received"]!.GetValue<bool>()) Assert.That(await platform.SendPart(part, bytes, offset), Is.EqualTo(HttpStatusCode.OK));
            offset += part["size_bytes"]!.GetValue<int>();
        }
    }

    /// <summary>Begins, sends and completes; waits until the worker is done with it.</summary>
    public static async Task<Reply> UploadByLinks(this Tenant tenant, Platform platform, byte[] bytes, string fileName = "file.jpg", JsonObject? more = null)
    {
        var begun = (await tenant.BeginUpload(bytes, fileName, more)).Expect(HttpStatusCode.Created).Data;
        await platform.SendParts(begun["parts"]!, bytes);
        return (await tenant.Post($"/uploads/{begun["upload"]!["id"]}/complete", headers: ("Prefer", "wait=30"))).Expect(HttpStatusCode.Accepted);
    }
}
