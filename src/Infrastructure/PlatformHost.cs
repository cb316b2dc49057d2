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

    private static readonly Dictionary<string, string> MediaVariables = new(StringComparer.Ordinal)
    {
        ["MEDIA_ORIGIN"] = "Storage:Origin", ["MEDIA_DELIVERY"] = "Storage:Delivery", ["MEDIA_BASE_URL"] = "Storage:BaseUrl",
    };

    /// <summary>A builder with the settings and the logs.</summary>
    /// <param name="settings">Beside the environment and the arguments, and before them all.</param>
    /// <param name="quiet">Sources of whose lines only warnings are written.</param>
    public static WebApplicationBuilder Create(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings, params string[] quiet)
    {
        var builder = WebApplication.CreateSlimBuilder([WithoutReloading, .. args]);
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddMediaVariables();
        builder.Logging.AddJsonLogs(builder.Configuration, quiet);
        return builder;
    }

    /// <summary><c>MEDIA_ORIGIN</c>, <c>MEDIA_DELIVERY</c> and <c>MEDIA_BASE_URL</c> are the settings of section <c>Storage</c> by other names.</summary>
    public static T AddMediaVariables<T>(this T configuration)
        where T : IConfigurationBuilder, IConfiguration
    {
        var given = MediaVariables.Select(name => KeyValuePair.Create(name.Value, configuration[name.Key])).Where(setting => !string.IsNullOrEmpty(setting.Value));
        configuration.AddInMemoryCollection([.. given]);
        return configuration;
    }
}
