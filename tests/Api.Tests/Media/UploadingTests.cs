using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Media;

[Parallelizable(ParallelScope.All)]
internal sealed class UploadingTests
{
    private Platform platform = null!;

    [OneTimeSetUp]
    public async Task Start() => platform = await Platform.Start(withWorker: true);

    [OneTimeTearDown]
    public async Task Stop() => await platform.DisposeAsync();

    [Test]
    public async Task A_picture_becomes_ready_with_its_variants()
    {
        var reply = await platform.Tenant.Upload(Samples.Png(1), "dot.png", "image/png", waitSeconds: 20, ("title", "A dot"), ("tags", "Red, dot"));

        reply.Expect(HttpStatusCode.Created);
        Assert.That(reply.Data["status"]!.GetValue<string>(), Is.EqualTo("ready"), reply.Text);
        Assert.That(reply.Data["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()), Is.EqualTo(new[] { "red", "dot" }));
        Assert.That(reply.Data["variants"]!.AsArray(), Has.Count.EqualTo(2));
    }
}
