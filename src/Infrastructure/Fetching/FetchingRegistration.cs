using MediaPlatform.Application.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Infrastructure.Fetching;

/// <summary>Puts the fetcher into the container.</summary>
public static class FetchingRegistration
{
    /// <summary>Adds <see cref="IUrlFetcher"/>, with <see cref="FetchOptions"/> from the section <c>Fetch</c>; the limit of a file is <c>Media:MaxFileBytes</c>.</summary>
    public static IServiceCollection AddUrlFetching(this IServiceCollection services)
    {
        services.AddSettings<FetchOptions>("Fetch");
        return services.AddSingleton<IHostResolver, SystemHostResolver>().AddSingleton<IUrlFetcher, UrlFetcher>();
    }
}
