using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>A platform that has albums and pages beside its own.</summary>
internal abstract class RecordsFixture : PlatformFixture
{
    protected override Task<Platform> Begin() => Platform.Start(with: More);

    [OneTimeSetUp]
    public async Task MakeTables() => await Platform.Sql<object>(Albums.Migration);

    protected virtual MoreOfApi More => new(Albums.Add, Albums.Map);

    protected async Task<Guid> AnAlbum(string? title = null, Tenant? of = null) => (await (of ?? Owner).Post("/albums", new { Title = title ?? $"Album {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    protected async Task<Guid> APage(Guid album, int number, string? text = null) =>
        (await Owner.Post("/pages", new { AlbumId = album, Number = number, Text = text })).Expect(HttpStatusCode.Created).Id;

    protected async Task<Guid> AMark(Guid page, string? name = null) =>
        (await Owner.Post("/marks", new { PageId = page, Name = name ?? $"Mark {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    protected Task<long> Changes(Reply reply) => Platform.Sql<long>($"select count(*) from change_log where request_id = '{reply.Headers.GetValues("X-Request-Id").Single()}'");
}
