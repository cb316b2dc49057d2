using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Library;

internal sealed class MarkingUsedTests() : PlatformFixture
{
    [Test]
    public async Task What_is_said_to_be_used_is_used_now_and_logged()
    {
        var (used, other) = (new LibraryItem("used") { UsedAt = DateTimeOffset.UtcNow.AddDays(-90) }, new LibraryItem("used") { UsedAt = DateTimeOffset.UtcNow.AddDays(-90) });
        await Platform.GivenItems(Owner, [used, other]);
        await Platform.GivenItems(Platform.Stranger, [new("used") { Id = Guid.CreateVersion7() }]);

        var marked = (await Owner.Post("/library/mark-used", new { AssetIds = new[] { used.Id, Guid.CreateVersion7() } })).Expect(HttpStatusCode.OK);

        Assert.That(marked.Data["marked"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await Owner.Get($"/media/{used.Id}")).Data["last_used_at"]!.GetValue<DateTimeOffset>(), Is.GreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5)));
        Assert.That((await Owner.Get($"/media/{used.Id}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1), "it is no change of what it is");
        Assert.That((await Owner.Get("/library/search?type=image&tags=used")).Data["items"]!.AsArray().Select(item => item!["library_id"]!.GetValue<Guid>()), Is.EqualTo(new[] { used.Id, other.Id }));
        var logged = (await Owner.Get($"/audit?entity_id={used.Id}&operation=update")).Data.AsArray();
        Assert.That(logged.Select(change => change!["changes"]!["last_used_at"]!["new"] is not null), Is.EqualTo(new[] { true }));
    }

    [Test]
    public async Task Another_clients_are_not_there()
    {
        var item = new LibraryItem("theirs") { UsedAt = DateTimeOffset.UtcNow.AddDays(-90) };
        await Platform.GivenItems(Owner, [item]);

        Assert.That((await Platform.Stranger.Post("/library/mark-used", new { AssetIds = new[] { item.Id } })).Data["marked"]!.GetValue<int>(), Is.EqualTo(0));
        Assert.That((await Owner.Get($"/media/{item.Id}")).Data["last_used_at"]!.GetValue<DateTimeOffset>(), Is.LessThan(DateTimeOffset.UtcNow.AddDays(-80)));
    }

    [Test]
    public async Task As_many_as_are_taken_at_once_are_bounded() =>
        (await Owner.Post("/library/mark-used", new { AssetIds = Enumerable.Range(0, 501).Select(_ => Guid.NewGuid()) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
}
