using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>How the records of a kind are read: one as one of a list.</summary>
/// <param name="Open">Of a kind with sealed columns: a record as this role reads it.</param>
internal sealed record RecordView<TDetails>(RecordTable Table, ListDefinition<TDetails> List, Func<TDetails, SealedRecord, Role, TDetails>? Open = null)
    where TDetails : IRecordDetails;

/// <summary>By what the list of <typeparamref name="TDetails"/> is filtered and sorted.</summary>
public sealed record FieldsOf<TDetails>(ListFields Fields);

internal sealed class RecordReader<TDetails>(RecordView<TDetails> view, DbSession db, Seals seals) : IQueryHandler<GetRecord<TDetails>, TDetails>, IQueryHandler<ListRecords<TDetails>, Page<TDetails>>
    where TDetails : IRecordDetails
{
    public async Task<Result<TDetails>> Handle(GetRecord<TDetails> query, CancellationToken cancellationToken)
    {
        var kind = view.Table.Kind;
        if (await db.Find<TDetails>(view.List.SelectOne, new { db.ClientId, query.Id }, cancellationToken) is not { } record) return new RecordNotFound(kind, query.Id);
        if (record.MovedTo is { } to && !query.IncludeDeleted) return new RecordMoved(kind, query.Id, to, $"/{view.Table.Entity}/{to}");
        return RecordState.Hidden(kind, query.Id, record.DeletedAt, db.Caller.Role, query.IncludeDeleted) is { } hidden ? hidden : Opened(record);
    }

    public async Task<Result<Page<TDetails>>> Handle(ListRecords<TDetails> query, CancellationToken cancellationToken)
    {
        var page = await db.Page(view.List, query.Request, cancellationToken);
        return page.Succeeded && view.Open is not null ? page.Value with { Items = [.. page.Value.Items.Select(Opened)] } : page;
    }

    private TDetails Opened(TDetails record) => view.Open is null ? record : view.Open(record, new SealedRecord(seals, view.Table.Name, db.ClientId, record.Id), db.Caller.Role);
}
