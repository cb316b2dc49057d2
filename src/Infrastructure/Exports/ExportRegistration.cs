using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Infrastructure.Exports;

internal static class ExportRegistration
{
    public static void AddExports(this IServiceCollection services)
    {
        services.AddSingleton<ExportSources>();
        services.AddScoped<IExportedLists, ExportedLists>();
        services.AddScoped<ExportStore>(); // one for a scope: it knows what an attempt has begun
        services.AddScoped<IExports>(provider => provider.GetRequiredService<ExportStore>());
        services.AddScoped<IJobSubject>(provider => provider.GetRequiredService<ExportStore>());
    }
}
