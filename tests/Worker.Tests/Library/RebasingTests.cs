using System.Net;
using MediaPlatform.Tests.Support;
using MediaPlatform.Worker.Tests.Jobs;
using MediaPlatform.Application.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Library;

/// <summary>Media that somebody has copied from the disk into a bucket.</summary>
internal sealed class RebasingTests
{
    [Test]
    public async Task Nothing_changes_while_one_is_missing_and_all_when_all_are_there()
    {
        await using var platform = await Platform.Start(withWorker: true, overrides: JobRows.NoBroker);
        await platform.MakeBucket();
        var (owner, bytes) = (platform.Tenant, Samples.Jpeg(1));
        var asset = (await owner.Upload(bytes, waitSeconds: 20)).Expect(HttpStatusCode.Created).Id;
        await owner.AssetBecomes(asset, "ready");
        var others = (await platform.Stranger.Upload(Samples.Jpeg(2), waitSeconds: 20)).Expect(HttpStatusCode.Created).Id;
        await platform.Stranger.AssetBecomes(others, "ready");
        var keys = await Keys(platform, owner);
        var bucket = platform.ApiServices.GetRequiredService<IMediaStores>().Of("s3");
        foreach (var key in keys[1..]) await Copy(platform, bucket, key);

        var refused = await Rebase(owner, "failed");
        Assert.That(($"{refused["error_code"]}", $"{refused["error_message"]}"), Is.EqualTo(("LIBRARY_REBASE_INCOMPLETE", $"1 objects are not in s3 as they are to be, and nothing was changed: {keys[0]}")));
        Assert.That(await Places(platform, owner), Is.EqualTo("local"));

        await using (var wrong = new MemoryStream([.. bytes[..^1], (byte)(bytes[^1] ^ 1)])) await bucket.Put(keys[0], wrong, "image/jpeg", CancellationToken.None);
        await Rebase(owner, "failed"); // as long, and not the same
        await Copy(platform, bucket, keys[0]);
        await platform.Sql<object>($"insert into object_deletions (client_id, storage_provider, storage_key, reason, due_at) values ('{owner.ClientId}', 's3', '{keys[0]}', 'test', now() + interval '1 day')");
        await Rebase(owner, "failed"); // it would be gone tomorrow
        await platform.Sql<object>("delete from object_deletions");
        Assert.That((await Places(platform, owner), (await owner.Get("/library/stats")).Data["root_version"]!.GetValue<int>(), await platform.Count("library_rebase_objects")), Is.EqualTo(("local", 1, 0L)));

        await Rebase(owner, "succeeded");

        Assert.That((await Places(platform, owner), await Places(platform, platform.Stranger)), Is.EqualTo(("s3", "local")));
        Assert.That(((await owner.Get("/library/stats")).Data["root_version"]!.GetValue<int>(), (await platform.Stranger.Get("/library/stats")).Data["root_version"]!.GetValue<int>()), Is.EqualTo((2, 1)));
        foreach (var key in keys)
        {
            Assert.That(File.Exists(Path.Combine(platform.StorageRoot, key)), "nothing is deleted");
            File.Delete(Path.Combine(platform.StorageRoot, key));
        }

        var content = (await owner.Get($"/media/{asset}/content")).Expect(HttpStatusCode.Found).Headers.Location!;
        using var http = new HttpClient();
        Assert.That(await http.GetByteArrayAsync(new Uri(platform.Address, content)), Is.EqualTo(bytes));
        Assert.That((await owner.Get($"/audit?entity_id={asset}&operation=update")).Data.ToJsonString(), Does.Contain("storage_provider"));
    }

    [Test]
    public async Task What_it_did_not_find_stays_where_it_is()
    {
        await using var platform = await Platform.Start(overrides: JobRows.NoBroker);
        await platform.MakeBucket();
        var owner = platform.Tenant;
        (await owner.Post("/library/rebase", new { From = "local", To = "nowhere" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "STORE_NOT_CONFIGURED");
        (await owner.Post("/library/rebase", new { From = "local", To = "local" })).ExpectProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR");
        var job = (await owner.Post("/library/rebase", new { From = "local", To = "s3" })).Expect(HttpStatusCode.Accepted).Id;
        (await owner.Post("/library/rebase", new { From = "local", To = "s3" })).ExpectProblem(HttpStatusCode.Conflict, "LIBRARY_BUSY");
        (await owner.Post("/library/verify", new { })).ExpectProblem(HttpStatusCode.Conflict, "LIBRARY_BUSY");

        // the job has looked, and found nothing to be missing; then something comes in before it ends
        var rival = new Npgsql.NpgsqlConnection(platform.Database);
        await using (rival)
        {
            await rival.OpenAsync();
            await using var transaction = await rival.BeginTransactionAsync();
            await using (var hold = new Npgsql.NpgsqlCommand($"select from clients where id = '{owner.ClientId}' for update", rival)) await hold.ExecuteNonQueryAsync();
            await platform.StartWorker();
            await Eventually.Is("it waits for the client", async () => await platform.Count("pg_stat_activity where wait_event_type = 'Lock' and query like '%library_root_version%' and datname = current_database()") == 1);
            await using (var land = new Npgsql.NpgsqlCommand(
                $"""
                insert into media_assets (client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, created_at, created_by_kind, updated_at)
                values ('{owner.ClientId}', gen_random_uuid(), 'image', 'JPEG', 'image/jpeg', 'late.jpg', 1, sha256('late'), 'local', 'late', 'ready', 'upload', now(), 'key', now())
                """, rival)) await land.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        await owner.JobBecomes(job, "succeeded");
        Assert.That(await Places(platform, owner), Is.EqualTo("local"));
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> Rebase(Tenant owner, string status) =>
        await owner.JobBecomes((await owner.Post("/library/rebase", new { From = "local", To = "s3", Checksums = true })).Expect(HttpStatusCode.Accepted).Id, status);

    private static async Task Copy(Platform platform, IMediaStore bucket, string key)
    {
        await using var file = File.OpenRead(Path.Combine(platform.StorageRoot, key));
        await bucket.Put(key, file, "image/jpeg", CancellationToken.None);
    }

    private static async Task<string[]> Keys(Platform platform, Tenant tenant) => (await platform.Sql<string[]>(
        $"select array_agg(storage_key order by storage_key) from (select storage_key from media_assets where client_id = '{tenant.ClientId}' union all select storage_key from media_variants where client_id = '{tenant.ClientId}') o"))!;

    private static async Task<string> Places(Platform platform, Tenant tenant) => (await platform.Sql<string>(
        $"select string_agg(distinct storage_provider, ',') from (select storage_provider from media_assets where client_id = '{tenant.ClientId}' union all select storage_provider from media_variants where client_id = '{tenant.ClientId}') o"))!;
}
