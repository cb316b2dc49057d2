using MediaPlatform.Application;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Audit;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Publication;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Schema;
using MediaPlatform.Application.Search;
using MediaPlatform.Application.Tagging;
using MediaPlatform.Infrastructure.Access;
using MediaPlatform.Infrastructure.Audit;
using MediaPlatform.Infrastructure.Cleaning;
using MediaPlatform.Infrastructure.Episodes;
using MediaPlatform.Infrastructure.Exports;
using MediaPlatform.Infrastructure.Fetching;
using MediaPlatform.Infrastructure.Health;
using MediaPlatform.Infrastructure.Imaging;
using MediaPlatform.Infrastructure.Jobs;
using MediaPlatform.Infrastructure.Library;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Production;
using MediaPlatform.Infrastructure.Publication;
using MediaPlatform.Infrastructure.Records;
using MediaPlatform.Infrastructure.Schema;
using MediaPlatform.Infrastructure.Search;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Infrastructure.Tagging;
using MediaPlatform.Infrastructure.Video;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaPlatform.Infrastructure;

/// <summary>Puts the adapters into a container.</summary>
public static class Registration
{
    /// <summary>An options record, bound to its section and validated when the host starts; a wrong setting stops the start with a sentence that names it.</summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
        return services;
    }

    /// <summary>The database, and all that Application asks of it.</summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services, string applicationName)
    {
        services.AddSettings<DatabaseOptions>("Database");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Database.CreateDataSource(provider.GetRequiredService<DatabaseOptions>(), applicationName));
        services.AddSingleton<IReadinessCheck, DatabaseReadiness>();
        services.AddScoped<CallContext>();
        services.AddScoped<DbSession>();
        services.AddScoped<ITransactions>(provider => provider.GetRequiredService<DbSession>());
        services.AddScoped<IIdempotencyKeys, IdempotencyKeys>();

        services.AddSingleton<IKeyring, Keyring>();
        services.AddSingleton<IUserDirectory, UserDirectory>();
        services.AddSingleton<EntityNames>();
        services.AddSingleton<IGuestTokens, GuestTokens>();
        services.AddScoped<IApiKeys, ApiKeys>();
        services.AddScoped<IClients, Clients>();
        services.AddScoped<IMembers, Members>();
        services.AddSingleton<IFileTypes, FileTypes>();
        services.AddScoped<IJobs, JobStore>();
        services.AddScoped<IJobQueue, JobQueue>();
        services.AddScoped<IJobHistory, JobHistory>();
        services.AddScoped<IJobSchedule, JobSchedule>();
        services.AddScoped<IJobSubject, ProcessedMedia>();
        services.AddScoped<IUploads, Uploads>();
        services.AddScoped<IJobSubject, Uploads>();
        services.AddScoped<IMediaAssets, MediaAssets>();
        services.AddRecords(MediaRecords.Table).AddSingleton(MediaRecords.Searched);
        services.AddScoped<IAttachments, Attachments>();
        services.AddScoped<IProcessedMedia, ProcessedMedia>();
        services.AddScoped<IObjectDeletions, ObjectDeletions>();
        services.AddSettings<AuditOptions>("Audit");
        services.AddSingleton<EventWaiters>();
        services.AddScoped<IChangeRetention, ChangeRetention>();
        services.AddScoped<ITags, TagStore>();
        services.AddScoped<ITagCounts, TagCounts>();
        services.AddSingleton<ClientSchemas>();
        services.AddScoped<IFieldPromotions, FieldPromotions>();
        services.AddRecords(FieldDefinitionRecords.Table, FieldDefinitionRecords.List);
        services.AddScoped<IMediaShares, Shares>();
        services.AddScoped<ICleanOriginals, CleanOriginals>();
        services.AddScoped<IJobSubject, CleanOriginals>();
        services.AddSettings<SealingOptions>("Sealing");
        services.AddSingleton<Seals>();
        services.AddRecords(PersonRecords.Table, PersonRecords.List, PersonRecords.Searched);
        services.AddScoped<IAliases, Aliases>();
        services.AddScoped<IPersonMerges, PersonMerges>();
        services.AddScoped<IMediaItems, MediaItems>();
        services.AddRecords(LabelRecords.Networks, LabelRecords.NetworkList, LabelRecords.SearchedNetworks);
        services.AddRecords(LabelRecords.Labels, LabelRecords.LabelList, LabelRecords.SearchedLabels);
        services.AddLinks<LabelFields, NetworkFields, LabelNetworkLink, LabelNetworkDetails>(LabelRecords.NetworksOfLabels, LabelRecords.NetworksOfLabelsView);
        services.AddRecords(LabelRecords.Projects, LabelRecords.ProjectList, LabelRecords.SearchedProjects);
        services.AddRecords(SessionRecords.Table, SessionRecords.List, SessionRecords.Searched);
        services.AddLinks<SessionFields, PersonFields, SessionParticipantLink, SessionParticipantDetails>(SessionRecords.Participants, SessionRecords.ParticipantsView);
        services.AddRecords(ChannelRecords.Table, ChannelRecords.List, ChannelRecords.Searched);
        services.AddLinks<ChannelFields, LabelFields, ChannelLabelLink, ChannelLabelDetails>(ChannelRecords.Labels, ChannelRecords.LabelsView);
        services.AddRecords(SetRecords.Table, SetRecords.List, SetRecords.Searched);
        services.AddLinks<SetFields, LabelFields, SetLabelClaim, SetLabelClaimDetails>(SetRecords.LabelClaims, SetRecords.LabelClaimsView);
        services.AddLinks<SetFields, SessionFields, SetSessionLink, SetSessionDetails>(SetRecords.Sessions, SetRecords.SessionsView);
        services.AddLinks<SetFields, PersonFields, SetParticipantLink, SetParticipantDetails>(SetRecords.Participants, SetRecords.ParticipantsView);
        services.AddScoped<ICredits, Credits>();
        services.AddScoped<ISetMedia, SetMedia>();
        services.AddSingleton<ISetImportReader, SetImportReader>();
        services.AddScoped<ISetImports, SetImports>();
        services.AddSettings<LibraryOptions>("Library");
        services.AddScoped<ILibrary, StockLibrary>();
        services.AddScoped<ILibraryBudget, LibraryBudgets>();
        services.AddScoped<IStockEviction, StockEviction>();
        services.AddScoped<IStoredObjects, StoredObjects>();
        services.AddScoped<IVerifications, Verifications>();
        services.AddScoped<IStrayRenditions, StrayRenditions>();
        services.AddScoped<IRebases, Rebases>();
        services.AddScoped<IJobSubject, Rebases>();
        services.AddScoped<IJobSubject, Verifications>();
        services.AddScoped<IManifests, Manifests>();
        services.AddScoped<IJobSubject, Manifests>();
        services.AddRecords(ManifestRecords.Table, ManifestRecords.List, ManifestRecords.Searched);
        services.AddRecords(ShowRecords.Table, ShowRecords.List, ShowRecords.Searched);
        services.AddRecords(EpisodeRecords.Table, EpisodeRecords.List, EpisodeRecords.Searched);
        services.AddRecords(ClipRecords.TalentSources, ClipRecords.TalentSourceList, ClipRecords.SearchedTalentSources);
        services.AddRecords(ClipRecords.Table, ClipRecords.List, ClipRecords.Searched);
        services.AddSettings<GuestOptions>("Guests");
        services.AddRecords(GuestRecords.Table, GuestRecords.List, GuestRecords.Open).AddSingleton(GuestRecords.Searched);
        services.AddScoped<IGuests, Guests>();
        services.AddLinks<EpisodeFields, GuestFields, EpisodeGuestLink, EpisodeGuestDetails>(GuestRecords.OfEpisodes, GuestRecords.OfEpisodesView);
        services.AddRecords(ComponentRecords.Table, ComponentRecords.List, ComponentRecords.Searched);
        services.AddRecords(WardrobeItemRecords.Table, WardrobeItemRecords.List, WardrobeItemRecords.Searched);
        services.AddRecords(OutfitRecords.Table, OutfitRecords.List, OutfitRecords.Searched);
        services.AddScoped<IWardrobe, Wardrobe>();
        services.AddRecords(SharedAssetRecords.UiElements, SharedAssetRecords.UiElementList, SharedAssetRecords.SearchedUiElements);
        services.AddRecords(SharedAssetRecords.Backgrounds, SharedAssetRecords.BackgroundList, SharedAssetRecords.SearchedBackgrounds);
        services.AddScoped<ISharedAssets, SharedAssets>();
        services.AddScoped<IThumbnails, Thumbnails>();
        services.AddScoped<IJobSubject, Thumbnails>();
        services.AddRecords(ScriptRecords.Table).AddRecords(ScriptRecords.Versions).AddScoped<IScripts, Scripts>().AddSingleton(ScriptQueries.Searched);
        services.AddScoped<ISearchReindexes, SearchReindexes>();
        foreach (var kind in EpisodeCompleteness.Kinds.Concat(ProductionCompleteness.Kinds)) services.AddSingleton(kind);
        services.AddSingleton<ExportSources>();
        services.AddScoped<IExportedLists, ExportedLists>();
        services.AddScoped<ExportStore>(); // one for a scope: it knows what an attempt has begun
        services.AddScoped<IExports>(provider => provider.GetRequiredService<ExportStore>());
        services.AddScoped<IJobSubject>(provider => provider.GetRequiredService<ExportStore>());
        return services;
    }

    /// <summary>The commands, queries and operations, for whoever sends any.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services) => services.AddUseCases(typeof(Registration).Assembly);

    /// <summary>The media storage and its links.</summary>
    public static IServiceCollection AddMediaStorage(this IServiceCollection services)
    {
        services.AddSettings<StorageOptions>("Storage");
        services.AddSettings<S3Options>("S3");
        services.AddSettings<R2Options>("R2");
        services.AddOptions<StorageOptions>().Validate<S3Options, R2Options>(
            static (storage, s3, r2) => storage.Origin switch { MediaOrigin.S3 => s3.IsConfigured, MediaOrigin.R2 => r2.IsConfigured, _ => true },
            "Storage:Origin (MEDIA_ORIGIN) names a store without a bucket; set S3:Bucket or R2:Bucket.");
        services.AddSettings<MediaOptions>("Media");
        services.AddSingleton<ScratchSpace>();
        services.AddSingleton<IScratchSpace>(provider => provider.GetRequiredService<ScratchSpace>());
        services.AddSingleton<LocalLinks>();
        services.AddSingleton<LocalDisk>();
        services.AddSingleton<MediaStores>();
        services.AddSingleton<IMediaStores>(provider => provider.GetRequiredService<MediaStores>());
        services.AddSingleton<IMediaLinks, MediaLinks>();
        services.AddSingleton<IShareLinks, ShareLinks>();
        services.AddSingleton<IReadinessCheck, StorageReadiness>();
        return services;
    }

    /// <summary>What fetches files by URL, and for whoever only takes them says which can be.</summary>
    public static IServiceCollection AddUrlFetching(this IServiceCollection services)
    {
        services.AddSettings<FetchOptions>("Fetch");
        services.AddSingleton<IHostResolver, SystemHostResolver>();
        services.AddSingleton<IUrlFetcher, UrlFetcher>();
        return services;
    }

    /// <summary>The providers of stock media that have a key, in the order of the settings; for whoever only offers them as well.</summary>
    public static IServiceCollection AddStockProviders(this IServiceCollection services)
    {
        services.AddSettings<StockOptions>("Stock");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StockProviders>();
        services.AddSingleton(provider => provider.GetRequiredService<StockProviders>().All);
        services.AddSingleton<IEnumerable<IStockProvider>>(provider => provider.GetRequiredService<StockProviders>().All); // which of them there are is known by the settings alone
        return services;
    }

    /// <summary>What the worker reads and writes files with.</summary>
    public static IServiceCollection AddMediaTools(this IServiceCollection services)
    {
        services.AddSettings<ImagingOptions>("Imaging");
        services.AddSingleton<ImageDecoderPool>();
        services.AddSingleton<IImageDecoder>(provider => provider.GetRequiredService<ImageDecoderPool>());
        services.AddSettings<VideoOptions>("Video");
        services.AddSingleton(provider => FfmpegProcess.From(provider.GetRequiredService<VideoOptions>()));
        services.AddSingleton<IVideoProber, FfmpegVideoProber>();
        services.AddSettings<CleaningOptions>("Cleaning");
        services.AddSingleton<ExifTool>();
        services.AddSingleton<IMetadataCleaner, ExifToolCleaner>();
        return services;
    }
}
