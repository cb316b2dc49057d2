using MediaPlatform.Application.Media;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>Puts the prober into the container.</summary>
public static class VideoRegistration
{
    /// <summary>Adds <see cref="IVideoProber"/>, with <see cref="VideoOptions"/> from the section <c>Video</c>, validated at start.</summary>
    public static IServiceCollection AddVideo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<VideoOptions>().Bind(configuration.GetSection("Video")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<VideoOptions>, VideoOptionsValidator>()
            .AddSingleton(provider => FfmpegProcess.From(provider.GetRequiredService<IOptions<VideoOptions>>()))
            .AddSingleton<IVideoProber, FfmpegVideoProber>();
    }
}
