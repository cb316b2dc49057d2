using System.Net;
using System.Text;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

internal sealed class EditingMediaTests : PlatformFixture
{
    [Test]
    public async Task A_patch_changes_what_is_given_and_leaves_the_rest()
    {
        var id = (await Owner.Upload(Samples.Png(1), "one.png", null, 0, ("title", "Before"), ("tags", "a,b"))).Id;
        var patched = await Owner.Patch($"/media/{id}", new { AltText = "A be\u0301ar", Caption = "By the lake", Description = "Long" });

        Assert.That(patched.Data["title"]!.GetValue<string>(), Is.EqualTo("Before"));
        Assert.That(patched.Data["alt_text"]!.GetValue<string>(), Is.EqualTo("A béar"), "composed");
        Assert.That(patched.Data["version"]!.GetValue<int>(), Is.EqualTo(2));

        var emptied = await Owner.Patch($"/media/{id}", new { Title = (string?)null, Tags = new[] { " Dawn ", "dawn", "Roof" } });
        Assert.That(emptied.Data["title"], Is.Null);
        Assert.That(emptied.Data["caption"]!.GetValue<string>(), Is.EqualTo("By the lake"));
        Assert.That(emptied.Data["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()), Is.EqualTo(new[] { "dawn", "roof" }));
        Assert.That((await Owner.Patch($"/media/{id}", new { Tags = (string[]?)null })).Data["tags"]!.AsArray(), Is.Empty);

        var nothing = await Owner.Patch($"/media/{id}", new { });
        Assert.That(nothing.Data["version"]!.GetValue<int>(), Is.EqualTo(4));
        var back = nothing.Data.AsObject().DeepClone();
        Assert.That((await Owner.Send(HttpMethod.Patch, $"/media/{id}", new StringContent(back.ToJsonString(), Encoding.UTF8, "application/merge-patch+json"))).Status, Is.EqualTo(HttpStatusCode.OK), "what was read can be sent back");
    }

    [Test]
    public async Task A_patch_of_the_wrong_shape_changes_nothing()
    {
        var id = (await Owner.Upload(Samples.Png(2), "two.png")).Id;
        var tooLong = await Owner.Patch($"/media/{id}", new { Title = new string('x', 501), Tags = new[] { "" }, Caption = new string('x', 5001) });
        tooLong.ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(tooLong.Json["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "title", "caption", "tags[0]" }));
        (await Owner.Patch($"/media/{id}", new { Visibility = "everybody" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Patch($"/media/{id}", new { Title = 5 })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Patch($"/media/{id}", new { Tags = new[] { "a\0b" } })).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_TEXT");
        (await Owner.Patch($"/media/{id}", new { Titel = "x" })).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
        (await Owner.Patch($"/media/{id}", new { Title = "x" }, ("If-Match", "\"7-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That((await Owner.Get($"/media/{id}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1));
    }
}
