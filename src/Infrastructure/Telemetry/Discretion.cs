using System.Diagnostics;
using OpenTelemetry;

namespace MediaPlatform.Infrastructure.Telemetry;

/// <summary>
/// Takes out of spans what may be a secret or a person's: paths and queries, in which links carry signatures and tokens; what a browser says of itself;
/// and the messages of exceptions, in which the database repeats values. What was asked for stays, as the route's template; of servers that we ask, which
/// they are; of exceptions, their type and where they came from.
/// </summary>
internal sealed class Discretion : BaseProcessor<Activity>
{
    // Asked before the runtime adds a tag of its own of each name that is not there yet.
    private readonly ActivityListener exceptions = new()
    {
        ShouldListenTo = static _ => true,
        ExceptionRecorder = static (_, exception, ref tags) =>
        {
            tags.Add("exception.message", "");
            tags.Add("exception.stacktrace", exception.StackTrace);
        },
    };

    public Discretion() => ActivitySource.AddActivityListener(exceptions);

    public override void OnEnd(Activity data)
    {
        if (data.Kind is ActivityKind.Server)
        {
            foreach (var name in (ReadOnlySpan<string>)["url.path", "url.query", "user_agent.original", "client.address"]) data.SetTag(name, value: null);
        }
        else if (data.GetTagItem("url.full") is string address)
        {
            data.SetTag("url.full", Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : null);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) exceptions.Dispose();
        base.Dispose(disposing);
    }
}
