using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Tests.Support;

/// <summary>A server on loopback in the place of one that is not ours.</summary>
public static class OtherServer
{
    public static async Task<WebApplication> Start(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        map(app);
        await app.StartAsync();
        return app;
    }
}
