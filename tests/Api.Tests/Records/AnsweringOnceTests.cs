using System.Net;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Records;

internal sealed class AnsweringOnceTests : RecordsFixture
{
    private const string Header = "Idempotency-Key";

    [Test]
    public async Task What_is_sent_again_is_answered_as_the_first_time_and_not_done_again()
    {
        var (key, body) = (Key(), new { Title = $"I {Guid.NewGuid():n}" });

        var first = (await Owner.Post("/albums", body, (Header, key))).Expect(HttpStatusCode.Created);
        var again = (await Owner.Post("/albums", body, (Header, key))).Expect(HttpStatusCode.Created);

        Assert.That(again.Text, Is.EqualTo(first.Text));
        Assert.That((again.Headers.ETag, again.Headers.Location), Is.EqualTo((first.Headers.ETag, first.Headers.Location)));
        Assert.That(again.Headers.GetValues("Idempotency-Replayed"), Is.EqualTo(new[] { "true" }));
        Assert.That(first.Headers.Contains("Idempotency-Replayed"), Is.False);
    }

    [Test]
    public async Task A_refusal_is_answered_again_as_well()
    {
        var (key, title) = (Key(), $"I {Guid.NewGuid():n}");
        var taken = await AnAlbum(title);
        var first = (await Owner.Post("/albums", new { Title = title }, (Header, key))).ExpectProblem(HttpStatusCode.Conflict, "ALBUM_TITLE_TAKEN");
        await Owner.Delete($"/albums/{taken}?purge=true");

        Assert.That((await Owner.Post("/albums", new { Title = title }, (Header, key))).Text, Is.EqualTo(first.Text));
    }

    [Test]
    public async Task Another_request_with_the_same_key_is_refused()
    {
        var key = Key();
        await Owner.Post("/albums", new { Title = $"I {Guid.NewGuid():n}" }, (Header, key));

        (await Owner.Post("/albums", new { Title = $"I {Guid.NewGuid():n}" }, (Header, key))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED");
        (await Owner.Post($"/albums/{Guid.NewGuid()}/approve", null, (Header, key))).ExpectProblem(HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED");
    }

    [Test]
    public async Task A_key_is_its_callers_own()
    {
        var (key, title) = (Key(), $"I {Guid.NewGuid():n}");
        var other = await Platform.CreateKey(Owner, Role.Editor);

        (await Owner.Post("/albums", new { Title = title }, (Header, key))).Expect(HttpStatusCode.Created);
        (await other.Post("/albums", new { Title = title }, (Header, key))).ExpectProblem(HttpStatusCode.Conflict, "ALBUM_TITLE_TAKEN");
    }

    [Test]
    public async Task Of_many_at_once_one_is_done()
    {
        var (key, body) = (Key(), new { Title = $"I {Guid.NewGuid():n}" });

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Owner.Post("/albums", body, (Header, key))));

        Assert.That(replies.Select(reply => (int)reply.Status), Has.All.EqualTo(201).Or.EqualTo(409));
        Assert.That(replies.Where(reply => reply.Status is HttpStatusCode.Created).Select(reply => reply.Id).Distinct().ToList(), Has.Count.EqualTo(1));
        Assert.That(replies.Where(reply => reply.Status is HttpStatusCode.Conflict).SelectMany(reply => reply.Codes).Distinct(), Is.SubsetOf(new[] { "IDEMPOTENCY_KEY_IN_USE" }));
        Assert.That((await Owner.Get($"/albums?title={body.Title}")).Data.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task While_the_first_runs_the_second_is_told_to_wait()
    {
        var (key, title) = (Key(), $"I {Guid.NewGuid():n}");
        await using var rival = await Rival(title);
        var first = Owner.Post("/albums", new { Title = title }, (Header, key));
        await Eventually.Is("the key is taken", async () => await Platform.Sql<long>($"select count(*) from idempotency_keys where key = '{key}'") == 1);

        var second = (await Owner.Post("/albums", new { Title = title }, (Header, key))).ExpectProblem(HttpStatusCode.Conflict, "IDEMPOTENCY_KEY_IN_USE");
        Assert.That(second.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(1)));

        await rival.DisposeAsync();
        (await first).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_request_that_died_before_it_did_anything_is_done_by_the_next()
    {
        var (key, body) = (Key(), new { Title = $"I {Guid.NewGuid():n}" });
        (await Owner.Post("/albums", body, (Header, key))).Expect(HttpStatusCode.Created);
        await Platform.Sql<object>($"update idempotency_keys set answered_at = null, status = null, body = null, headers = null, done_at = null, held_until = now() - interval '1 second' where key = '{key}'");
        await Platform.Sql<object>($"delete from albums where title = '{body.Title}'");

        (await Owner.Post("/albums", body, (Header, key))).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_request_that_died_after_it_was_done_is_never_done_again()
    {
        var (key, body) = (Key(), new { Title = $"I {Guid.NewGuid():n}" });
        var album = (await Owner.Post("/albums", body, (Header, key))).Id;
        await Platform.Sql<object>($"update idempotency_keys set answered_at = null, status = null, body = null, headers = null, held_until = now() - interval '1 second' where key = '{key}'");
        await Owner.Delete($"/albums/{album}?purge=true");

        (await Owner.Post("/albums", body, (Header, key))).ExpectProblem(HttpStatusCode.Conflict, "IDEMPOTENCY_ANSWER_LOST");
        Assert.That((await Owner.Get($"/albums?title={body.Title}")).Data.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Who_lost_the_key_commits_nothing()
    {
        var (key, title) = (Key(), $"I {Guid.NewGuid():n}");
        await using var rival = await Rival(title);
        var first = Owner.Post("/albums", new { Title = title }, (Header, key));
        await Eventually.Is("the key is taken", async () => await Platform.Sql<long>($"select count(*) from idempotency_keys where key = '{key}'") == 1);
        await Platform.Sql<object>($"update idempotency_keys set token = gen_random_uuid() where key = '{key}'");
        await rival.DisposeAsync();

        (await first).ExpectProblem(HttpStatusCode.Conflict, "IDEMPOTENCY_KEY_IN_USE");
        Assert.That((await Owner.Get($"/albums?title={title}")).Data.AsArray(), Is.Empty);
    }

    [Test]
    public async Task A_secret_is_not_kept_for_the_next_time()
    {
        var (key, body) = (Key(), new { Name = "render farm", Role = "editor" });
        var made = (await Owner.Post("/api-keys", body, (Header, key))).Expect(HttpStatusCode.Created);

        (await Owner.Post("/api-keys", body, (Header, key))).ExpectProblem(HttpStatusCode.Conflict, "IDEMPOTENCY_ANSWER_LOST");
        Assert.That(await Platform.Sql<long>($"select count(*) from idempotency_keys k where k::text like '%{made.Data["secret"]!.GetValue<string>()}%' or encode(coalesce(body, ''), 'escape') like '%{made.Data["secret"]!.GetValue<string>()}%'"), Is.Zero);
    }

    [Test]
    public async Task An_upload_is_the_same_whatever_boundary_stands_between_its_parts()
    {
        var (key, one, two) = (Key(), Samples.Jpeg(1), Samples.Jpeg(2));
        var first = (await Upload(key, one, "one")).Expect(HttpStatusCode.Created);

        var again = await Upload(key, one, "one");
        Assert.That((again.Status, again.Text, again.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((HttpStatusCode.Created, first.Text, true)));
        (await Upload(key, two, "one")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED");
        (await Upload(key, one, "two")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "IDEMPOTENCY_KEY_REUSED");
    }

    [Test]
    public async Task An_upload_that_was_refused_at_its_first_bytes_may_be_mended_and_sent_again()
    {
        var key = Key();
        (await Upload(key, [1, 2, 3], "one")).Expect(HttpStatusCode.UnsupportedMediaType);

        (await Upload(key, Samples.Jpeg(3), "one")).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task What_could_not_be_served_is_done_the_next_time()
    {
        await using var platform = await Platform.Start();
        var key = Key();
        Directory.Move(platform.StorageRoot, platform.StorageRoot + ".away");
        (await Upload(key, Samples.Jpeg(4), "one", platform.Tenant)).ExpectProblem(HttpStatusCode.ServiceUnavailable, "STORAGE_UNAVAILABLE");

        Directory.Move(platform.StorageRoot + ".away", platform.StorageRoot);
        (await Upload(key, Samples.Jpeg(4), "one", platform.Tenant)).Expect(HttpStatusCode.Created);
    }

    [TestCase(0)]
    [TestCase(256)]
    public async Task A_key_that_is_none_is_refused(int length) =>
        (await Owner.Send(HttpMethod.Post, "/albums", System.Net.Http.Json.JsonContent.Create(new { title = "x" }), (Header, new string('k', length)))).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_HEADER");

    private static string Key() => Guid.NewGuid().ToString("n");

    private Task<Reply> Upload(string key, byte[] bytes, string title, Tenant? of = null)
    {
        var form = new MultipartFormDataContent(Guid.NewGuid().ToString("n")) { { new StringContent(title), "title" }, { new ByteArrayContent(bytes), "file", "file.jpg" } };
        return (of ?? Owner).Send(HttpMethod.Post, "/media/upload", form, (Header, key));
    }

    /// <summary>Somebody who is about to take a title, and in the end does not: until then whoever wants it waits.</summary>
    private async Task<NpgsqlConnection> Rival(string title)
    {
        var connection = new NpgsqlConnection(Platform.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"begin; insert into albums (client_id, id, title, created_at, created_by_kind, updated_at) values ('{Owner.ClientId}', gen_random_uuid(), '{title}', now(), 'key', now())", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
