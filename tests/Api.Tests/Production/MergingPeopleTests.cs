using System.Net;
using MediaPlatform.Api.Tests.Publication;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Production;

/// <summary>Two who are one: merged, found by either id, and told apart again with nothing lost.</summary>
internal sealed class MergingPeopleTests : PublicationFixture
{
    [Test]
    public async Task A_merge_keeps_every_alias_link_and_credit_and_leaves_a_redirect()
    {
        var (from, into) = (await APerson("Zoe Lindquist"), await APerson("Zoë Lindqvist"));
        var (set, session) = (await ASet(await AChannel(), "2026-03-01T00:00:00Z"), (await Owner.Post("/sessions", new { ProducedStartAt = "2026-02-01T00:00:00Z" })).Id);
        (await Owner.Post($"/people/{from}/aliases", new { Alias = "Z. L." })).Expect(HttpStatusCode.Created);
        (await Owner.Post($"/people/{from}/aliases", new { Alias = "Both" })).Expect(HttpStatusCode.Created);
        (await Owner.Post($"/people/{into}/aliases", new { Alias = "both" })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sessions/{session}/participants/{from}/model", new { CreditNameOverride = "Zoe" })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sessions/{session}/participants/{from}/photographer", new { })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sessions/{session}/participants/{into}/photographer", new { })).Expect(HttpStatusCode.Created);
        (await Owner.Put($"/sets/{set}/participants/{from}/photographer", new { })).Expect(HttpStatusCode.Created);
        var credit = await ACredit(set, "Zoe L");
        (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = from })).Expect(HttpStatusCode.OK);

        var merge = (await Owner.Post($"/people/{from}/merge", new { IntoPersonId = into })).Expect(HttpStatusCode.Created);

        Assert.That((merge.Data["aliases"]!.GetValue<int>(), merge.Data["session_participants"]!.GetValue<int>(), merge.Data["set_participants"]!.GetValue<int>(), merge.Data["credits"]!.GetValue<int>()), Is.EqualTo((1, 1, 1, 1)));
        var moved = await Owner.Get($"/people/{from}");
        Assert.That((moved.Status, moved.Headers.Location!.ToString()), Is.EqualTo((HttpStatusCode.TemporaryRedirect, $"/api/v1/people/{into}")));
        Assert.That((string?)moved.Json["errors"]![0]!["code"], Is.EqualTo("PERSON_MERGED"));
        Assert.That((await (await Platform.CreateKey(Owner, Role.Viewer)).Get($"/people/{from}")).Status, Is.EqualTo(HttpStatusCode.TemporaryRedirect));
        Assert.That((await Owner.Get($"/people/{into}/aliases")).Data.AsArray().Select(alias => (string)alias!["alias"]!), Is.EquivalentTo(new[] { "both", "Z. L.", "Zoe Lindquist" }), "and what it was called");
        Assert.That((await Owner.Get($"/sessions/{session}/participants")).Data.AsArray().Select(one => $"{one!["person_id"]} {one["role"]} {one["credited_as"]}"), Is.EquivalentTo(new[] { $"{into} model Zoe", $"{into} photographer Zoë Lindqvist" }));
        Assert.That(await Participants(set), Is.EqualTo(new[] { $"{into} model", $"{into} photographer" }));
        Assert.That(IdIn((await Owner.Get($"/credits/{credit}")).Data, "resolved_person_id"), Is.EqualTo(into));
        Assert.That((string?)(await Owner.Get($"/people/{into}")).Data["last_active_on"], Is.EqualTo("2026-03-01"));
        foreach (var name in new[] { "zoe lindquist", "z. l." })
            Assert.That((await Owner.Get($"/people/search?q={name}")).Data.AsArray().Select(one => IdIn(one, "id")), Does.Contain(into).And.Not.Contain(from), name);
        Assert.That((await Owner.Get($"/people/search?q=Zoe%20Lindquist")).Data.AsArray().Select(one => (string?)one!["match"]).First(), Is.EqualTo("alias"));

        (await Owner.Post($"/people/{from}/restore")).ExpectProblem(HttpStatusCode.Locked, "PERSON_MERGED");
        (await Owner.Delete($"/people/{from}?purge=true")).ExpectProblem(HttpStatusCode.Locked, "PERSON_KEPT");
        (await Owner.Patch($"/people/{from}", new { Notes = "x" })).ExpectProblem(HttpStatusCode.Gone, "PERSON_IN_TRASH");
        (await Owner.Post($"/people/{from}/aliases", new { Alias = "x" })).ExpectProblem(HttpStatusCode.Gone, "PERSON_IN_TRASH");
    }

    [Test]
    public async Task Merged_and_undone_all_is_as_it_was()
    {
        var (from, into) = (await APerson("Full State"), await APerson("State, Full"));
        var sets = new[] { await ASet(await AChannel(), "2026-03-01T00:00:00Z"), await ASet(await AChannel(), "2026-04-01T00:00:00Z") };
        foreach (var person in new[] { from, into })
        {
            foreach (var alias in new[] { $"Own {person}", "Shared" }) (await Owner.Post($"/people/{person}/aliases", new { Alias = alias })).Expect(HttpStatusCode.Created);
            foreach (var (set, n) in sets.Select((set, n) => (set, n)))
            {
                (await Owner.Post($"/credits/{await ACredit(set, $"F. {n}")}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);
                (await Owner.Put($"/sets/{set}/participants/{person}/photographer", new { Notes = $"By {person}" })).Expect(HttpStatusCode.Created);
            }
        }

        var session = (await Owner.Post("/sessions", new { ProducedStartAt = "2026-05-01T00:00:00Z" })).Id;
        (await Owner.Put($"/sessions/{session}/participants/{from}/model", new { CreditNameOverride = "F." })).Expect(HttpStatusCode.Created);
        var matching = await ACredit(sets[0], "Matching");
        var resolution = IdIn((await Owner.Post("/credits/resolve-matching", new { Name = "Matching", PersonId = from, Preview = false })).Expect(HttpStatusCode.OK).Data, "resolution_id");
        var before = await State();

        var merge = (await Owner.Post($"/people/{from}/merge", new { IntoPersonId = into })).Expect(HttpStatusCode.Created).Id;
        Assert.That(await State(), Is.Not.EqualTo(before));
        var undone = (await Owner.Post($"/people/merges/{merge}/undo")).Expect(HttpStatusCode.OK).Data;

        Assert.That(await State(), Is.EqualTo(before));
        Assert.That(undone["undone_at"], Is.Not.Null);
        (await Owner.Get($"/people/{from}")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/people/merges/{merge}/undo")).ExpectProblem(HttpStatusCode.Locked, "MERGE_UNDONE");
        (await Owner.Post($"/credits/resolutions/{resolution}/undo")).Expect(HttpStatusCode.OK);
        Assert.That(await StatusOf(matching), Is.EqualTo("unresolved"));
        (await Owner.Post($"/people/{from}/merge", new { IntoPersonId = into })).Expect(HttpStatusCode.Created);
        Assert.That((await Owner.Get($"/people/{into}/merges")).Data.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Later_edits_are_kept_and_what_cannot_be_separated_is_listed_before_the_undo()
    {
        var (from, into) = (await APerson("Early"), await APerson("Late"));
        var set = await ASet(await AChannel());
        var edited = (await Owner.Post("/sessions", new { ProducedStartAt = "2026-05-01T00:00:00Z" })).Id;
        (await Owner.Put($"/sessions/{edited}/participants/{from}/model", new { })).Expect(HttpStatusCode.Created);
        var alias = (await Owner.Post($"/people/{from}/aliases", new { Alias = "Removed Since" })).Expect(HttpStatusCode.Created).Id;
        var (changed, kept, decided) = (await ACredit(set, "Changed"), await ACredit(set, "Kept"), await ACredit(set, "Decided since"));
        foreach (var credit in new[] { changed, kept, decided }) (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = from })).Expect(HttpStatusCode.OK);
        var merge = (await Owner.Post($"/people/{from}/merge", new { IntoPersonId = into })).Expect(HttpStatusCode.Created).Id;

        (await Owner.Put($"/sessions/{edited}/participants/{into}/model", new { CreditNameOverride = "Edited since" })).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/people/{into}/aliases/{alias}")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/credits/{changed}/ignore")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/credits/{decided}/unresolve")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/credits/{decided}/resolve", new { PersonId = into })).Expect(HttpStatusCode.OK);
        var since = (await Owner.Post($"/people/{into}/aliases", new { Alias = "New Since" })).Expect(HttpStatusCode.Created).Id;
        var credited = await ACredit(set, "Credited since");
        (await Owner.Post($"/credits/{credited}/resolve", new { PersonId = into })).Expect(HttpStatusCode.OK);

        var shown = (await Owner.Get($"/people/merges/{merge}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(shown["stays"]!.AsArray().Select(one => $"{one!["about"]} {one["id"]} {one["what"]}"), Is.EquivalentTo(new[] { $"alias {since} New Since", $"credit {credited} Credited since", $"credit {decided} Decided since" }));
        Assert.That(shown["changed"]!.AsArray().Select(one => $"{one!["about"]} {one["id"]}"), Is.EquivalentTo(new[] { $"alias {alias}", $"credit {changed}", $"credit {decided}" }));
        (await Owner.Post($"/people/merges/{merge}/undo")).Expect(HttpStatusCode.OK);

        Assert.That((await Owner.Get($"/sessions/{edited}/participants")).Data.AsArray().Select(one => $"{one!["person_id"]} {one["credited_as"]}"), Is.EqualTo(new[] { $"{from} Edited since" }));
        Assert.That((await Owner.Get($"/people/{from}/aliases")).Data.AsArray(), Is.Empty);
        Assert.That((await Owner.Get($"/people/{into}/aliases")).Data.AsArray().Select(one => (string)one!["alias"]!), Is.EqualTo(new[] { "New Since" }), "the name that the merge added is gone");
        Assert.That((await StatusOf(changed), IdIn((await Owner.Get($"/credits/{kept}")).Data, "resolved_person_id"), IdIn((await Owner.Get($"/credits/{credited}")).Data, "resolved_person_id")), Is.EqualTo(("ignored", from, into)));
    }

    [Test]
    public async Task Nobody_is_merged_into_itself_in_a_circle_into_who_was_merged_or_across_tenants()
    {
        var (a, b, c) = (await APerson("Circle A"), await APerson("Circle B"), await APerson("Circle C"));
        (await Owner.Post($"/people/{a}/merge", new { IntoPersonId = a })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "PERSON_MERGE_ITSELF");
        (await Owner.Post($"/people/{a}/merge", new { IntoPersonId = Guid.NewGuid() })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        var theirs = (await Platform.Stranger.Post("/people", new { DisplayName = "Theirs" })).Id;
        (await Owner.Post($"/people/{a}/merge", new { IntoPersonId = theirs })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        (await Platform.Stranger.Post($"/people/{a}/merge", new { IntoPersonId = theirs })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        (await Owner.Post($"/people/{a}/merge", new { IntoPersonId = b }, ("If-Match", "\"9-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");

        var first = (await Owner.Post($"/people/{a}/merge", new { IntoPersonId = b })).Expect(HttpStatusCode.Created).Id;
        (await Owner.Post($"/people/{b}/merge", new { IntoPersonId = a })).ExpectProblem(HttpStatusCode.Conflict, "PERSON_MERGE_CIRCLE");
        (await Owner.Post($"/people/{c}/merge", new { IntoPersonId = a })).ExpectProblem(HttpStatusCode.Locked, "PERSON_MERGED");
        (await Owner.Post($"/people/{a}/merge", new { IntoPersonId = c })).ExpectProblem(HttpStatusCode.Gone, "PERSON_IN_TRASH");
        var second = (await Owner.Post($"/people/{b}/merge", new { IntoPersonId = c })).Expect(HttpStatusCode.Created).Id;
        Assert.That((await Owner.Get($"/people/{a}")).Headers.Location!.ToString(), Does.EndWith($"/people/{b}"), "which leads on");
        (await Owner.Post($"/people/{c}/merge", new { IntoPersonId = a })).ExpectProblem(HttpStatusCode.Conflict, "PERSON_MERGE_CIRCLE");
        (await Owner.Post($"/people/merges/{first}/undo")).ExpectProblem(HttpStatusCode.Locked, "MERGE_COVERED");
        (await Platform.Stranger.Post($"/people/merges/{second}/undo")).ExpectProblem(HttpStatusCode.NotFound, "MERGE_NOT_FOUND");
        (await Owner.Post($"/people/merges/{second}/undo")).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/people/merges/{first}/undo")).Expect(HttpStatusCode.OK);
        foreach (var person in new[] { a, b, c }) (await Owner.Get($"/people/{person}")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Two_who_merge_the_same_people_at_once_leave_one_merge()
    {
        for (var round = 0; round < 5; round++)
        {
            var (a, b) = (await APerson($"Race {round}"), await APerson($"Race too {round}"));

            var replies = await Task.WhenAll(Owner.Post($"/people/{a}/merge", new { IntoPersonId = b }), Owner.Post($"/people/{b}/merge", new { IntoPersonId = a }), Owner.Post($"/people/{a}/merge", new { IntoPersonId = b }));

            Assert.That(replies.Count(reply => reply.Status is HttpStatusCode.Created), Is.EqualTo(1));
            Assert.That(replies.Select(reply => (int)reply.Status).Where(status => status != 201), Is.All.AnyOf(409, 410));
        }
    }

    [Test]
    public async Task An_alias_is_split_off_into_somebody_new_with_its_credits_when_asked()
    {
        var person = await APerson("Two In One");
        var (alias, stays) = ((await Owner.Post($"/people/{person}/aliases", new { Alias = "The Other One" })).Expect(HttpStatusCode.Created), (await Owner.Post($"/people/{person}/aliases", new { Alias = "Stays" })).Expect(HttpStatusCode.Created).Id);
        var set = await ASet(await AChannel());
        var (taken, left) = (await ACredit(set, "THE other  one"), await ACredit(set, "Two In One"));
        foreach (var credit in new[] { taken, left }) (await Owner.Post($"/credits/{credit}/resolve", new { PersonId = person })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/people/{person}/aliases/{alias.Id}/split", new { }, ("If-Match", "\"9-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");

        var split = (await Owner.Post($"/people/{person}/aliases/{alias.Id}/split", new { TakeCredits = true })).Expect(HttpStatusCode.Created);

        Assert.That((string?)split.Data["display_name"], Is.EqualTo("The Other One"));
        Assert.That((await Owner.Get($"/people/{person}/aliases")).Data.AsArray().Select(one => IdIn(one, "id")), Is.EqualTo(new[] { stays }));
        Assert.That(IdIn((await Owner.Get($"/credits/{taken}")).Data, "resolved_person_id"), Is.EqualTo(split.Id));
        Assert.That(IdIn((await Owner.Get($"/credits/{left}")).Data, "resolved_person_id"), Is.EqualTo(person));
        Assert.That((await Owner.Get("/people/search?q=the%20other%20one")).Data.AsArray().Select(one => IdIn(one, "id")).First(), Is.EqualTo(split.Id));
        (await Owner.Post($"/people/{person}/aliases/{alias.Id}/split", new { })).ExpectProblem(HttpStatusCode.NotFound, "ALIAS_NOT_FOUND");
    }

    /// <summary>All that people have to do with, but versions, times of change, and what a restore leaves.</summary>
    private Task<string?> State() => Platform.Sql<string?>($$"""
        select string_agg(row, e'\n' order by row)
        from (
            select (to_jsonb(p) - '{version,updated_at,restored_at,restored_by,restored_by_kind}'::text[])::text as row from people p where client_id = '{{Owner.ClientId}}'
            union all select (to_jsonb(a) - '{version,updated_at}'::text[])::text from person_aliases a where client_id = '{{Owner.ClientId}}'
            union all select to_jsonb(n)::text from person_names n where client_id = '{{Owner.ClientId}}'
            union all select to_jsonb(w)::text from name_words w where client_id = '{{Owner.ClientId}}'
            union all select (to_jsonb(l) - '{version,updated_at}'::text[])::text from session_participants l where client_id = '{{Owner.ClientId}}'
            union all select (to_jsonb(l) - '{version,updated_at}'::text[])::text from set_participants l where client_id = '{{Owner.ClientId}}'
            union all select (to_jsonb(c) - '{version,updated_at}'::text[])::text from set_credits c where client_id = '{{Owner.ClientId}}'
            union all select (to_jsonb(r) - '{version,updated_at}'::text[])::text from credit_resolutions r where client_id = '{{Owner.ClientId}}'
        ) state (row)
        """);
}
