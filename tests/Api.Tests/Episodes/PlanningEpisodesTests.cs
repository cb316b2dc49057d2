using System.Net;
using System.Text.Json.Nodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Episodes;

/// <summary>Shows and their episodes: numbers, status, dates.</summary>
internal sealed class PlanningEpisodesTests : PlatformFixture
{
    [Test]
    public async Task FR_1_an_episode_is_made_from_its_title_alone()
    {
        var made = (await Owner.Post("/episodes", new { Title = "New Year Style Reset" })).Expect(HttpStatusCode.Created);

        var read = (await Owner.Get($"/episodes/{made.Id}")).Expect(HttpStatusCode.OK).Data;
        Assert.Multiple(() =>
        {
            Assert.That(Text(read, "title"), Is.EqualTo("New Year Style Reset"));
            Assert.That(Text(read, "status"), Is.EqualTo("draft"));
            Assert.That(Text(read, "schema_version"), Is.EqualTo("1.0"));
            Assert.That(Text(read, "approval_status"), Is.EqualTo("approved"));
            Assert.That(Text(read, "created_at"), Is.EqualTo(Text(read, "updated_at")));
            Assert.That(read["production_notes"]!.ToJsonString(), Is.EqualTo("{}"));
        });
    }

    [Test]
    public async Task The_minimal_record_of_appendix_B_is_taken_and_its_read_only_fields_are_not()
    {
        var show = await AShow();
        var made = (await Send("/episodes", $$"""
            {
              "id": "ep_20251231_abc123", "show_id": "{{show}}", "external_id": "ep_20251231_abc123", "title": "New Year Style Reset", "episode_number": 1, "season": 1, "status": "in-production",
              "created_at": "2025-12-31T10:00:00Z", "updated_at": "2025-12-31T10:00:00Z", "schema_version": "1.0",
              "description": "Kick off the new year with a fresh approach to your wardrobe", "duration_seconds": 1800, "release_date": "2026-01-15", "filming_date": "2025-12-31",
              "tags": ["fashion", "New Year", "wardrobe planning", "styling tips"], "language": "en-US", "copyright": "© 2026 JustAWomanInHerPrime",
              "production_notes": {
                "lighting_setup": "3-point with key from camera left", "camera_setup": "Sony A7S III, 24-70mm f/2.8",
                "color_palette": ["champagne", "black", "gold", "nude"], "mood_board": "s3://bucket/production/ep_abc123_mood_board.pdf"
              }
            }
            """)).Expect(HttpStatusCode.Created);

        Assert.Multiple(() =>
        {
            Assert.That(Text(made.Data, "status"), Is.EqualTo("in_production"), "hyphens are underscores");
            Assert.That(Text(made.Data, "created_at"), Does.Not.StartWith("2025"));
            Assert.That(made.Data["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()), Is.EqualTo(new[] { "fashion", "new year", "wardrobe planning", "styling tips" }));
        });
        var again = (await Owner.Put($"/episodes/{made.Id}", made.Data)).Expect(HttpStatusCode.OK);
        Assert.That(again.Data["version"]!.GetValue<int>(), Is.EqualTo(1), "what was read can be put back, and changes nothing");
        foreach (var filter in new[] { "status=in-production", "production_notes.color_palette[any]=champagne,ecru", "production_notes.camera_setup[icontains]=a7s", "external_id=ep_20251231_abc123", "season=1&episode_number[gte]=1", "release_date[between]=2026-01-01,2026-02-01" })
            Assert.That(await Found($"/episodes?show_id={show}&{filter}"), Is.EqualTo(new[] { made.Id }), filter);
    }

    [Test]
    public async Task FR_12_all_that_is_wrong_is_said_at_once_with_its_fields()
    {
        var refused = (await Owner.Post("/episodes", new
        {
            Title = "", Season = -1, EpisodeNumber = -1, DurationSeconds = -5, Language = "english please", FilmingDate = "2026-02-01", EditDeadline = "2026-01-01", PublishDate = "2026-01-31",
            ProductionNotes = new[] { 1 }, Tags = new[] { " " },
        })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");

        Assert.That(
            refused.Json["errors"]!.AsArray().Select(error => Text(error!, "field")),
            Is.EquivalentTo(new[] { "title", "season", "episode_number", "duration_seconds", "language", "edit_deadline", "publish_date", "production_notes", "tags[0]" }));
    }

    [Test]
    public async Task An_episode_that_names_no_show_is_the_default_ones_which_is_made_once_however_many_come_at_once()
    {
        var stranger = Platform.Stranger;
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => stranger.Post("/episodes", new { Title = $"Pilot {number}" })));

        var shows = made.Select(episode => episode.Expect(HttpStatusCode.Created).Data["show_id"]!.GetValue<Guid>()).Distinct().ToArray();
        Assert.That(shows, Has.Length.EqualTo(1));
        var show = (await stranger.Get($"/shows/{shows[0]}")).Expect(HttpStatusCode.OK).Data;
        Assert.That(show["is_default"]!.GetValue<bool>());
        Assert.That(await Platform.Sql<long>($"select count(*) from change_log where entity = 'show' and entity_id = '{shows[0]}' and actor_kind <> 'system'"), Is.EqualTo(1), "whoever caused it is in the log");
        (await stranger.Post("/shows", new { Title = "Another", IsDefault = true })).ExpectProblem(HttpStatusCode.Conflict, "DEFAULT_SHOW_TAKEN");

        (await stranger.Delete($"/shows/{shows[0]}")).Expect(HttpStatusCode.OK);
        var next = (await stranger.Post("/episodes", new { Title = "After it" })).Expect(HttpStatusCode.Created);
        Assert.That(next.Data["show_id"]!.GetValue<Guid>(), Is.Not.EqualTo(shows[0]), "nothing is put into a show in the trash");
        (await stranger.Post($"/shows/{shows[0]}/restore")).ExpectProblem(HttpStatusCode.Conflict, "DEFAULT_SHOW_TAKEN");
    }

    [Test]
    public async Task An_episode_belongs_to_a_show_of_its_client_outside_the_trash()
    {
        var (foreign, trashed) = ((await Platform.Stranger.Post("/shows", new { Title = "Theirs" })).Id, await AShow());
        await Owner.Delete($"/shows/{trashed}");

        foreach (var show in new[] { foreign, trashed, Guid.NewGuid() })
            (await Owner.Post("/episodes", new { Title = "Lost", ShowId = show })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SHOW_NOT_FOUND");
    }

    [Test]
    public async Task A_number_is_taken_once_in_a_season_of_a_show_and_free_again_from_the_trash()
    {
        var (show, other) = (await AShow(), await AShow());
        var first = await AnEpisode(show, season: 1, number: 3);

        (await Owner.Post("/episodes", new { Title = "Twice", ShowId = show, Season = 1, EpisodeNumber = 3 })).ExpectProblem(HttpStatusCode.Conflict, "EPISODE_NUMBER_TAKEN");
        await AnEpisode(show, season: 2, number: 3);
        await AnEpisode(other, season: 1, number: 3);
        await AnEpisode(show, season: null, number: 3);
        (await Owner.Post("/episodes", new { Title = "No season is season 0", ShowId = show, Season = 0, EpisodeNumber = 3 })).ExpectProblem(HttpStatusCode.Conflict, "EPISODE_NUMBER_TAKEN");
        var unnumbered = await AnEpisode(show, season: 1);
        await AnEpisode(show, season: 1);
        (await Owner.Patch($"/episodes/{unnumbered}", new { EpisodeNumber = 3 })).ExpectProblem(HttpStatusCode.Conflict, "EPISODE_NUMBER_TAKEN");

        await Owner.Delete($"/episodes/{first}");
        (await Owner.Patch($"/episodes/{unnumbered}", new { EpisodeNumber = 3 })).Expect(HttpStatusCode.OK);
        (await Owner.Post($"/episodes/{first}/restore")).ExpectProblem(HttpStatusCode.Conflict, "EPISODE_NUMBER_TAKEN");
    }

    [Test]
    public async Task Of_many_who_take_a_number_at_once_one_has_it()
    {
        var show = await AShow();

        var all = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Owner.Post("/episodes", new { Title = "Race", ShowId = show, Season = 1, EpisodeNumber = 1 })));

        Assert.That(all.Count(reply => reply.Status is HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(all.Count(reply => reply.Status is HttpStatusCode.Conflict), Is.EqualTo(11));
    }

    [Test]
    public async Task The_next_number_is_one_after_the_last_of_the_season_or_of_the_last_season()
    {
        var show = await AShow();
        Assert.That(await Next(show), Is.EqualTo("null/1"), "of a new show");

        await AnEpisode(show, season: null, number: 4);
        Assert.That(await Next(show), Is.EqualTo("null/5"), "without seasons");
        await AnEpisode(show, season: 1, number: 10);
        await AnEpisode(show, season: 2, number: 1);
        var last = await AnEpisode(show, season: 2, number: 7);
        await AnEpisode(show, season: 3);
        Assert.That(await Next(show), Is.EqualTo("2/8"));
        Assert.That(await Next(show, "?season=1"), Is.EqualTo("1/11"));
        Assert.That(await Next(show, "?season=9"), Is.EqualTo("9/1"));
        Assert.That(await Next(show, "?season=0"), Is.EqualTo("0/5"), "no season is season 0");

        await Owner.Delete($"/episodes/{last}");
        Assert.That(await Next(show), Is.EqualTo("2/2"), "the trash takes no number");
        (await Owner.Get($"/shows/{show}/next-episode-number?season=-1")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Platform.Stranger.Get($"/shows/{show}/next-episode-number")).ExpectProblem(HttpStatusCode.NotFound, "SHOW_NOT_FOUND");

        async Task<string> Next(Guid of, string query = "")
        {
            var next = (await Owner.Get($"/shows/{of}/next-episode-number{query}")).Data;
            return $"{next["season"]?.ToJsonString() ?? "null"}/{next["episode_number"]}";
        }
    }

    [Test]
    public async Task What_is_published_says_since_when_and_keeps_it()
    {
        var episode = await AnEpisode(await AShow());
        var published = (await Owner.Patch($"/episodes/{episode}", new { Status = "published" })).Expect(HttpStatusCode.OK).Data;
        var since = Text(published, "released_at");
        Assert.That(DateTimeOffset.Parse(since), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(2)));

        var replaced = (await Owner.Put($"/episodes/{episode}", new { Title = "Renamed", Status = "published" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(replaced["show_id"]!.ToJsonString(), Is.EqualTo(published["show_id"]!.ToJsonString()), "nor does it leave its show");
        Assert.That(Text(replaced, "released_at"), Is.EqualTo(since), "a PUT that leaves it out does not release it anew");

        var archived = (await Owner.Patch($"/episodes/{episode}", new { Status = "archived" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(Text(archived, "released_at"), Is.EqualTo(since));
        var corrected = (await Owner.Patch($"/episodes/{episode}", new { Status = "published", ReleasedAt = "2020-02-02T02:02:02Z" })).Expect(HttpStatusCode.OK).Data;
        Assert.That(Text(corrected, "released_at"), Does.StartWith("2020-02-02T02:02:02"), "of old ones it is known");
        (await Owner.Patch($"/episodes/{episode}", new { Status = "finished" })).Expect(HttpStatusCode.UnprocessableEntity);
    }

    [Test]
    public async Task A_deleted_show_takes_its_episodes_along_and_brings_those_back()
    {
        var show = await AShow();
        var (live, before) = (await AnEpisode(show), await AnEpisode(show));
        await Owner.Delete($"/episodes/{before}");

        var deleted = (await Owner.Delete($"/shows/{show}")).Expect(HttpStatusCode.OK).Data;

        Assert.That(deleted["episodes"]!.GetValue<int>(), Is.EqualTo(1));
        (await Owner.Get($"/episodes/{live}")).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");
        (await Owner.Post($"/shows/{show}/restore")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/episodes/{live}")).Expect(HttpStatusCode.OK);
        (await Owner.Get($"/episodes/{before}")).ExpectProblem(HttpStatusCode.Gone, "EPISODE_IN_TRASH");
    }

    [Test]
    public async Task The_schedule_has_every_date_between_two_days_across_shows_in_their_order()
    {
        var owner = Owner;
        var (one, other) = (await AShow("A show"), await AShow("B show"));
        var first = (await owner.Post("/episodes", new { Title = "First", ShowId = one, FilmingDate = "1999-03-01", EditDeadline = "1999-03-05", PublishDate = "1999-03-08", ReleaseDate = "1999-03-08" })).Id;
        var second = (await owner.Post("/episodes", new { Title = "Second", ShowId = other, Status = "published", FilmingDate = "1999-03-05", PublishDate = "1999-03-09" })).Id;
        var trashed = (await owner.Post("/episodes", new { Title = "Gone", ShowId = other, FilmingDate = "1999-03-02" })).Id;
        await owner.Delete($"/episodes/{trashed}");
        await Platform.Stranger.Post("/episodes", new { Title = "Theirs", FilmingDate = "1999-03-02" });

        Assert.That(await Dates("from=1999-03-01&to=1999-03-08"), Is.EqualTo(new[] { $"1999-03-01 filming {first} True", $"1999-03-05 filming {second} False", $"1999-03-05 edit_deadline {first} True", $"1999-03-08 publish {first} True", $"1999-03-08 release {first} True" }));
        Assert.That(await Dates($"from=1999-03-05&to=1999-03-09&show_id={other}"), Is.EqualTo(new[] { $"1999-03-05 filming {second} False", $"1999-03-09 publish {second} False" }));
        Assert.That(await Dates("from=1999-04-01&to=1999-04-02"), Is.Empty);
        (await owner.Get("/shows/schedule?from=1999-03-02&to=1999-03-01")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await owner.Get("/shows/schedule?from=1999-03-01&to=2001-03-01")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        (await Platform.Stranger.Get($"/shows/schedule?from=1999-03-01&to=1999-03-02&show_id={one}")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SHOW_NOT_FOUND");

        async Task<string[]> Dates(string query) => [.. (await owner.Get($"/shows/schedule?{query}")).Data.AsArray().Select(date => $"{date!["date"]} {date["kind"]} {date["episode_id"]} {date["is_over"]!.GetValue<bool>()}")];
    }

    [Test]
    public async Task A_schedule_of_more_than_a_thousand_dates_is_asked_for_in_parts()
    {
        var owner = await Platform.CreateKey(Owner, Role.Admin);
        var show = await AShow();
        foreach (var batch in Enumerable.Range(0, 1_001).Chunk(500))
            (await owner.Post("/episodes/batch?atomic=true", new { Operations = batch.Select(n => new { Op = "create", Body = new { Title = $"Daily {n}", ShowId = show, FilmingDate = "1998-01-01" } }) })).Expect(HttpStatusCode.MultiStatus);

        (await owner.Get("/shows/schedule?from=1998-01-01&to=1998-01-01")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "SCHEDULE_TOO_LONG");
    }

    [Test]
    public async Task Episodes_are_found_by_words_of_their_titles_and_descriptions_and_by_tags()
    {
        var show = await AShow();
        var found = (await Owner.Post("/episodes", new { Title = "Rooftop evenings", ShowId = show, Description = "Styling champagne silks", Tags = new[] { "Sommer/É" } })).Id;
        await AnEpisode(show);

        foreach (var query in new[] { "q=rooftops", "q=\"champagne silk\"", "q=style -winter", "tags[all]=sommer/é" })
            Assert.That(await Found($"/episodes?show_id={show}&{Uri.EscapeDataString(query).Replace("%3D", "=", StringComparison.Ordinal)}"), Is.EqualTo(new[] { found }), query);
        Assert.That((await Owner.Get("/tags/sommer%2F%C3%A9")).Data["counts"]!["episode"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task Episodes_are_sorted_by_season_and_number_and_those_without_come_last()
    {
        var show = (await Owner.Post("/shows", new { Title = "Sorted" })).Id;
        foreach (var (season, number) in new (int?, int?)[] { (2, 1), (1, 10), (null, null), (1, 2) }) (await Owner.Post("/episodes", new { ShowId = show, Title = $"{season}x{number}", Season = season, EpisodeNumber = number })).Expect(HttpStatusCode.Created);

        foreach (var (sort, expected) in new[] { ("season,episode_number", new[] { "1x2", "1x10", "2x1", "x" }), ("-episode_number", ["1x10", "1x2", "2x1", "x"]), ("-season,-episode_number", ["2x1", "1x10", "1x2", "x"]) })
        {
            var (titles, path) = (new List<string>(), $"/episodes?show_id={show}&sort={sort}&limit=3");
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await Owner.Get($"{path}{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
                titles.AddRange(page.Data.AsArray().Select(one => one!["title"]!.GetValue<string>()));
                cursor = page.Json["metadata"]!["page"]!["next_cursor"]?.GetValue<string>();
            }

            Assert.That(titles, Is.EqualTo(expected), sort);
        }
    }

    private async Task<Guid> AShow(string? title = null) => (await Owner.Post("/shows", new { Title = title ?? $"Show {Guid.NewGuid():n}" })).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid> AnEpisode(Guid show, int? season = null, int? number = null) =>
        (await Owner.Post("/episodes", new { Title = "An episode", ShowId = show, Season = season, EpisodeNumber = number })).Expect(HttpStatusCode.Created).Id;

    private async Task<Guid[]> Found(string path) => [.. (await Owner.Get(path)).Data.AsArray().Select(row => row!["id"]!.GetValue<Guid>())];

    private Task<Reply> Send(string path, string json) => Owner.Send(HttpMethod.Post, path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    private static string Text(JsonNode of, string field) => of[field]!.GetValue<string>();
}
