using System.Reflection;
using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Publication;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Application;

/// <summary>Puts the use cases into a container.</summary>
public static class Registration
{
    /// <summary>The mediator, its behaviours in order, and every handler and validator of this assembly and of <paramref name="handlers"/>.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services, params Assembly[] handlers)
    {
        ValidatorOptions.Global.DisplayNameResolver = static (_, member, _) => member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name); // messages name fields as callers do
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(LoggingBehaviour<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ValidationBehaviour<,>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(TransactionBehaviour<,>));
        services.AddSingleton<DirectUploads>();
        services.AddTransient<NewUploads>();
        services.AddTransient<UploadReceiver>();
        services.AddTransient<UploadResolver>();
        services.AddTransient<AliasWriter>();
        services.AddTransient<CreditWriter>();
        services.AddTransient<SetRowChecks>();
        services.AddTransient<SetImporter>();
        services.AddTransient<ISessionMedia, SessionMedia>();
        services.AddTransient<SessionOfUpload>();
        services.AddTransient<SegmentFiller>();
        services.AddTransient<OpenSharedAsset>();
        services.AddTransient<OpenThumbnailOwner>();
        services.Scan(scan => scan
            .FromAssemblies([typeof(Registration).Assembly, .. handlers])
            .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false).AsImplementedInterfaces().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableToAny(typeof(IValidator<>), typeof(IRecordRule<>)), publicOnly: false).AsImplementedInterfaces().WithSingletonLifetime()
            .AddClasses(classes => classes.AssignableTo(typeof(IRecordParts<>)), publicOnly: false).AsImplementedInterfaces().WithTransientLifetime());
        return services;
    }

    /// <summary>The use cases of one kind of records.</summary>
    public static IServiceCollection AddRecordUseCases<TFields>(this IServiceCollection services)
        where TFields : class => services
        .AddTransient<RecordWriter<TFields>>()
        .AddTransient<IRequestHandler<CreateRecord<TFields>, Result<Written>>, CreateRecordHandler<TFields>>()
        .AddTransient<IRequestHandler<EditRecord<TFields>, Result<Written>>, EditRecordHandler<TFields>>()
        .AddTransient<IRequestHandler<TrashRecord<TFields>, Result<TrashedRecord>>, TrashRecordHandler<TFields>>()
        .AddTransient<IRequestHandler<RestoreRecord<TFields>, Result<Written>>, RestoreRecordHandler<TFields>>()
        .AddTransient<IRequestHandler<PurgeRecord<TFields>, Result<PurgedRecord>>, PurgeRecordHandler<TFields>>()
        .AddTransient<IRequestHandler<MoveApproval<TFields>, Result<Written>>, MoveApprovalHandler<TFields>>();

    /// <summary>The use cases of one kind of links.</summary>
    public static IServiceCollection AddLinkUseCases<TOf, TTo, TLink>(this IServiceCollection services)
        where TOf : class
        where TTo : class
        where TLink : class => services
        .AddTransient<IRequestHandler<PutLink<TLink>, Result<PutLinkResult>>, PutLinkHandler<TOf, TTo, TLink>>()
        .AddTransient<IRequestHandler<RemoveLink<TLink>, Result<Done>>, RemoveLinkHandler<TOf, TTo, TLink>>();

    /// <summary>Every <see cref="IJobHandler"/>, and what handlers share: for the worker.</summary>
    public static IServiceCollection AddJobHandlers(this IServiceCollection services) => services
        .AddTransient<RenditionWriter>()
        .AddTransient<SetRowChecks>()
        .AddTransient<SetImporter>()
        .AddTransient<ISessionMedia, SessionMedia>()
        .AddTransient<SessionOfUpload>()
        .AddTransient<NewUploads>()
        .AddTransient<UploadReceiver>()
        .AddTransient<FetchedUploads>()
        .AddTransient<UploadResolver>()
        .AddTransient<SegmentFiller>()
        .AddTransient<StockIngest>()
        .AddTransient<RenditionRepair>()
        .Scan(scan => scan
            .FromAssemblyOf<IJobHandler>()
            .AddClasses(classes => classes.AssignableTo<IJobHandler>(), publicOnly: false).AsImplementedInterfaces().WithTransientLifetime()
            .AddClasses(classes => classes.AssignableToAny(typeof(IValidator<>), typeof(IRecordRule<>)), publicOnly: false).AsImplementedInterfaces().WithSingletonLifetime()
            .AddClasses(classes => classes.AssignableTo(typeof(IRecordParts<>)), publicOnly: false).AsImplementedInterfaces().WithTransientLifetime());
}
