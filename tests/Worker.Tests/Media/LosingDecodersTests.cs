using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Media;

/// <summary>A decoder that a file brings down, in the whole platform: it costs that file, and the next one is fine.</summary>
internal sealed class LosingDecodersTests
{
    // The first decoder greets, takes one picture, and does this; whoever comes after it is a real one.
    [TestCase("kill -SEGV $$", "DECODER_CRASHED")]
    [TestCase("echo nonsense; sleep 50", "DECODER_CRASHED")] // sleep lives on, and holds the pipes of the shell that is killed
    [TestCase("while :; do :; done", "DECODER_TIMED_OUT")]
    [TestCase("echo 'GLib-ERROR: failed to allocate 1 bytes' >&2; kill -ABRT $$", "DECODER_OUT_OF_MEMORY")]
    public async Task A_decoder_lost_costs_one_job(string end, string code)
    {
        var flag = Path.Combine(Path.GetTempPath(), $"decoder-{Guid.NewGuid():n}");
        var real = $"exec {Environment.ProcessPath} {Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll")} decoder";
        await using var platform = await Platform.Start(withWorker: true, new Dictionary<string, string?>
        {
            ["Imaging:TimeLimit"] = "00:00:02", ["Imaging:Command:0"] = "sh", ["Imaging:Command:1"] = "-c",
            ["Imaging:Command:2"] = $"PATH=/usr/bin:/bin; if test -e {flag}; then {real}; fi; read a; echo '{{\"Version\":\"1\"}}'; read b; touch {flag}; {end}",
        });
        try
        {
            var lost = await Uploaded(platform, Samples.Jpeg(1));
            var next = await Uploaded(platform, Samples.Jpeg(2));

            Assert.That((await platform.Tenant.Get($"/media/{lost["id"]}/timeline")).Text, Does.Contain(code));
            var starved = code == "DECODER_TIMED_OUT" && lost["status"]!.GetValue<string>() == "ready"; // on a busy machine it is tried again
            if (!starved) Assert.That((lost["status"]!.GetValue<string>(), lost["error_code"]?.GetValue<string>()), Is.EqualTo(("failed", code)), lost.ToJsonString());
            Assert.That(next["status"]!.GetValue<string>(), Is.EqualTo("ready"), next.ToJsonString());
        }
        finally
        {
            File.Delete(flag);
        }
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> Uploaded(Platform platform, byte[] picture)
    {
        var id = (await platform.Tenant.Upload(picture)).Expect(HttpStatusCode.Created).Id;
        return await Eventually.Get("it is processed", async () => (await platform.Tenant.Get($"/media/{id}")).Data is var now && now["status"]!.GetValue<string>() != "processing" ? now : null);
    }
}
