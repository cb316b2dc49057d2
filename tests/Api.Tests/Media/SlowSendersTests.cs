using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Callers who send a body so slowly that they would hold a connection for ever.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SlowSendersTests() : PlatformFixture(overrides: new Dictionary<string, string?> { ["Media:BodyPatience"] = "00:00:02" })
{
    [Test]
    public async Task A_form_that_trickles_is_ended_and_keeps_nothing()
    {
        var body = new Form().File(Samples.LargeJpeg(1 << 20, 700), "slow.jpg").Bytes;
        using var upload = await RawUpload.Begin(Platform, Owner, body.Length);

        Assert.That(await Trickle(upload, body), Does.StartWith("HTTP/1.1 408").And.Contain("REQUEST_TIMEOUT"));
        Assert.That(await Platform.Sql<long>("select count(*) from media_assets"), Is.Zero);
        Assert.That(await Platform.Sql<long>("select count(*) from uploads where kind = 'direct' and status = 'open'"), Is.Zero);
    }

    [Test]
    public async Task A_part_that_trickles_is_ended_and_keeps_nothing()
    {
        var bytes = Samples.LargeJpeg(1 << 20, 701);
        var begun = (await Owner.BeginUpload(bytes)).Data;
        using var upload = await RawUpload.Begin(Platform, begun["parts"]![0]!["target"]!);

        Assert.That(await Trickle(upload, bytes), Does.StartWith("HTTP/1.1 408").And.Contain("REQUEST_TIMEOUT"));
        (await Owner.Post($"/uploads/{begun["upload"]!["id"]}/complete")).ExpectProblem(HttpStatusCode.UnprocessableEntity, "UPLOAD_NOT_RECEIVED");
        Assert.That(Platform.StoredKeys(), Has.None.EndsWith(".part"));
    }

    [Test]
    public async Task Who_began_fast_and_fell_silent_is_ended_as_well_and_the_part_can_be_sent_again()
    {
        var bytes = Samples.LargeJpeg(100 << 20, 702);
        var begun = (await Owner.BeginUpload(bytes)).Data;
        var part = begun["parts"]![0]!;
        using var silent = await RawUpload.Begin(Platform, part["target"]!);
        await silent.Send(bytes.AsMemory(0, 9 << 20));

        await Eventually.Is("the part is taken", async () => await Platform.SendPart(part, bytes, 0) is HttpStatusCode.OK);
        Assert.That(await silent.ReadAnswer(), Does.StartWith("HTTP/1.1 408").And.Contain("REQUEST_TIMEOUT"));
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
