using MediaPlatform.Application;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Application.Schema;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Query;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>Puts a kind of records into a container.</summary>
internal static class Registration
{
    /// <summary>The table, its use cases, and its share of the trash.</summary>
    public static IServiceCollection AddRecords<TFields>(this IServiceCollection services, RecordTable<TFields> table)
        where TFields : class => (Takes(table) ? services.AddSingleton(new DefinableEntity(table.Entity)) : services)
        .AddSingleton(table)
        .AddSingleton<RecordTable>(table)
        .AddScoped<IRecords<TFields>, Records<TFields>>()
        .AddScoped<ITrash>(provider => provider.GetRequiredService<IRecords<TFields>>())
        .AddRecordUseCases<TFields>();

    /// <summary>A table, how it is read, and how it is found: the whole of an ordinary kind.</summary>
    public static IServiceCollection AddRecords<TFields, TDetails>(this IServiceCollection services, RecordTable<TFields> table, ListDefinition<TDetails> list, Searched searched)
        where TFields : class
        where TDetails : IRecordDetails => services.AddRecords(table, list).AddSingleton(searched);

    /// <summary>A table and how it is read.</summary>
    /// <param name="open">Of a kind with sealed columns: a record as a role reads it.</param>
    public static IServiceCollection AddRecords<TFields, TDetails>(
        this IServiceCollection services, RecordTable<TFields> table, ListDefinition<TDetails> list, Func<TDetails, SealedRecord, Role, TDetails>? open = null)
        where TFields : class
        where TDetails : IRecordDetails
    {
        if (Takes(table)) list = list with { Own = new(table.Entity, row => row.CustomFields) };
        return services
        .AddRecords(table)
        .AddSingleton(new RecordView<TDetails>(table, list, open))
        .AddSingleton(ListFields.Of(list).Exported(table.Entity, list, Role.Viewer, [.. from column in table.Columns where column.IsSealed select column.Name]))
        .AddSingleton(provider => new FieldsOf<TDetails>(provider.GetServices<ListFields>().First(fields => fields.ExportedAs == table.Entity)))
        .AddTransient<IRequestHandler<GetRecord<TDetails>, Result<TDetails>>, RecordReader<TDetails>>()
        .AddTransient<IRequestHandler<ListRecords<TDetails>, Result<Page<TDetails>>>, RecordReader<TDetails>>();
    }

    /// <summary>Links between two kinds, and how they are read.</summary>
    public static IServiceCollection AddLinks<TOf, TTo, TLink, TDetails>(this IServiceCollection services, LinkTable<TLink> table, LinkView<TDetails> view)
        where TOf : class
        where TTo : class
        where TLink : class
        where TDetails : class, ILinkDetails => services
        .AddSingleton(table)
        .AddSingleton(view)
        .AddScoped<ILinks<TLink>, Links<TLink>>()
        .AddLinkUseCases<TOf, TTo, TLink>()
        .AddTransient<IRequestHandler<ListLinks<TDetails>, Result<TDetails[]>>, LinkReader<TDetails>>()
        .AddTransient<IRequestHandler<GetLink<TDetails>, Result<TDetails>>, LinkReader<TDetails>>();

    /// <summary>Whether clients declare fields of it.</summary>
    private static bool Takes(RecordTable table) => table.HasCustomFields && table.Kind != FieldDefinition.Kind;
}
