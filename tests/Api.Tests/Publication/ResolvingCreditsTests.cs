using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Api.Tests.Publication;

/// <summary>Whom raw credits mean: suggested, said, taken back, and each step kept.</summary>
internal sealed class ResolvingCreditsTests : PublicationFixture
{
    [Test]
    public async Task S1_6_B_a_credit_is_resolved_to_somebody_who_is_there_and_its_text_stays()
    {
        var (set, person) = (await ASet(await AChannel()), await APerson("Zoë Lindqvist"));
        var credit = await ACredit(set, "zoe LINDQVIST ");

        var resolved = (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);

        Assert.That(((string?)resolved.Data["raw_name"], (string?)resolved.Data["name_norm"], (string?)resolved.Data["resolution_status"], IdIn(resolved.Data, "resolved_person_id")), Is.EqualTo(("zoe LINDQVIST ", "zoe lindqvist", "resolved", person)));
        Assert.That(await Participants(set), Is.EqualTo(new[] { $"{person} model" }));
        Assert.That((await Owner.Get($"/sets?person_id={person}")).Data.AsArray().Select(one => IdIn(one, "id")), Is.EqualTo(new[] { set }));
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).ExpectProblem(HttpStatusCode.Locked, "CREDIT_RESOLVED");
        (await Owner.Post($"/credits/{credit}/unresolve", null, ("If-Match", "\"7-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");

        var other = await APerson("Zoe Lindquist");
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = other })).Expect(HttpStatusCode.OK);
        Assert.That(await Participants(set), Is.EqualTo(new[] { $"{other} model" }), "said anew");
        (await Owner.Post($"/credits/{credit}/unresolve")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/credits/{credit}/unresolve")).ExpectProblem(HttpStatusCode.Locked, "CREDIT_UNRESOLVED");
        (await Owner.Post($"/credits/{credit}/ignore")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/credits/{credit}/ignore")).ExpectProblem(HttpStatusCode.Locked, "CREDIT_IGNORED");
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'set_credit' and entity_id = '{credit}' and changes ? 'resolution_status'"), Is.EqualTo(4), "every step that changed it, and how it came");
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'set_credit' and entity_id = '{credit}'"), Is.EqualTo(5));
        Assert.That((await Owner.Get($"/sets/{set}")).Data["unresolved_credits"]!.GetValue<int>(), Is.Zero);
    }

    [Test]
    public async Task S1_6_B_or_to_somebody_new_who_is_known_by_it_from_then_on()
    {
        var channel = await AChannel();
        var (credit, other) = (await ACredit(await ASet(channel), "Mara Ito"), await ACredit(await ASet(channel), "MARA  ITO"));

        var resolved = (await Owner.Post($"/credits/{credit}/resolve", new { NewPerson = new { DisplayName = "Mara S. Ito", Type = "model" }, AddAlias = true })).Expect(HttpStatusCode.OK);

        var person = IdIn(resolved.Data, "resolved_person_id");
        var aliases = (await Owner.Get($"/people/{person}/aliases")).Data.AsArray();
        Assert.That(aliases.Select(alias => $"{alias!["alias"]} {alias["source"]}"), Is.EqualTo(new[] { "Mara Ito import" }));
        var warning = resolved.Json["metadata"]!["warnings"]![0]!;
        Assert.That(((string?)warning["code"], warning["related_ids"]!.AsArray().Select(id => id!.GetValue<Guid>()).Single()), Is.EqualTo(("CREDITS_EXPLAINED", other)), "it offers what it would explain");
        Assert.That(await StatusOf(other), Is.EqualTo("unresolved"), "and does nothing about it");
        (await Owner.Post($"/credits/{other}/resolve", new { PersonId = person, AddAlias = true })).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/people/{person}/aliases")).Data.AsArray(), Has.Count.EqualTo(1));

        var third = await ACredit(await ASet(channel), "I. Mara");
        var named = (await Owner.Post($"/people/{person}/aliases", new { Alias = "i. mara" })).Expect(HttpStatusCode.Created);
        Assert.That(named.Json["metadata"]!["warnings"]![0]!["related_ids"]![0]!.GetValue<Guid>(), Is.EqualTo(third));
    }

    [Test]
    public async Task What_cannot_be_resolved_is_refused_and_nothing_is_left_of_it()
    {
        var set = await ASet(await AChannel());
        var credit = await ACredit(set, "Nobody\nAtAll");
        var people = await Count("people");

        (await Owner.Post($"/credits/{credit}/resolve", new { })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = Guid.NewGuid(), NewPerson = new { DisplayName = "Two" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        (await Owner.Post($"/credits/{Guid.NewGuid()}/resolve", new { NewPerson = new { DisplayName = "Two" } })).ExpectProblem(HttpStatusCode.NotFound, "CREDIT_NOT_FOUND");
        (await Owner.Post($"/credits/{credit}/resolve", new { NewPerson = new { DisplayName = "" } })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/credits/{credit}/resolve", new { NewPerson = new { DisplayName = "New" }, AddAlias = true })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR"); // no alias has two lines
        var theirs = (await Platform.Stranger.Post("/people", new { DisplayName = "Theirs" })).Id;
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = theirs })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        (await Platform.Stranger.Post($"/credits/{credit}/resolve", new { PersonId = theirs })).ExpectProblem(HttpStatusCode.NotFound, "CREDIT_NOT_FOUND");
        (await Platform.Stranger.Get($"/credits/{credit}/candidates")).ExpectProblem(HttpStatusCode.NotFound, "CREDIT_NOT_FOUND");
        (await (await Platform.CreateKey(Owner, Role.Viewer)).Post($"/credits/{credit}/ignore")).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Owner.Post($"/sets/{set}/credits", new { Role = "stylist", RawName = "X" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Post($"/sets/{set}/credits", new { Role = "model", RawName = new string('x', 501) })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        Assert.That(await StatusOf(credit), Is.EqualTo("unresolved"));
        Assert.That(await Count("people"), Is.EqualTo(people));
    }

    [Test]
    public async Task S1_6_B_candidates_have_a_score_and_reasons()
    {
        var channel = await AChannel();
        var (alias, named, similar, before) = (await APerson("Ana Sol"), await APerson("Anaïs Quillfeather", "model"), await APerson("Anais Quilfeather"), await APerson("Somebody Else"));
        (await Owner.Post($"/people/{alias}/aliases", new { Alias = "Anais Quillfeather" })).Expect(HttpStatusCode.Created);
        (await Owner.Post($"/credits/{await ACredit(await ASet(channel), "Anais Quillfeather")}/resolve", new { PersonId = before })).Expect(HttpStatusCode.OK);
        var credit = await ACredit(await ASet(channel), "ANAIS  Quillfeather");

        var found = (await Owner.Get($"/credits/{credit}/candidates")).Expect(HttpStatusCode.OK).Data.AsArray();

        Assert.That(found.Select(one => $"{one!["person_id"]} {one["score"]} {string.Join(' ', one["reasons"]!.AsArray().Select(reason => (string)reason!["code"]!))}").Take(2), Is.EqualTo(new[]
        {
            $"{named} 0.7 SAME_NAME FITS_ROLE", $"{alias} 0.65 SAME_ALIAS",
        }));
        Assert.That(found.Select(one => IdIn(one, "person_id")), Is.EquivalentTo(new[] { named, alias, similar, before }));
        Assert.That(found.Single(one => IdIn(one, "person_id") == before)!["reasons"]!.AsArray().Select(reason => $"{reason!["code"]} {reason["score"]}"), Is.EqualTo(new[] { "RESOLVED_BEFORE 0.2", "SAME_CHANNEL 0.1" }));
        Assert.That((string?)found[1]!["alias"], Is.EqualTo("Anais Quillfeather"));
        Assert.That((await Owner.Get($"/credits/{credit}/candidates?limit=1")).Data.AsArray(), Has.Count.EqualTo(1));
        (await Owner.Get($"/credits/{credit}/candidates?limit=0")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That(await StatusOf(credit), Is.EqualTo("unresolved"), "a suggestion does nothing");
    }

    [Test]
    public async Task All_credits_of_a_name_are_previewed_resolved_and_undone_as_one()
    {
        var (channel, elsewhere, person) = (await AChannel(), await AChannel(), await APerson("Ines"));
        var set = await ASet(channel);
        Guid[] matching = [await ACredit(set, "Inès K."), await ACredit(await ASet(channel), "INES  K. "), await ACredit(await ASet(channel), "ines k.")];
        Guid[] others = [await ACredit(set, "Inez K."), await ACredit(set, "Inès K.", "photographer"), await ACredit(await ASet(elsewhere), "Inès K.")];
        (await Owner.Post($"/credits/{others[0]}/ignore")).Expect(HttpStatusCode.OK);
        var trashed = await ASet(channel);
        var hidden = await ACredit(trashed, "Inès K.");
        (await Owner.Delete($"/sets/{trashed}")).Expect(HttpStatusCode.OK);
        var asked = new JsonObject { ["name"] = " INÈS K.", ["person_id"] = person, ["role"] = "model", ["channel_id"] = channel };

        var preview = (await Owner.Post("/credits/resolve-matching", asked)).Expect(HttpStatusCode.OK).Data;
        Assert.That((preview["credits"]!.GetValue<int>(), preview["resolution_id"]), Is.EqualTo((3, (JsonNode?)null)));
        Assert.That(preview["first"]!.AsArray().Select(one => IdIn(one, "id")), Is.EquivalentTo(matching));
        Assert.That(await StatusOf(matching[0]), Is.EqualTo("unresolved"));

        asked["preview"] = false;
        var done = (await Owner.Post("/credits/resolve-matching", asked)).Expect(HttpStatusCode.OK).Data;
        var resolution = IdIn(done, "resolution_id");
        foreach (var credit in matching) Assert.That(await StatusOf(credit), Is.EqualTo("resolved"));
        foreach (var credit in others[1..]) Assert.That(await StatusOf(credit), Is.EqualTo("unresolved"));
        Assert.That(await Platform.Sql<string>($"select resolution_status from set_credits where id = '{hidden}'"), Is.EqualTo("unresolved"));
        Assert.That(await Participants(set), Is.EqualTo(new[] { $"{person} model" }));
        (await Owner.Post("/credits/resolve-matching", asked)).ExpectProblem(HttpStatusCode.UnprocessableEntity, "NO_CREDITS_MATCH");

        var other = await APerson("Another Ines");
        (await Owner.Post($"/credits/{matching[1]}/resolve", new { PersonId = other })).Expect(HttpStatusCode.OK);
        var undone = (await Owner.Post($"/credits/resolutions/{resolution}/undo")).Expect(HttpStatusCode.OK).Data;
        Assert.That((undone["credits"]!.GetValue<int>(), undone["undone"]!.GetValue<int>()), Is.EqualTo((3, 2)));
        Assert.That(await StatusOf(matching[0]), Is.EqualTo("unresolved"));
        Assert.That(IdIn((await Owner.Get($"/credits/{matching[1]}")).Data, "resolved_person_id"), Is.EqualTo(other), "what was changed since stays");
        Assert.That(await Participants(set), Is.Empty);
        (await Owner.Post($"/credits/resolutions/{resolution}/undo")).ExpectProblem(HttpStatusCode.Locked, "RESOLUTION_UNDONE");
        (await Platform.Stranger.Post($"/credits/resolutions/{resolution}/undo")).ExpectProblem(HttpStatusCode.NotFound, "RESOLUTION_NOT_FOUND");
        (await Platform.Stranger.Post("/credits/resolve-matching", asked)).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
    }

    [Test]
    public async Task What_was_split_off_since_is_not_undone_with_the_rest()
    {
        var (set, person) = (await ASet(await AChannel()), await APerson("Split Off"));
        var alias = (await Owner.Post($"/people/{person}/aliases", new { Alias = "Splitter" })).Expect(HttpStatusCode.Created).Id;
        var credit = await ACredit(set, "splitter");
        var resolution = IdIn((await Owner.Post("/credits/resolve-matching", new { Name = "Splitter", PersonId = person, Preview = false })).Expect(HttpStatusCode.OK).Data, "resolution_id");
        var split = (await Owner.Post($"/people/{person}/aliases/{alias}/split", new { TakeCredits = true })).Expect(HttpStatusCode.Created).Id;

        Assert.That((await Owner.Post($"/credits/resolutions/{resolution}/undo")).Expect(HttpStatusCode.OK).Data["undone"]!.GetValue<int>(), Is.Zero);
        Assert.That(IdIn((await Owner.Get($"/credits/{credit}")).Data, "resolved_person_id"), Is.EqualTo(split));
    }

    [Test]
    public async Task A_long_name_has_candidates_as_well()
    {
        var credit = await ACredit(await ASet(await AChannel()), new string('é', 199) + "🎬 " + new string('z', 200));
        (await Owner.Get($"/credits/{credit}/candidates")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Credits_are_listed_by_status_name_role_and_channel()
    {
        var channel = await AChannel();
        var set = await ASet(channel);
        Guid[] credits = [await ACredit(set, "Listed One"), await ACredit(set, "LISTED  one", "photographer"), await ACredit(set, "Listed Two")];
        (await Owner.Post($"/credits/{credits[2]}/ignore")).Expect(HttpStatusCode.OK);

        Assert.That(await Listed($"resolution_status=unresolved&channel_id={channel}"), Is.EqualTo(new[] { credits[1], credits[0] }));
        Assert.That(await Listed($"set_id={set}&name=Lísted%20One"), Is.EqualTo(new[] { credits[1], credits[0] }));
        Assert.That(await Listed($"set_id={set}&role=photographer"), Is.EqualTo(new[] { credits[1] }));
        Assert.That((await Owner.Get($"/sets/{set}/credits")).Data.AsArray().Select(one => IdIn(one, "id")), Is.EqualTo(credits), "in the order of the set");
        Assert.That((await Owner.Get($"/sets?raw_name=listed%20two&channel_id={channel}")).Data.AsArray(), Has.Count.EqualTo(1));
        (await Owner.Delete($"/sets/{set}")).Expect(HttpStatusCode.OK);
        Assert.That(await Listed($"channel_id={channel}"), Is.Empty);
    }

    [Test]
    public async Task Many_who_resolve_and_unresolve_the_same_credits_at_once_leave_what_one_of_them_said()
    {
        var set = await ASet(await AChannel());
        var people = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => APerson($"Racer {n}")));
        Guid[] credits = [await ACredit(set, "Racer"), await ACredit(set, "racer")];

        var replies = await Task.WhenAll(from person in people
                                         from credit in credits
                                         from step in new[] { 0, 1, 2 }
                                         select step switch
                                         {
                                             0 => Owner.Post($"/credits/{credit}/resolve", new { PersonId = person }),
                                             1 => Owner.Post("/credits/resolve-matching", new { Name = "racer", PersonId = person, Preview = false }),
                                             _ => Owner.Post($"/credits/{credit}/unresolve"),
                                         });

        Assert.That(replies.Select(reply => (int)reply.Status).Distinct(), Is.SubsetOf(new[] { 200, 422, 423 }), "nobody locks another out");
        foreach (var credit in credits)
        {
            var read = (await Owner.Get($"/credits/{credit}")).Data;
            Assert.That((string?)read["resolution_status"] == "resolved", Is.EqualTo(read["resolved_person_id"] is not null));
        }

        var resolved = await Platform.Sql<long>($"select count(distinct resolved_person_id) from set_credits where set_id = '{set}' and resolved_person_id is not null");
        Assert.That(await Participants(set), Has.Length.EqualTo(resolved));
    }

    private async Task<Guid[]> Listed(string query) => [.. (await Owner.Get($"/credits?{query}")).Expect(HttpStatusCode.OK).Data.AsArray().Select(one => IdIn(one, "id"))];
}
