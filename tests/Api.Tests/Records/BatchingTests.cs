using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Records;

internal sealed class BatchingTests : RecordsFixture
{
    [Test]
    public async Task Each_operation_has_its_own_outcome()
    {
        var (album, other) = (await AnAlbum(), await AnAlbum());

        var reply = await Batch(
            new { Op = "create", Body = new { Title = $"B {Guid.NewGuid():n}" } },
            new { Op = "create", Body = new { Titel = "x" } },
            new { Op = "update", Id = album, Body = new { Description = "new" } },
            new { Op = "update", Id = album, IfMatch = "1", Body = new { Description = "late" } },
            new { Op = "update", Id = Guid.NewGuid(), Body = new { Description = "new" } },
            new { Op = "delete", Id = other, Reason = "twice" },
            new { Op = "delete", Id = other });

        Assert.That(Statuses(reply), Is.EqualTo(new[] { 201, 400, 200, 412, 404, 200, 410 }), reply.Text);
        Assert.That(reply.Data["succeeded"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(reply.Data["items"]![1]!["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()), Is.EquivalentTo(new[] { "titel", "title" }));
        Assert.That(reply.Data["items"]![2]!["version"]!.GetValue<int>(), Is.EqualTo(2));
        (await Owner.Get($"/albums/{reply.Data["items"]![0]!["id"]}")).Expect(HttpStatusCode.OK);
        Assert.That(await Changes(reply), Is.EqualTo(3), "one for each that was done");
    }

    [Test]
    public async Task All_or_none()
    {
        var album = await AnAlbum();
        var title = $"B {Guid.NewGuid():n}";

        var reply = await Owner.Post("/albums/batch?atomic=true", Operations(
            new { Op = "create", Body = new { Title = title } },
            new { Op = "update", Id = album, Body = new { Description = "new" } },
            new { Op = "delete", Id = Guid.NewGuid() },
            new { Op = "delete", Id = album }));

        Assert.That(Statuses(reply), Is.EqualTo(new[] { 424, 424, 404, 424 }), reply.Text);
        Assert.That((await Owner.Get($"/albums?title={title}")).Data.AsArray(), Is.Empty);
        Assert.That((await Owner.Get($"/albums/{album}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(await Changes(reply), Is.Zero);

        var done = await Owner.Post("/albums/batch?atomic=true", Operations(new { Op = "create", Body = new { Title = title } }, new { Op = "delete", Id = album }));
        Assert.That(Statuses(done), Is.EqualTo(new[] { 201, 200 }), done.Text);
    }

    [Test]
    public async Task A_violated_constraint_undoes_an_atomic_batch_as_any_error_does()
    {
        var title = $"B {Guid.NewGuid():n}";

        var reply = await Owner.Post("/albums/batch?atomic=true", Operations(new { Op = "create", Body = new { Title = title } }, new { Op = "create", Body = new { Title = title } }));

        Assert.That(Statuses(reply), Is.EqualTo(new[] { 424, 409 }), reply.Text);
        Assert.That((await Owner.Get($"/albums?title={title}")).Data.AsArray(), Is.Empty);
    }

    [Test]
    public async Task What_breaks_an_atomic_batch_says_where()
    {
        object Operation(string mood) => new { Op = "create", Body = new { Title = $"B {Guid.NewGuid():n}", CustomFields = new { Mood = JsonNode.Parse(mood) } } };

        var reply = await Owner.Post("/albums/batch?atomic=true", Operations(Operation("1"), Operation("1e200000"), Operation("2")));

        reply.ExpectProblem(HttpStatusCode.BadRequest, "INVALID_NUMBER");
        Assert.That(reply.Json["errors"]![0]!["field"]!.GetValue<string>(), Is.EqualTo("operations[1]"));
        Assert.That(Platform.Logs, Has.Some.Contains("operations[1]"));
        Assert.That(await Changes(reply), Is.Zero);
    }

    [Test]
    public async Task A_batch_has_as_many_operations_as_are_allowed()
    {
        var many = Enumerable.Range(0, 500).Select(n => (object)new { Op = "create", Body = new { Title = $"{Guid.NewGuid():n} {n}" } }).ToArray();

        var reply = await Batch(many);
        Assert.That(reply.Data["items"]!.AsArray().Where(item => item!["status"]!.GetValue<int>() != 201).Select(item => item!.ToJsonString()), Is.Empty);

        (await Batch([.. many, many[0]])).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Batch()).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
    }

    [Test]
    public async Task What_is_anothers_does_not_exist_in_a_batch_either()
    {
        var (album, page) = (await AnAlbum(), Guid.NewGuid());

        var reply = await Platform.Stranger.Post("/albums/batch", Operations(
            new { Op = "update", Id = album, Body = new { Description = "mine" } }, new { Op = "delete", Id = album }, new { Op = "update", Id = page, Body = new { Description = "mine" } }));

        Assert.That(Statuses(reply), Is.EqualTo(new[] { 404, 404, 404 }), reply.Text);
        Assert.That((await Owner.Get($"/albums/{album}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_operation_says_what_it_lacks()
    {
        var album = await AnAlbum();

        var reply = await Batch(
            new { Op = "create", Id = album, Body = new { Title = "x" } }, new { Op = "update", Body = new { Description = "x" } }, new { Op = "update", Id = album },
            new { Op = "delete", Id = album, Body = new { } }, new { Op = "update", Id = album, IfMatch = "new", Body = new { } });

        Assert.That(
            reply.Data["items"]!.AsArray().Select(item => $"{item!["status"]} {item["errors"]![0]!["field"]}"),
            Is.EqualTo(new[] { "422 id", "422 id", "422 body", "422 body", "400 if_match" }));
    }

    private Task<Reply> Batch(params object[] operations) => Owner.Post("/albums/batch", Operations(operations));

    private static object Operations(params object[] operations) => new { Operations = operations };

    private static int[] Statuses(Reply reply) => [.. reply.Expect(HttpStatusCode.MultiStatus).Data["items"]!.AsArray().Select(item => item!["status"]!.GetValue<int>())];
}
