using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Production;

/// <summary>Networks, labels and projects: who makes productions.</summary>
internal sealed class KeepingLabelsTests : PlatformFixture
{
    [Test]
    public async Task S1_4_a_label_belongs_to_any_number_of_networks()
    {
        var (label, first, second) = (await Make("labels"), await Make("networks"), await Make("networks"));

        var linked = (await Owner.Put($"/labels/{label}/networks/{first}", new { })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/labels/{label}/networks/{second}", new { })).Expect(HttpStatusCode.Created);
        var again = (await Owner.Put($"/labels/{label}/networks/{first}", new { })).Expect(HttpStatusCode.OK);

        Assert.That(again.Tag, Is.EqualTo(linked.Tag), "nothing changed");
        Assert.That(((string?)(await Owner.Put($"/labels/{label}/networks/{second}", new { Notes = "Since 2019" })).Expect(HttpStatusCode.OK).Data["notes"]), Is.EqualTo("Since 2019"));
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'label_network' and changes -> 'notes' ->> 'new' = 'Since 2019' and client_id = '{Owner.ClientId}'"), Is.EqualTo(1));
        Assert.That(linked.Headers.Location!.ToString(), Does.EndWith($"/labels/{label}/networks/{first}"));
        Assert.That(await Networks(label), Is.EqualTo(new[] { first, second }), "as they came");
        Assert.That((await Owner.Get($"/labels/{label}/networks/{first}")).Data["network_id"]!.GetValue<Guid>(), Is.EqualTo(first));
        Assert.That((await Owner.Get($"/networks/{first}")).Data["labels"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(await Ids($"/labels?network_id={second}"), Is.EqualTo(new[] { label }));
        Assert.That(await Ids($"/networks?label_id={label}"), Is.EquivalentTo(new[] { first, second }));

        var gone = (await Owner.Delete($"/labels/{label}/networks/{first}")).Expect(HttpStatusCode.OK).Data;
        Assert.That((gone["label_id"]!.GetValue<Guid>(), gone["network_id"]!.GetValue<Guid>()), Is.EqualTo((label, first)));
        (await Owner.Delete($"/labels/{label}/networks/{first}")).ExpectProblem(HttpStatusCode.NotFound, "LABEL_NETWORK_NOT_FOUND");
        (await Owner.Get($"/labels/{label}/networks/{first}")).ExpectProblem(HttpStatusCode.NotFound, "LABEL_NETWORK_NOT_FOUND");
        Assert.That(await Networks(label), Is.EqualTo(new[] { second }));
    }

    [Test]
    public async Task What_is_in_the_trash_or_anothers_is_linked_to_nothing()
    {
        var (label, network, theirs) = (await Make("labels"), await Make("networks"), (await Platform.Stranger.Post("/networks", new { Name = "Theirs" })).Id);
        (await Owner.Put($"/labels/{label}/networks/{network}", new { })).Expect(HttpStatusCode.Created);

        (await Owner.Put($"/labels/{label}/networks/{theirs}", new { })).ExpectProblem(HttpStatusCode.NotFound, "NETWORK_NOT_FOUND");
        (await Platform.Stranger.Put($"/labels/{label}/networks/{theirs}", new { })).ExpectProblem(HttpStatusCode.NotFound, "LABEL_NOT_FOUND");
        (await Platform.Stranger.Get($"/labels/{label}/networks")).ExpectProblem(HttpStatusCode.NotFound, "LABEL_NOT_FOUND");
        (await Platform.Stranger.Delete($"/labels/{label}/networks/{network}")).ExpectProblem(HttpStatusCode.NotFound, "LABEL_NOT_FOUND");

        Assert.That((await Owner.Delete($"/networks/{network}")).Expect(HttpStatusCode.OK).Data["labels"]!.GetValue<int>(), Is.EqualTo(1), "how many lose it");
        Assert.That(await Networks(label), Is.Empty);
        (await Owner.Put($"/labels/{label}/networks/{network}", new { })).ExpectProblem(HttpStatusCode.NotFound, "NETWORK_NOT_FOUND");
        (await Owner.Post($"/networks/{network}/restore")).Expect(HttpStatusCode.OK);
        Assert.That(await Networks(label), Is.EqualTo(new[] { network }), "and have it again");

        (await Owner.Delete($"/labels/{label}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/labels/{label}/networks")).ExpectProblem(HttpStatusCode.Gone, "LABEL_IN_TRASH");
        (await (await Platform.CreateKey(Owner, Role.Editor)).Put($"/labels/{label}/networks/{network}", new { })).ExpectProblem(HttpStatusCode.NotFound, "LABEL_NOT_FOUND");
    }

    [Test]
    public async Task Who_has_seen_another_version_of_a_link_changes_nothing()
    {
        var (label, network) = (await Make("labels"), await Make("networks"));

        (await Owner.Put($"/labels/{label}/networks/{network}", new { }, ("If-Match", "\"1-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        var linked = (await Owner.Put($"/labels/{label}/networks/{network}", new { })).Expect(HttpStatusCode.Created);
        (await Owner.Delete($"/labels/{label}/networks/{network}", ("If-Match", "\"7-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Delete($"/labels/{label}/networks/{network}", ("If-Match", linked.Tag))).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/labels/{label}/networks/{network}", new { Color = "x" })).ExpectProblem(HttpStatusCode.BadRequest, "UNKNOWN_FIELD");
    }

    [TestCase("networks", "NETWORK_NAME_TAKEN"), TestCase("labels", "LABEL_NAME_TAKEN")]
    public async Task A_name_stands_for_one_whatever_its_case_and_accents(string path, string code)
    {
        var name = $"Ate\u0301lier {Guid.NewGuid():n}"; // decomposed
        var id = (await Owner.Post($"/{path}", new { Name = name })).Expect(HttpStatusCode.Created).Id;

        foreach (var same in new[] { name, name.ToUpperInvariant(), name.Replace("e\u0301", "\u00e9", StringComparison.Ordinal), name.Replace("e\u0301", "e", StringComparison.Ordinal) })
            (await Owner.Post($"/{path}", new { Name = same })).ExpectProblem(HttpStatusCode.Conflict, code);
        (await Platform.Stranger.Post($"/{path}", new { Name = name })).Expect(HttpStatusCode.Created);
        foreach (var wrong in new[] { "", " Blank", "\u200b", "---", "Two\nlines", new string('n', 201) })
            (await Owner.Post($"/{path}", new { Name = wrong })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        (await Owner.Delete($"/{path}/{id}")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/{path}", new { Name = name })).Expect(HttpStatusCode.Created);
        (await Owner.Post($"/{path}/{id}/restore")).ExpectProblem(HttpStatusCode.Conflict, code);
    }

    [Test]
    public async Task S1_4_a_project_is_of_a_label_and_goes_to_the_trash_with_it()
    {
        var (label, other) = (await Make("labels"), await Make("labels"));
        var project = (await Owner.Post("/projects", new { LabelId = label, Name = "Winter", StartAt = "2026-01-05T09:00:00+02:00", EndAt = "2026-02-01T00:00:00Z" })).Expect(HttpStatusCode.Created).Data;

        Assert.That(project["start_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(new DateTimeOffset(2026, 1, 5, 7, 0, 0, TimeSpan.Zero)));
        (await Owner.Post("/projects", new { LabelId = label, Name = "WINTER" })).ExpectProblem(HttpStatusCode.Conflict, "PROJECT_NAME_TAKEN");
        (await Owner.Post("/projects", new { LabelId = other, Name = "Winter" })).Expect(HttpStatusCode.Created);
        (await Owner.Post("/projects", new { LabelId = label, Name = "Backwards", StartAt = "2026-02-01T00:00:00Z", EndAt = "2026-01-31T23:59:59Z" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/projects", new { LabelId = label, Name = "Without a start", EndAt = "9999-12-31T23:59:59.9999999Z" })).Expect(HttpStatusCode.Created);
        (await Owner.Post("/projects", new { LabelId = Guid.NewGuid(), Name = "Nobody's" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "LABEL_NOT_FOUND");
        (await Platform.Stranger.Post("/projects", new { LabelId = label, Name = "Stolen" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "LABEL_NOT_FOUND");
        Assert.That(await Ids($"/projects?label_id={label}&sort=-start_at"), Has.Length.EqualTo(2).And.ItemAt(0).EqualTo(project["id"]!.GetValue<Guid>()));

        Assert.That((await Owner.Delete($"/labels/{label}")).Expect(HttpStatusCode.OK).Data["projects"]!.GetValue<int>(), Is.EqualTo(2));
        (await Owner.Get($"/projects/{project["id"]}")).ExpectProblem(HttpStatusCode.Gone, "PROJECT_IN_TRASH");
        (await Owner.Post($"/projects/{project["id"]}/restore")).ExpectProblem(HttpStatusCode.Locked, "PARENT_IN_TRASH");
        (await Owner.Post("/projects", new { LabelId = label, Name = "Late" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "LABEL_NOT_FOUND");
        (await Owner.Post($"/labels/{label}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/projects/{project["id"]}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task They_are_found_by_words_and_by_names_that_are_nearly_the_same()
    {
        var word = $"Zephyrine{Guid.NewGuid():n}"[..16];
        var label = (await Owner.Post("/labels", new { Name = $"{word} Films", Notes = "Shoots in Lisbon" })).Id;
        var project = (await Owner.Post("/projects", new { LabelId = label, Name = $"{word} returns" })).Id;

        Assert.That(await Ids($"/labels?q={word.ToLowerInvariant()}"), Is.EqualTo(new[] { label }));
        var found = (await Owner.Get($"/search?q={word}")).Expect(HttpStatusCode.OK).Data.AsArray();
        var mistyped = (await Owner.Get($"/search?q={word[..3]}{word[4]}{word[3]}{word[5..]}%20Flims")).Expect(HttpStatusCode.OK).Data.AsArray();
        Assert.That(mistyped.Select(hit => ((string?)hit!["reason"], hit["id"]!.GetValue<Guid>())), Does.Contain(("typo", label)));
        Assert.That(found.Select(hit => ((string?)hit!["type"], hit["id"]!.GetValue<Guid>())), Is.EquivalentTo(new[] { ("label", label), ("project", project) }));
    }

    private async Task<Guid> Make(string path) => (await Owner.Post($"/{path}", new { Name = $"{path} {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid[]> Networks(Guid label) => [.. (await Owner.Get($"/labels/{label}/networks")).Expect(HttpStatusCode.OK).Data.AsArray().Select(link => link!["network_id"]!.GetValue<Guid>())];

    private async Task<Guid[]> Ids(string list) => [.. (await Owner.Get(list)).Expect(HttpStatusCode.OK).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>())];
}
