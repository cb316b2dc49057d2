using MediaPlatform.Application.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Application.Jobs;

/// <summary>Puts the handlers of jobs into the worker's container.</summary>
public static class Registration
{
    /// <summary>Every <see cref="IJobHandler"/>, and what handlers share.</summary>
    public static IServiceCollection AddJobHandlers(this IServiceCollection services) => services
        .AddTransient<RenditionWriter>()
        .Scan(scan => scan
            .FromAssemblyOf<IJobHandler>()
            .AddClasses(classes => classes.AssignableTo<IJobHandler>(), publicOnly: false).AsImplementedInterfaces().WithTransientLifetime());
}
