using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Query;

namespace MediaPlatform.Infrastructure.Records;

/// <summary>How the records of a kind are read: one as one of a list.</summary>
internal sealed record RecordView<TDetails>(RecordKind Kind, ListDefinition<TDetails> List)
    where TDetails : IRecordDetails;

/// <summary>By what the list of <typeparamref name="TDetails"/> is filtered and sorted.</summary>
public sealed record FieldsOf<TDetails>(ListFields Fields);

internal sealed class RecordReader<TDetails>(RecordView<TDetails> view, DbSession db) : IQueryHandler<GetRecord<TDetails>, TDetails>, IQueryHandler<ListRecords<TDetails>, Page<TDetails>>
    where TDetails : IRecordDetails
{
    public async Task<Result<TDetails>> Handle(GetRecord<TDetails> query, CancellationToken cancellationToken)
    {
        if (await db.Find<TDetails>(view.List.SelectOne, new { db.ClientId, query.Id }, cancellationToken) is not { } record) return new RecordNotFound(view.Kind, query.Id);
        return RecordState.Hidden(view.Kind, query.Id, record.DeletedAt, db.Caller.Role, query.IncludeDeleted) is { } hidden ? hidden : record;
    }

    public Task<Result<Page<TDetails>>> Handle(ListRecords<TDetails> query, CancellationToken cancellationToken) => db.Page(view.List, query.Request, cancellationToken);
}
