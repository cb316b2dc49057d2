using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>What tests of publications begin with.</summary>
internal abstract class PublicationFixture : PlatformFixture
{
    protected async Task<Guid> AChannel(string? name = null) => (await Owner.Post("/channels", new { Name = name ?? $"Channel {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    protected async Task<Guid> ALabel() => (await Owner.Post("/labels", new { Name = $"Label {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    protected async Task<Guid> APerson(string name, string? type = null) => (await Owner.Post("/people", new { DisplayName = name, Type = type })).Expect(HttpStatusCode.Created).Id;

    protected async Task<Guid> ASet(Guid channel, string published = "2026-01-20T00:00:00Z", string? title = null) =>
        (await Owner.Post("/sets", new { Title = title ?? $"Set {Guid.NewGuid():n}", ChannelId = channel, PublishedAt = published })).Expect(HttpStatusCode.Created).Id;

    protected async Task<Guid> ACredit(Guid set, string name, string role = "model") => (await Owner.Post($"/sets/{set}/credits", new { Role = role, RawName = name })).Expect(HttpStatusCode.Created).Id;

    protected async Task<string[]> Participants(Guid set) =>
        [.. (await Owner.Get($"/sets/{set}/participants")).Expect(HttpStatusCode.OK).Data.AsArray().Select(one => $"{one!["person_id"]} {one["role"]}").Order(StringComparer.Ordinal)];

    protected async Task<string> StatusOf(Guid credit) => (string)(await Owner.Get($"/credits/{credit}")).Expect(HttpStatusCode.OK).Data["resolution_status"]!;

    /// <summary>How many rows of a table are the owner's.</summary>
    protected Task<long> Count(string table) => Platform.Sql<long>($"select count(*) from {table} where client_id = '{Owner.ClientId}'");

    protected static Guid IdIn(JsonNode? node, string name) => node![name]!.GetValue<Guid>();
}
