namespace MediaPlatform.Api.Http;

internal static class Documentation
{
    public const string Path = "/swagger";

    public static void AddDocumentation(this IServiceCollection services) => services.AddEndpointsApiExplorer();
}
