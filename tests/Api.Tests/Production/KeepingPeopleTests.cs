using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Production;

/// <summary>People, their aliases, and how one is found by a name.</summary>
internal sealed class KeepingPeopleTests : PlatformFixture
{
    [Test]
    public async Task S1_3_7_a_person_has_any_number_of_aliases_each_once_whatever_its_spelling()
    {
        var (person, other) = (await APerson("Zoë Lindqvist"), await APerson("Somebody Else"));

        var alias = (await Owner.Post($"/people/{person}/aliases", new { Alias = "Zoe  L." })).Expect(HttpStatusCode.Created);

        Assert.That(((string?)alias.Data["alias"], (string?)alias.Data["source"]), Is.EqualTo(("Zoe  L.", "manual")), "as it was written");
        Assert.That(alias.Headers.Location!.ToString(), Does.EndWith($"/people/{person}/aliases/{alias.Id}"));
        foreach (var same in new[] { "Zoe  L.", "ZOE L.", "Zoé\u00a0l." }) (await Owner.Post($"/people/{person}/aliases", new { Alias = same })).ExpectProblem(HttpStatusCode.Conflict, "ALIAS_TAKEN");
        (await Owner.Post($"/people/{other}/aliases", new { Alias = "Zoe L." })).Expect(HttpStatusCode.Created);
        foreach (var wrong in new[] { "", " Zoe", new string('z', 201) }) (await Owner.Post($"/people/{person}/aliases", new { Alias = wrong })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        var read = (await Owner.Get($"/people/{person}")).Data;
        Assert.That(read["aliases"]!.AsArray().Select(one => (string?)one!["alias"]), Is.EqualTo(new[] { "Zoe  L." }));
        (await Owner.Put($"/people/{person}", read)).Expect(HttpStatusCode.OK);
        Assert.That((await Owner.Get($"/people/{person}/aliases")).Data.AsArray(), Has.Count.EqualTo(1), "what was read can be put back");
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'person_alias' and entity_id = '{alias.Id}' and client_id = '{Owner.ClientId}'"), Is.EqualTo(1));

        (await Owner.Delete($"/people/{person}/aliases/{alias.Id}", ("If-Match", "\"9-x\""))).ExpectProblem(HttpStatusCode.PreconditionFailed, "STALE_VERSION");
        (await Owner.Delete($"/people/{person}/aliases/{alias.Id}", ("If-Match", alias.Tag))).Expect(HttpStatusCode.OK);
        (await Owner.Delete($"/people/{person}/aliases/{alias.Id}")).ExpectProblem(HttpStatusCode.NotFound, "ALIAS_NOT_FOUND");
        (await Owner.Get($"/people/{person}/aliases/{alias.Id}")).ExpectProblem(HttpStatusCode.NotFound, "ALIAS_NOT_FOUND");
    }

    [Test]
    public async Task S1_5_who_has_the_alias_comes_before_who_is_called_so_before_who_begins_so_before_who_is_nearly_called_so()
    {
        var similar = await APerson("Marisol Quintanilha");
        var begins = await APerson("Marisol Quintanilla-Vega");
        var named = await APerson("Marisol Quintanilla");
        var aliased = await APerson("Sol", "marisol QUINTANILLA");

        var found = await Find("Mari\u0301sol Quintanilla");

        Assert.That(found.Select(Reason), Is.EqualTo(new[] { $"{aliased} alias", $"{named} name", $"{begins} prefix", $"{similar} similar" }));
        Assert.That((string?)found[0]!["alias"], Is.EqualTo("marisol QUINTANILLA"), "which alias it was");
        Assert.That(found[1]!["alias"], Is.Null);
        Assert.That((await Find("Marisol Quintanilla", limit: 3)).Select(Reason).Last(), Is.EqualTo($"{begins} prefix"), "nothing similar where there is enough");
    }

    [TestCase("Anneliese Brzezinska", "Annelise Brzezinska", TestName = "a letter missing")]
    [TestCase("Thomasina Okonkwo", "Thomasinna Okonkwo", TestName = "a letter too many")]
    [TestCase("Jhonattan Villalobos", "Jhonattan Vilalobso", TestName = "letters exchanged")]
    [TestCase("Guðrún Þórsdóttir", "gudrun thorsdottir", TestName = "without accents")]
    [TestCase("Kasimir Wolkenstein", "Wolkenstein, Kasimir", TestName = "the other way round")]
    [TestCase("Petronella van der Zijl", "petronella vd zijl", TestName = "a word missing")]
    [TestCase("Екатерина Жуковская", "екатерина жуковсая", TestName = "in another script")]
    [TestCase("מרים אוחיון", "מרים אוחין", TestName = "from right to left")]
    [TestCase("佐藤美咲", "佐藤美咲", TestName = "without blanks")]
    public async Task S1_5_typos_and_accents_do_not_hide_a_person(string name, string asked)
    {
        var person = await APerson(name);

        var found = await Find(asked);

        Assert.That(found.FirstOrDefault()?["id"]?.GetValue<Guid>(), Is.EqualTo(person), found.ToJsonString());
    }

    [Test]
    public async Task Names_that_have_nothing_of_it_are_not_found_and_signs_are_no_names()
    {
        await APerson("Balthazar Underhill");

        foreach (var asked in new[] { "Xqwzk Ppjjv", "---", "'", "%", "_", "\\", "a' | 'b", ":*", "!" }) Assert.That(await Find(asked), Is.Empty, asked);
        (await Owner.Get("/people/search?q=")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Get($"/people/search?q={new string('x', 201)}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Get("/people/search?q=x&limit=51")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Owner.Get("/people/search")).ExpectProblem(HttpStatusCode.BadRequest, "MISSING_PARAMETER");
    }

    [Test]
    public async Task Who_is_renamed_trashed_or_anothers_is_not_found_by_it()
    {
        var person = await APerson("Ottoline Featherstone", "Ottie Feather");
        (await Platform.Stranger.Post("/people", new { DisplayName = "Ottoline Featherstone" })).Expect(HttpStatusCode.Created);

        Assert.That((await Find("Ottoline Featherstone")).Select(Reason), Is.EqualTo(new[] { $"{person} name" }));
        (await Owner.Patch($"/people/{person}", new { DisplayName = "Ottolina Steinfeder" })).Expect(HttpStatusCode.OK);
        Assert.That((await Find("Ottoline Featherstone")).Select(Reason), Has.None.EqualTo($"{person} name"));
        Assert.That((await Find("Ottoline")).Select(Reason), Is.EqualTo(new[] { $"{person} similar" }), "by a word that nobody is called by any more, and that is like another");
        Assert.That((await Find("Otolina Steinfeder")).Select(Reason), Is.EqualTo(new[] { $"{person} similar" }));
        Assert.That((await Find("ottie feather")).Select(Reason), Is.EqualTo(new[] { $"{person} alias" }));

        (await Owner.Delete($"/people/{person}")).Expect(HttpStatusCode.OK);
        Assert.That(await Find("Ottolina Steinfeder"), Is.Empty);
        Assert.That(await Find("ottie feather"), Is.Empty);
        (await Owner.Post($"/people/{person}/aliases", new { Alias = "Late" })).ExpectProblem(HttpStatusCode.Gone, "PERSON_IN_TRASH");
        (await Owner.Post($"/people/{person}/restore")).Expect(HttpStatusCode.OK);
        Assert.That((await Find("ottie feather")).Select(Reason), Is.EqualTo(new[] { $"{person} alias" }));
        (await Owner.Delete($"/people/{person}?purge=true")).Expect(HttpStatusCode.OK);
        Assert.That(await Find("ottie feather"), Is.Empty);
        Assert.That(await Platform.Sql<long>($"select count(*) from name_words where client_id = '{Owner.ClientId}' and word in ('ottoline', 'featherstone', 'ottolina', 'steinfeder', 'ottie')"), Is.Zero, "nothing of a name is left");
    }

    [Test]
    public async Task An_editor_purges_no_person_who_has_more_than_a_name()
    {
        var editor = await Platform.CreateKey(Owner, Role.Editor);
        var (bare, known) = ((await editor.Post("/people", new { DisplayName = "Bare Person" })).Id, (await editor.Post("/people", new { DisplayName = "Known Person" })).Id);
        (await Owner.Post($"/people/{known}/aliases", new { Alias = "Somebody" })).Expect(HttpStatusCode.Created);

        (await editor.Delete($"/people/{bare}?purge=true")).Expect(HttpStatusCode.OK);
        (await editor.Delete($"/people/{known}?purge=true")).ExpectProblem(HttpStatusCode.Forbidden, "ROLE_TOO_LOW");
        Assert.That((await Owner.Delete($"/people/{known}?purge=true")).Expect(HttpStatusCode.OK).Data["aliases"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task Another_of_the_same_name_is_told_and_written_all_the_same()
    {
        var first = await APerson("Ludmilla Straße");

        var second = (await Owner.Post("/people", new { DisplayName = "LUDMILLA STRASSE", Type = "photographer" })).Expect(HttpStatusCode.Created);

        var warning = second.Json["metadata"]!["warnings"]![0]!;
        Assert.That(((string?)warning["code"], warning["related_ids"]![0]!.GetValue<Guid>()), Is.EqualTo(("DUPLICATE_PERSON", first)));
        (await Owner.Patch($"/people/{second.Id}", new { Type = "director" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        Assert.That((await Owner.Get("/people?type=photographer&display_name[icontains]=strasse")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Aliases_are_found_by_words_and_filtered_by()
    {
        var person = await APerson("Wilhelmina Ostrander", "Minnie Starlight");

        foreach (var list in new[] { "/people?q=starlight", "/people?alias=minnie%20STARLIGHT", "/search?q=starlight" })
            Assert.That((await Owner.Get(list)).Expect(HttpStatusCode.OK).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>()), Is.EqualTo(new[] { person }), list);
    }

    [Test]
    public async Task Many_who_name_people_with_the_same_words_at_once_do_not_hinder_each_other()
    {
        string[] words = ["Aurelio", "Benedikta", "Cassiopeia", "Demetrius"];
        var names = Enumerable.Range(0, 24).Select(n => string.Join(' ', words.OrderBy(word => (word[n % 4] * 31) + n)) + $" {n}").ToList();

        var made = await Task.WhenAll(names.Select(name => Owner.Post("/people", new { DisplayName = name })));

        Assert.That(made.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(await Find("aurelio benedikta cassiopeia demetrius", limit: 50), Has.Count.EqualTo(24));
    }

    [Test]
    public async Task A_viewer_finds_and_writes_no_names()
    {
        var person = await APerson("Viewable Person");
        var viewer = await Platform.CreateKey(Owner, Role.Viewer);

        (await viewer.Get("/people/search?q=viewable")).Expect(HttpStatusCode.OK);
        (await viewer.Post($"/people/{person}/aliases", new { Alias = "No" })).ExpectProblem(HttpStatusCode.Forbidden, "FORBIDDEN");
        (await Platform.Stranger.Post($"/people/{person}/aliases", new { Alias = "No" })).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
        (await Platform.Stranger.Get($"/people/{person}/aliases")).ExpectProblem(HttpStatusCode.NotFound, "PERSON_NOT_FOUND");
    }

    private async Task<Guid> APerson(string name, params string[] aliases)
    {
        var id = (await Owner.Post("/people", new { DisplayName = name })).Expect(HttpStatusCode.Created).Id;
        foreach (var alias in aliases) (await Owner.Post($"/people/{id}/aliases", new { Alias = alias })).Expect(HttpStatusCode.Created);
        return id;
    }

    private async Task<JsonArray> Find(string name, int limit = 20) => (await Owner.Get($"/people/search?q={Uri.EscapeDataString(name)}&limit={limit}")).Expect(HttpStatusCode.OK).Data.AsArray();

    private static string Reason(JsonNode? found) => $"{found!["id"]} {found["match"]}";
}
