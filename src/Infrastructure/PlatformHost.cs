using MediaPlatform.Infrastructure.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace MediaPlatform.Infrastructure;

/// <summary>What the hosts of all programs begin with.</summary>
public static class PlatformHost
{
    // Settings are read once, at the start. To reload them the host would watch every folder below the one it was started in,
    // the media too where they lie there.
    private const string WithoutReloading = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>A builder with the settings and the logs.</summary>
    /// <param name="settings">Beside the environment and the arguments, and before them all.</param>
    public static WebApplicationBuilder Create(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        var builder = WebApplication.CreateSlimBuilder([WithoutReloading, .. args]);
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddJsonLogs(builder.Configuration);
        return builder;
    }
}
