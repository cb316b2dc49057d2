using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>Channels and sets: what was observed, and why anything is believed of it.</summary>
internal sealed class KeepingSetsTests : PublicationFixture
{
    [Test]
    public async Task S1_4_a_set_came_out_in_a_channel_at_a_time_and_the_same_once_more_is_told()
    {
        var channel = await AChannel();

        var set = (await Owner.Post("/sets", new { Title = "Winter light", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z" })).Expect(HttpStatusCode.Created);
        var again = (await Owner.Post("/sets", new { Title = "WINTER  Líght", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z" })).Expect(HttpStatusCode.Created);

        Assert.That((bool)set.Data["is_compilation"]!, Is.False);
        Assert.That(again.Json["metadata"]!["warnings"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("DUPLICATE_SET"));
        Assert.That(again.Json["metadata"]!["warnings"]![0]!["related_ids"]![0]!.GetValue<Guid>(), Is.EqualTo(set.Id));
        (await Owner.Post("/sets", new { Title = "Lost", ChannelId = Guid.NewGuid(), PublishedAt = "2026-01-20T00:00:00Z" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "CHANNEL_NOT_FOUND");
        (await Platform.Stranger.Post("/sets", new { Title = "Theirs", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "CHANNEL_NOT_FOUND");
        (await Owner.Post("/sets", new { Title = "", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post("/sets", new { Title = "Undated", ChannelId = channel })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That((await Owner.Get($"/sets?channel_id={channel}&sort=-published_at")).Data.AsArray(), Has.Count.EqualTo(2));
        Assert.That((await Owner.Get($"/channels/{channel}")).Data["sets"]!.GetValue<int>(), Is.EqualTo(2));
        (await Owner.Post("/channels", new { Name = ((string)(await Owner.Get($"/channels/{channel}")).Data["name"]!).ToUpperInvariant() })).ExpectProblem(HttpStatusCode.Conflict, "CHANNEL_NAME_TAKEN");
    }

    [Test]
    public async Task S1_3_5_nobody_says_that_a_set_is_a_compilation()
    {
        var channel = await AChannel();
        (await Owner.Post("/sets", new { Title = "Said", ChannelId = channel, PublishedAt = "2026-01-20T00:00:00Z", IsCompilation = true })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "COMPILATION_COMPUTED");
        var set = await ASet(channel);

        (await Owner.Patch($"/sets/{set}", new { IsCompilation = true })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "COMPILATION_COMPUTED");
        var read = (await Owner.Get($"/sets/{set}")).Data.AsObject();
        (await Owner.Put($"/sets/{set}", read)).Expect(HttpStatusCode.OK);
        read["is_compilation"] = true;
        (await Owner.Put($"/sets/{set}", read)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "COMPILATION_COMPUTED");
        var batch = (await Owner.Post("/sets/batch", new { Operations = new[] { new { Op = "update", Id = set, Body = new { IsCompilation = true } } } })).Json.ToJsonString();
        Assert.That(batch, Does.Contain("COMPILATION_COMPUTED"));
        Assert.That((bool)(await Owner.Get($"/sets/{set}")).Data["is_compilation"]!, Is.False);
    }

    [Test]
    public async Task S1_3_2_the_label_of_a_set_is_evidence_with_a_confidence_by_its_channel_and_by_hand()
    {
        var (channel, mapped, claimed) = (await AChannel(), await ALabel(), await ALabel());
        var set = await ASet(channel);
        (await Owner.Put($"/channels/{channel}/labels/{mapped}", new { Confidence = 0.6 })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sets/{set}/evidence/{claimed}", new { Confidence = 0.9, Notes = "Seen on the cover" })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sets/{set}/evidence/{mapped}", new { Confidence = 0.3 })).Expect(HttpStatusCode.Created);
        foreach (var wrong in new[] { -0.1, 1.1 })
        {
            (await Owner.Put($"/channels/{channel}/labels/{mapped}", new { Confidence = wrong })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
            (await Owner.Put($"/sets/{set}/evidence/{mapped}", new { Confidence = wrong })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        }

        var evidence = (await Owner.Get($"/sets/{set}/evidence")).Expect(HttpStatusCode.OK).Data.AsArray();

        Assert.That(evidence.Select(one => (IdIn(one, "label_id"), one!["confidence"]!.GetValue<double>())), Is.EquivalentTo(new[] { (mapped, 0.6), (claimed, 0.9) }));
        Assert.That(evidence.Single(one => IdIn(one, "label_id") == mapped)!["sources"]!.AsArray().Select(source => $"{source!["evidence_type"]} {source["confidence"]}"), Is.EqualTo(new[] { "channel_map 0.6", "manual 0.3" }));
        Assert.That((await Owner.Get($"/sets?label_id={mapped}")).Data.AsArray().Select(one => IdIn(one, "id")), Is.EqualTo(new[] { set }));
        (await Owner.Delete($"/sets/{set}/evidence/{mapped}")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/sets/{set}/evidence/{mapped}")).ExpectProblem(HttpStatusCode.NotFound, "SET_EVIDENCE_NOT_FOUND");
        Assert.That((await Owner.Get($"/sets/{set}/evidence")).Data.AsArray(), Has.Count.EqualTo(2), "what its channel says stays");
        Assert.That((await Owner.Get($"/labels/{mapped}")).Expect(HttpStatusCode.OK).Data["version"]!.GetValue<int>(), Is.EqualTo(1), "evidence changes nothing of what it is about");
    }

    [Test]
    public async Task S1_5_the_why_of_a_set_names_each_source()
    {
        var (channel, label, person) = (await AChannel(), await ALabel(), await APerson("Why Person"));
        var set = await ASet(channel);
        var session = (await Owner.Post("/sessions", new { Location = "Studio B" })).Id;
        (await Owner.Put($"/channels/{channel}/labels/{label}", new { Confidence = 0.6 })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sets/{set}/sessions/{session}", new { Notes = "By the backdrop" })).Expect(HttpStatusCode.Created);
        var credit = await ACredit(set, "W. Person ");
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/sets/{set}/participants/{person}/photographer", new { })).Expect(HttpStatusCode.Created);

        var shot = (await Owner.Post("/sessions", new { Location = "Studio C" })).Id;
        var asset = (await Owner.Upload(Samples.Png(4711), "why.png")).Id;
        (await Owner.Post($"/sessions/{shot}/media", new { AssetIds = new[] { asset } })).Expect(HttpStatusCode.OK);
        var item = IdIn((await Owner.Get($"/media-items?asset_id={asset}")).Data[0], "id");
        (await Owner.Post($"/sets/{set}/media", new { MediaItemIds = new[] { item } })).Expect(HttpStatusCode.OK);

        var why = (await Owner.Get($"/sets/{set}/why")).Expect(HttpStatusCode.OK).Data.AsArray();

        Assert.That(why.Select(one => $"{one!["about"]} {one["id"]} {one["source"]} {one["confidence"]} {one["source_id"]} {one["raw_name"]}"), Is.EquivalentTo(new[]
        {
            $"label {label} channel_map 0.6 {channel} ", $"person {person} credit  {credit} W. Person ", $"person {person} manual   ", $"session {session} manual   ", $"session {shot} media  {item} ",
        }));
        Assert.That(why.Where(one => (string?)one!["about"] != "label").Select(one => one!["by"]), Has.None.Null, "who says so");
        (await Platform.Stranger.Get($"/sets/{set}/why")).ExpectProblem(HttpStatusCode.NotFound, "SET_NOT_FOUND");
        Assert.That((await Owner.Get($"/sets?session_id={session}")).Data.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await Owner.Get($"/sessions/{session}")).Data["version"]!.GetValue<int>(), Is.EqualTo(1), "a claim changes nothing of what really took place");
    }

    [Test]
    public async Task S1_6_sessions_are_suggested_by_label_people_and_date_and_nothing_follows_from_it()
    {
        var (channel, label, person, other) = (await AChannel(), await ALabel(), await APerson("Suggested One"), await APerson("Suggested Two"));
        var set = await ASet(channel, "2026-06-20T00:00:00Z");
        (await Owner.Put($"/channels/{channel}/labels/{label}", new { Confidence = 0.8 })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sets/{set}/participants/{person}/model", new { })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sets/{set}/participants/{other}/model", new { })).Expect(HttpStatusCode.Created);
        var best = await ASession(label, "2026-06-10T00:00:00Z", person, other);
        var byLabel = await ASession(label, "2026-06-10T00:00:00Z");
        var byPerson = await ASession(null, "2025-01-10T00:00:00Z", person);
        await ASession(label, "2026-06-22T00:00:00Z", person, other); // after it came out
        await ASession(null, "2026-06-10T00:00:00Z"); // nothing speaks for it
        var undated = (await Owner.Post("/sessions", new { Location = "Some day" })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Put($"/sessions/{undated}/participants/{other}/model", new { })).Expect(HttpStatusCode.Created);

        var sessions = await Count("sessions");
        var found = (await Owner.Get($"/sets/{set}/session-candidates")).Expect(HttpStatusCode.OK).Data.AsArray();

        Assert.That(found.Select(one => IdIn(one, "session_id")), Is.EquivalentTo(new[] { best, byLabel, byPerson, undated }));
        Assert.That(found.Select(one => IdIn(one, "session_id")).Take(2), Is.EqualTo(new[] { best, byLabel }));
        Assert.That(found.Single(one => IdIn(one, "session_id") == undated)!["score"]!.GetValue<double>(), Is.EqualTo(0.225), "no date speaks for it");
        Assert.That(found[0]!["score"]!.GetValue<double>(), Is.EqualTo((0.35 * 0.8) + 0.45 + (0.2 * (1 - (10 / 365d)))).Within(0.001));
        Assert.That(found.Single(one => IdIn(one, "session_id") == byPerson)!["reasons"]!.AsArray().Select(reason => $"{reason!["code"]} {reason["score"]}"), Is.EqualTo(new[] { "PARTICIPANTS 0.225" }));
        Assert.That((bool)found[0]!["is_claimed"]!, Is.False);
        Assert.That(await Count("sessions"), Is.EqualTo(sessions));
        (await Owner.Put($"/sets/{set}/sessions/{best}", new { })).Expect(HttpStatusCode.Created);
        Assert.That((bool)(await Owner.Get($"/sets/{set}/session-candidates?limit=1")).Data.AsArray().Single()!["is_claimed"]!, Is.True);
        (await Owner.Get($"/sets/{set}/session-candidates?limit=51")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Put($"/sets/{set}/sessions/{Guid.NewGuid()}", new { })).ExpectProblem(HttpStatusCode.NotFound, "SESSION_NOT_FOUND");
    }

    [Test]
    public async Task A_participant_is_there_while_anything_supports_it()
    {
        var set = await ASet(await AChannel(), "2026-04-01T22:00:00Z");
        var person = await APerson("Supported");
        var (first, second) = (await ACredit(set, "Supported"), await ACredit(set, "Supp."));
        (await Owner.Post($"/credits/{first}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/credits/{second}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);
        (await Owner.Put($"/sets/{set}/participants/{person}/model", new { Notes = "Recognised" })).Expect(HttpStatusCode.Created);

        Assert.That(await Participants(set), Is.EqualTo(new[] { $"{person} model" }));
        var shown = (await Owner.Get($"/sets/{set}/participants/{person}/model")).Expect(HttpStatusCode.OK).Data;
        Assert.That(((bool)shown["by_hand"]!, shown["credits"]!.AsArray().Count, (string?)shown["notes"]), Is.EqualTo((true, 2, "Recognised")));
        Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-04-01"));

        (await Owner.Post($"/credits/{first}/unresolve")).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/sets/{set}/participants/{person}/model")).Expect(HttpStatusCode.OK);
        Assert.That(await Participants(set), Is.EqualTo(new[] { $"{person} model" }), "by the other credit");
        (await Owner.Delete($"/sets/{set}/participants/{person}/model")).ExpectProblem(HttpStatusCode.NotFound, "SET_PARTICIPANT_NOT_FOUND");
        (await Owner.Post($"/credits/{second}/ignore")).Expect(HttpStatusCode.OK);
        Assert.That(await Participants(set), Is.Empty);
        Assert.That((await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.Null);
    }

    [Test]
    public async Task When_somebody_was_active_last_follows_the_date_and_the_trash_of_sets()
    {
        var (set, person) = (await ASet(await AChannel(), "2026-04-01T00:00:00Z"), await APerson("Active"));
        (await Owner.Put($"/sets/{set}/participants/{person}/model", new { })).Expect(HttpStatusCode.Created);

        (await Owner.Patch($"/sets/{set}", new { PublishedAt = "2026-05-02T00:00:00Z" })).Expect(HttpStatusCode.OK);
        Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-05-02"));
        (await Owner.Delete($"/sets/{set}")).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.Null);
        (await Owner.Post($"/sets/{set}/restore")).Expect(HttpStatusCode.OK);
        Assert.That((string?)(await Owner.Get($"/people/{person}")).Data["last_active_on"], Is.EqualTo("2026-05-02"));
    }

    [Test]
    public async Task S1_10_raw_credits_are_never_discarded()
    {
        var channel = await AChannel();
        var (set, bare) = (await ASet(channel), await ASet(channel));
        var credit = await ACredit(set, " MARA  (feat. Ines) ");

        (await Owner.Delete($"/sets/{set}?purge=true")).ExpectProblem(HttpStatusCode.Locked, "SET_KEPT");
        (await Owner.Delete($"/sets/{set}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/credits/{credit}")).ExpectProblem(HttpStatusCode.Gone, "SET_IN_TRASH");
        (await (await Platform.CreateKey(Owner, Role.Editor)).Get($"/credits/{credit}")).ExpectProblem(HttpStatusCode.NotFound, "CREDIT_NOT_FOUND");
        (await Owner.Post($"/credits/{credit}/ignore")).ExpectProblem(HttpStatusCode.Gone, "SET_IN_TRASH");
        (await Owner.Delete($"/sets/{set}?purge=true")).ExpectProblem(HttpStatusCode.Locked, "SET_KEPT");
        (await Owner.Delete($"/channels/{channel}?purge=true")).ExpectProblem(HttpStatusCode.Locked, "CHANNEL_KEPT");
        (await Owner.Delete($"/sets/{bare}?purge=true")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/sets/{set}/restore")).Expect(HttpStatusCode.OK);

        Assert.That((string?)(await Owner.Get($"/credits/{credit}")).Data["raw_name"], Is.EqualTo(" MARA  (feat. Ines) "), "with its blanks");
        foreach (var past in new[] { "update set_credits set raw_name = 'Mara'", "update set_credits set role = 'photographer'", "update set_credits set position = 9", "delete from set_credits", "delete from sets" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => Platform.Sql<object>($"{past} where id in ('{credit}', '{set}')"));
            Assert.That(refused!.SqlState, Does.StartWith("23"), past);
        }

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete })
            Assert.That((await Owner.Send(method, $"/credits/{credit}", content: null)).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'set_credit' and entity_id = '{credit}'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_purge_of_a_person_leaves_credits_unresolved_and_counts_nothing_as_kept()
    {
        var (set, person) = (await ASet(await AChannel()), await APerson("Gone For Good"));
        var credit = await ACredit(set, "Gone");
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);

        (await Owner.Delete($"/people/{person}?purge=true")).Expect(HttpStatusCode.OK);

        Assert.That(await StatusOf(credit), Is.EqualTo("unresolved"));
        Assert.That((string?)(await Owner.Get($"/credits/{credit}")).Data["raw_name"], Is.EqualTo("Gone"));
        Assert.That(await Participants(set), Is.Empty);
    }

    private async Task<Guid> ASession(Guid? label, string start, params Guid[] people)
    {
        var session = (await Owner.Post("/sessions", new { LabelId = label, ProducedStartAt = start })).Expect(HttpStatusCode.Created).Id;
        foreach (var person in people) (await Owner.Put($"/sessions/{session}/participants/{person}/model", new { })).Expect(HttpStatusCode.Created);
        return session;
    }
}
