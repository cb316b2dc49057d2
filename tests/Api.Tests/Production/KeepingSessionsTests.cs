using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Production;

/// <summary>Sessions: what really took place, and who was in it as what.</summary>
internal sealed class KeepingSessionsTests : PlatformFixture
{
    [Test]
    public async Task S1_4_a_session_is_a_draft_until_somebody_confirms_it_which_takes_a_start()
    {
        var session = (await Owner.Post("/sessions", new { Location = "Studio B" })).Expect(HttpStatusCode.Created);
        Assert.That((string?)session.Data["status"], Is.EqualTo("draft"));

        (await Owner.Post($"/sessions/{session.Id}/confirm")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_WITHOUT_START");
        (await Owner.Patch($"/sessions/{session.Id}", new { ProducedStartAt = "2026-01-05T09:00:00Z" })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/sessions/{session.Id}/confirm", null, ("If-Match", session.Tag))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That((string?)(await Owner.Post($"/sessions/{session.Id}/confirm")).Expect(HttpStatusCode.OK).Data["status"], Is.EqualTo("confirmed"));
        (await Owner.Post($"/sessions/{session.Id}/confirm")).ExpectProblem(HttpStatusCode.Locked, "SESSION_CONFIRMED");
        (await Owner.Patch($"/sessions/{session.Id}", new { ProducedStartAt = (string?)null })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_WITHOUT_START");
        (await Owner.Patch($"/sessions/{session.Id}", new { Status = "draft" })).Expect(HttpStatusCode.OK);
        Assert.That((string?)(await Owner.Get($"/sessions/{session.Id}")).Data["status"], Is.EqualTo("confirmed"), "a status is read, and not written");
        Assert.That((await Owner.Get("/sessions?status=confirmed")).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>()), Does.Contain(session.Id));
        Assert.That((string?)(await Owner.Post($"/sessions/{session.Id}/reopen")).Expect(HttpStatusCode.OK).Data["status"], Is.EqualTo("draft"));
        (await Owner.Post($"/sessions/{session.Id}/reopen")).ExpectProblem(HttpStatusCode.Locked, "SESSION_DRAFT");

        var past = await Assert.ThrowsAsync<PostgresException>(() => Platform.Sql<object>($"update sessions set status = 'confirmed', produced_start_at = null where id = '{session.Id}'"));
        Assert.That(past!.ConstraintName, Is.EqualTo("sessions_confirmed"));
    }

    [Test]
    public async Task S1_4_the_label_of_a_session_is_that_of_its_project()
    {
        var (label, other) = (await Named("labels"), await Named("labels"));
        var project = (await Owner.Post("/projects", new { LabelId = label, Name = "Winter" })).Id;

        var session = (await Owner.Post("/sessions", new { ProjectId = project })).Expect(HttpStatusCode.Created);
        Assert.That(session.Data["label_id"]!.GetValue<Guid>(), Is.EqualTo(label));
        (await Owner.Post("/sessions", new { ProjectId = project, LabelId = other })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_LABEL_DISAGREES");
        (await Owner.Patch($"/sessions/{session.Id}", new { LabelId = other })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SESSION_LABEL_DISAGREES");
        (await Owner.Post("/sessions", new { LabelId = other })).Expect(HttpStatusCode.Created);
        foreach (var nowhere in new object[] { new { LabelId = Guid.NewGuid() }, new { ProjectId = Guid.NewGuid() } })
            (await Owner.Post("/sessions", nowhere)).ExpectProblem(HttpStatusCode.UnprocessableEntity, nowhere.ToString()!.Contains("Label", StringComparison.Ordinal) ? "LABEL_NOT_FOUND" : "PROJECT_NOT_FOUND");
        (await Platform.Stranger.Post("/sessions", new { ProjectId = project })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "PROJECT_NOT_FOUND");

        var elsewhere = (await Owner.Post("/projects", new { LabelId = other, Name = "Spring" })).Id;
        Assert.That((await Owner.Patch($"/sessions/{session.Id}", new { ProjectId = elsewhere })).Expect(HttpStatusCode.OK).Data["label_id"]!.GetValue<Guid>(), Is.EqualTo(other), "and comes to another with its project");
        var back = (await Owner.Patch($"/sessions/{session.Id}", new { ProjectId = project })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/projects/{project}", new { LabelId = other })).Expect(HttpStatusCode.OK);
        (await Owner.Patch($"/sessions/{session.Id}", new { Notes = "x" }, ("If-Match", back.Tag))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        Assert.That((await Owner.Get($"/sessions/{session.Id}")).Data["label_id"]!.GetValue<Guid>(), Is.EqualTo(other), "it goes with its project");
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'session' and entity_id = '{session.Id}' and changes ? 'label_id' and operation = 'update'"), Is.EqualTo(3));
        (await Owner.Delete($"/labels/{other}?purge=true")).Expect(HttpStatusCode.OK);
        var left = (await Owner.Get($"/sessions/{session.Id}")).Expect(HttpStatusCode.OK).Data;
        Assert.That((left["label_id"], left["project_id"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)), "what took place stays");
    }

    [Test]
    public async Task S1_4_people_are_in_a_session_in_roles_and_may_be_credited_by_another_name()
    {
        var session = (await Owner.Post("/sessions", new { ProducedStartAt = "2026-01-05T09:00:00Z", ProducedEndAt = "2026-01-06T01:00:00Z" })).Id;
        var person = (await Owner.Post("/people", new { DisplayName = "Zoë Lindqvist" })).Id;

        (await Owner.Put($"/sessions/{session}/participants/{person}/model", new { CreditNameOverride = "Zoe L." })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sessions/{session}/participants/{person}/photographer", new { })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sessions/{session}/participants/{person}/photographer", new { })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/sessions/{session}/participants/{person}/stylist", new { })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Get($"/sessions/{session}/participants/{person}/stylist")).ExpectProblem(HttpStatusCode.NotFound, "SESSION_PARTICIPANT_NOT_FOUND");
        (await Owner.Put($"/sessions/{session}/participants/{Guid.NewGuid()}/model", new { })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        (await Platform.Stranger.Put($"/sessions/{session}/participants/{person}/model", new { })).ExpectProblem(HttpStatusCode.NotFound, "SESSION_NOT_FOUND");

        Assert.That(await Participants(session), Is.EqualTo(new[] { "model Zoe L.", "photographer Zoë Lindqvist" }));
        Assert.That((await Owner.Get($"/sessions/{session}")).Data["participants"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That((await Owner.Get($"/sessions?person_id={person}")).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { session }));
        Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-01-06"));

        (await Owner.Patch($"/sessions/{session}", new { ProducedEndAt = "2026-01-05T23:00:00Z" })).Expect(HttpStatusCode.OK);
        Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-01-05"));
        (await Owner.Delete($"/sessions/{session}/participants/{person}/model")).Expect(HttpStatusCode.OK);
        Assert.That(await Participants(session), Is.EqualTo(new[] { "photographer Zoë Lindqvist" }));
        (await Owner.Delete($"/sessions/{session}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.Null);
        (await Owner.Post($"/sessions/{session}/restore")).Expect(HttpStatusCode.OK);
        Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-01-05"));
    }

    [Test]
    public async Task S1_5_of_two_who_are_called_the_same_who_was_active_last_comes_first()
    {
        var name = $"Recency {Guid.NewGuid():n}";
        var people = new List<Guid>();
        foreach (var start in new[] { "2024-05-01T00:00:00Z", "2026-05-01T00:00:00Z", "2025-05-01T00:00:00Z" })
        {
            people.Add((await Owner.Post("/people", new { DisplayName = name })).Id);
            var session = (await Owner.Post("/sessions", new { ProducedStartAt = start })).Id;
            (await Owner.Put($"/sessions/{session}/participants/{people[^1]}/model", new { })).Expect(HttpStatusCode.Created);
        }

        var found = (await Owner.Get($"/people/search?q={name}")).Data.AsArray().Select(one => one!["id"]!.GetValue<Guid>());

        Assert.That(found, Is.EqualTo(new[] { people[1], people[2], people[0] }));
        Assert.That((await Owner.Get($"/people?display_name={name}&sort=-last_active_on")).Data.AsArray().Select(one => one!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { people[1], people[2], people[0] }));
    }

    [Test]
    public async Task A_session_that_ends_before_it_began_or_never_began_is_refused()
    {
        (await Owner.Post("/sessions", new { ProducedStartAt = "2026-01-05T09:00:00Z", ProducedEndAt = "2026-01-05T08:59:59Z" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/sessions", new { ProducedEndAt = "2026-01-05T08:59:59Z" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/sessions", new { ProducedStartAt = "2026-01-05T09:00:00" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await (await Platform.CreateKey(Owner, Role.Viewer)).Post("/sessions", new { })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Test]
    public async Task Many_who_put_the_same_people_into_sessions_at_once_do_not_hinder_each_other()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 6).Select(async n => (await Owner.Post("/people", new { DisplayName = $"Crowd {n}" })).Id));
        var sessions = await Task.WhenAll(Enumerable.Range(0, 6).Select(async n => (await Owner.Post("/sessions", new { ProducedStartAt = $"2026-03-0{n + 1}T00:00:00Z" })).Id));

        var put = await Task.WhenAll(from person in people from session in sessions select Owner.Put($"/sessions/{session}/participants/{person}/model", new { }));

        Assert.That(put.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.Created));
        foreach (var person in people) Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-03-06"));
    }

    private async Task<Guid> Named(string path) => (await Owner.Post($"/{path}", new { Name = $"{path} {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    private async Task<string[]> Participants(Guid session) =>
        [.. (await Owner.Get($"/sessions/{session}/participants")).Expect(HttpStatusCode.OK).Data.AsArray().Select(link => $"{link!["role"]} {link["credited_as"]}")];
}
