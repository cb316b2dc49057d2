using MediaPlatform.Api.Access;
using MediaPlatform.Api.Audit;
using MediaPlatform.Api.Episodes;
using MediaPlatform.Api.Exports;
using MediaPlatform.Api.Http;
using MediaPlatform.Api.Jobs;
using MediaPlatform.Api.Library;
using MediaPlatform.Api.Media;
using MediaPlatform.Api.Production;
using MediaPlatform.Api.Publication;
using MediaPlatform.Api.Records;
using MediaPlatform.Api.Schema;
using MediaPlatform.Api.Search;
using MediaPlatform.Api.Tagging;
using MediaPlatform.Infrastructure;
using MediaPlatform.Infrastructure.Health;
using MediaPlatform.Infrastructure.Telemetry;

namespace MediaPlatform.Api;

/// <summary>The API: what it is made of, and in which order a request passes.</summary>
public static class ApiHost
{
    /// <summary>The host, not started.</summary>
    /// <param name="settings">Beside the environment and the arguments, and before them all.</param>
    /// <param name="configure">What a host of several adds or replaces.</param>
    /// <param name="map">Endpoints beside the API's own.</param>
    /// <param name="versions">Of the API that have a document; those that are served, when left out.</param>
    public static WebApplication Build(
        string[] args, IEnumerable<KeyValuePair<string, string?>>? settings, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null,
        IReadOnlyList<int>? versions = null)
    {
        var builder = PlatformHost.Create(args, settings, quiet: typeof(Door).FullName!); // ASP.NET's lines on each 401, beside the request's own
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.AddTelemetry("mediaplatform-api");
        builder.AddHttpFrame(versions);
        builder.Services.AddPostgres("mediaplatform-api").AddUseCases().AddMediaStorage().AddUrlFetching().AddStockProviders().AddAccess();
        builder.Services.AddSingleton<CoreSchema>();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseHttpFrame();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapMetrics();
        app.MapDocumentation();

        var api = app.MapApi();
        api.MapMedia();
        api.MapUploads();
        api.MapOwners();
        api.MapFiles();
        api.MapShared();
        api.MapJobs();
        api.MapClients();
        api.MapMembers();
        api.MapApiKeys();
        api.MapExports();
        api.MapPurgeReceipts();
        api.MapAudit();
        api.MapEvents();
        api.MapTags();
        api.MapFieldDefinitions();
        api.MapSchema();
        api.MapReports();
        api.MapPeople();
        api.MapNetworks();
        api.MapLabels();
        api.MapProjects();
        api.MapSessions();
        api.MapMediaItems();
        api.MapChannels();
        api.MapSets();
        api.MapCredits();
        api.MapImports();
        api.MapLibrary();
        api.MapManifests();
        api.MapShows();
        api.MapEpisodes();
        api.MapTalentSources();
        api.MapClips();
        api.MapComponents();
        api.MapGuests();
        api.MapWardrobeItems();
        api.MapOutfits();
        api.MapEpisodeOutfits();
        api.MapThumbnails();
        api.MapUiElements();
        api.MapBackgrounds();
        api.MapEpisodeDocuments();
        api.MapEpisodeExport();
        api.MapScripts();
        api.MapSearch();
        map?.Invoke(app);
        app.NameEntities();
        return app;
    }
}
