using System.Net;
using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>
/// A resource in two versions at once. In v2 what was a title is a name, and whoever makes an album gives a year instead of a date. Both are the
/// same use cases on the same rows: a version is a form, and nothing but its endpoints knows of it.
/// </summary>
internal sealed class VersionsTests : RecordsFixture
{
    protected override MoreOfApi More => new(Albums.Add, MapBoth, [1, 2]);

    [Test]
    public async Task A_record_is_the_same_in_both_versions()
    {
        var made = (await Owner.Post("/api/v2/albums", new { Name = "Summer", Year = 2026 })).Expect(HttpStatusCode.Created);

        Assert.That(made.Headers.Location!.ToString(), Is.EqualTo($"/api/v2/albums/{made.Id}"));
        var first = (await Owner.Get($"/albums/{made.Id}")).Data;
        Assert.That((first["title"]!.GetValue<string>(), first["published_on"]!.GetValue<string>()), Is.EqualTo(("Summer", "2026-01-01")));

        await Owner.Patch($"/albums/{made.Id}", new { Title = "Autumn" });
        Assert.That((await Owner.Get($"/api/v2/albums/{made.Id}")).Data["name"]!.GetValue<string>(), Is.EqualTo("Autumn"));
        Assert.That((await Owner.Get($"/api/v2/albums?id={made.Id}")).Data[0]!["name"]!.GetValue<string>(), Is.EqualTo("Autumn"));
        (await Owner.Post("/api/v2/albums", new { Title = "x" })).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
    }

    [Test]
    public async Task The_version_that_is_to_go_says_so()
    {
        var reply = await Owner.Get("/albums");

        Assert.That(reply.Headers.GetValues("Deprecation").Single(), Is.EqualTo("@1798761600"));
        Assert.That(reply.Headers.GetValues("Sunset").Single(), Is.EqualTo("Fri, 01 Jan 2027 00:00:00 GMT"));
        Assert.That(reply.Headers.GetValues("Link").Single(), Is.EqualTo("</api/v2/albums>; rel=\"successor-version\""));
        Assert.That((await Owner.Get("/media")).Headers.Contains("Deprecation"), Is.False);
        Assert.That((await Owner.Get("/api/v2/albums")).Headers.Contains("Deprecation"), Is.False);
    }

    [Test]
    public async Task Each_version_has_its_document()
    {
        var (first, second) = ((await Owner.Get("/swagger/v1/swagger.json")).Json["paths"]!.AsObject(), (await Owner.Get("/swagger/v2/swagger.json")).Json["paths"]!.AsObject());

        Assert.That(first.Select(path => path.Key), Has.All.StartsWith("/api/v1/"));
        Assert.That(first.Select(path => path.Key), Is.SupersetOf(new[] { "/api/v1/albums", "/api/v1/media" }));
        Assert.That(second.Select(path => path.Key), Has.All.StartsWith("/api/v2/albums"));
        Assert.That(first["/api/v1/albums"]!["get"]!["deprecated"]!.GetValue<bool>());
    }

    private static void MapBoth(WebApplication app)
    {
        var first = app.MapApi();
        var albums = first.MapGroup("").Deprecated(new Deprecation(new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "/api/v2/albums"));
        albums.MapResource<AlbumFields, AlbumDetails>("/albums", "albums", new("Album", Albums.AlbumKind, "an album", new { Title = "Summer" }) { Refusals = [(409, "ALBUM_TITLE_TAKEN")] });

        var second = app.MapApi(version: 2).MapGroup("/albums").Needs(Role.Viewer);
        second.MapList<AlbumDetails, AlbumInV2>(
            new("Album", "albums", Albums.Fields), request => new ListRecords<AlbumDetails>(request), static (album, _) => AlbumInV2.From(album));
        second.MapGet("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new GetRecord<AlbumDetails>(id, IncludeDeleted: false), cancellationToken)).Match(album => Respond.Item(AlbumInV2.From(album), album.Version), Problem.From))
            .Returns<AlbumInV2>(versioned: true).Problems(404, "ALBUM_NOT_FOUND");
        second.MapPost("/", async (Body<NewAlbumInV2> body, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var made = await mediator.Send(new CreateRecord<AlbumFields>(new(body.Value.Name, PublishedOn: new(body.Value.Year, 1, 1))), cancellationToken);
                if (!made.Succeeded) return Problem.From(made.Errors);
                return (await mediator.Send(new GetRecord<AlbumDetails>(made.Value.Id, IncludeDeleted: false), cancellationToken))
                    .Match(album => Respond.Created($"/api/v2/albums/{album.Id}", AlbumInV2.From(album), album.Version), Problem.From);
            })
            .Needs(Role.Editor).Returns<AlbumInV2>(201, versioned: true);
    }

    private sealed record AlbumInV2(Guid Id, string Name, int? Year)
    {
        public static AlbumInV2 From(AlbumDetails album) => new(album.Id, album.Title, album.PublishedOn?.Year);
    }

    private sealed record NewAlbumInV2(string Name, int Year);
}
