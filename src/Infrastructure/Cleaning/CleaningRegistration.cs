using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Infrastructure.Cleaning;

/// <summary>Puts the cleaner into the container.</summary>
public static class CleaningRegistration
{
    /// <summary>Adds <see cref="IMetadataCleaner"/>, with <see cref="CleaningOptions"/> from the section <c>Cleaning</c>.</summary>
    public static IServiceCollection AddCleaning(this IServiceCollection services)
    {
        services.AddSettings<CleaningOptions>("Cleaning");
        return services.AddSingleton<ExifTool>().AddSingleton<IMetadataCleaner, ExifToolCleaner>();
    }

    /// <summary>What sharing asks of the database.</summary>
    internal static IServiceCollection AddSharing(this IServiceCollection services) => services
        .AddScoped<IMediaShares, Shares>()
        .AddScoped<ICleanOriginals, CleanOriginals>()
        .AddScoped<IJobSubject, CleanOriginals>();
}
