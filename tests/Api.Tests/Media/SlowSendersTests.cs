using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Callers who send a body so slowly that they would hold a connection for ever.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SlowSendersTests
{
    private Platform platform = null!;

    [OneTimeSetUp]
    public async Task Start() => platform = await Platform.Start();

    [OneTimeTearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task A_form_that_trickles_is_ended_and_keeps_nothing()
    {
        var body = new Form().File(Samples.LargeJpeg(1 << 20, 700), "slow.jpg").Bytes;
        using var upload = await RawUpload.Begin(platform, platform.Tenant, body.Length);

        Assert.That(await Trickle(upload, body), Does.StartWith("HTTP/1.1 408").And.Contain("REQUEST_TIMEOUT"));
        Assert.That(await platform.Sql<long>("select count(*) from media_assets"), Is.Zero);
        Assert.That(await platform.Sql<long>("select count(*) from uploads where kind = 'direct' and status = 'open'"), Is.Zero);
    }

    [Test]
    public async Task A_part_that_trickles_is_ended_and_keeps_nothing()
    {
        var bytes = Samples.LargeJpeg(1 << 20, 701);
        var begun = (await platform.Tenant.BeginUpload(bytes)).Data;
        using var upload = await RawUpload.Begin(platform, begun["parts"]![0]!["target"]!);

        Assert.That(await Trickle(upload, bytes), Does.StartWith("HTTP/1.1 408").And.Contain("REQUEST_TIMEOUT"));
        (await platform.Tenant.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_NOT_RECEIVED");
        Assert.That(platform.StoredKeys(), Has.None.EndsWith(".part"));
    }

    /// <summary>A byte now and then, far below the least rate, until the server has had enough.</summary>
    private static async Task<string> Trickle(RawUpload upload, byte[] body)
    {
        await upload.Send(body.AsMemory(0, 5000));
        var answer = upload.ReadAnswer();
        for (var at = 5000; !answer.IsCompleted && at < 5600; at++)
        {
            await Task.WhenAny(answer, Task.Delay(100));
            if (!answer.IsCompleted) await upload.Send(body.AsMemory(at, 1));
        }

        return await answer;
    }
}
