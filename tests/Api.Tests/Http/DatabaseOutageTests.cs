using System.Net;
using MediaPlatform.Tests.Support;
using Npgsql;

namespace MediaPlatform.Api.Tests.Http;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)] // each takes its own database away
[Parallelizable(ParallelScope.All)]
internal sealed class DatabaseOutageTests
{
    private Relay relay = null!;
    private Platform platform = null!;

    [SetUp]
    public async Task Start()
    {
        var server = new NpgsqlConnectionStringBuilder(TestServers.Postgres);
        relay = Relay.To(server.Host!, server.Port);
        platform = await Platform.Start(reaching: database => new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = relay.Port }.ConnectionString);
    }

    [TearDown]
    public async Task Stop()
    {
        await platform.DisposeAsync();
        await relay.DisposeAsync();
    }

    [Test]
    public async Task Without_the_database_everything_is_unavailable_until_it_is_back()
    {
        var asset = (await platform.Tenant.Upload(Samples.Jpeg(50))).Expect(HttpStatusCode.Created);
        await relay.Close();

        foreach (var reply in new[] { await platform.Tenant.Get($"/media/{asset.Id}"), await platform.Tenant.Get("/media"), await platform.Tenant.Upload(Samples.Jpeg(51)) })
        {
            reply.ExpectProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE");
            Assert.That(reply.Headers.RetryAfter, Is.Not.Null);
        }

        relay.Open();
        await Eventually.Is("the platform answers again", async () => (await platform.Tenant.Get($"/media/{asset.Id}")).Status is HttpStatusCode.OK);
        (await platform.Tenant.Upload(Samples.Jpeg(51))).Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_database_that_goes_during_an_upload_is_told_and_the_upload_can_be_sent_again()
    {
        var body = new Form().File(Samples.LargeJpeg(3 << 20, 52), "going.jpg").Bytes;
        using var upload = await RawUpload.Begin(platform, platform.Tenant, body.Length);
        await upload.Send(body.AsMemory(0, body.Length / 2));
        await Eventually.Is("bytes are being written", () => Task.FromResult(platform.StoredKeys().Length > 0));
        await relay.Close();

        await upload.Send(body.AsMemory(body.Length / 2));
        Assert.That(await upload.ReadAnswer(), Does.StartWith("HTTP/1.1 503").And.Contain("DATABASE_UNAVAILABLE"));

        relay.Open();
        Reply? again = null;
        await Eventually.Is("the platform answers again", async () => (again = await Form.Upload(platform.Tenant, body)).Status is not HttpStatusCode.ServiceUnavailable);
        again!.Expect(HttpStatusCode.Created);
    }

    [Test]
    public async Task A_database_that_was_taken_away_is_an_outage_too()
    {
        NpgsqlConnection.ClearAllPools();
        var name = new NpgsqlConnectionStringBuilder(platform.Database).Database!;
        await Admin($"alter database {name} allow_connections false");
        await Admin($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await Admin($"alter database {name} rename to {name}_away");

        (await platform.Tenant.Get("/media")).ExpectProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE"); // by a connection of before
        (await platform.Tenant.Get("/media")).ExpectProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE"); // by a new one

        await Admin($"alter database {name}_away rename to {name}");
        await Admin($"alter database {name} allow_connections true");
        await Eventually.Is("the platform answers again", async () => (await platform.Tenant.Get("/media")).Status is HttpStatusCode.OK);
    }

    private static async Task Admin(string sql)
    {
        await using var connection = new NpgsqlConnection(TestServers.Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
