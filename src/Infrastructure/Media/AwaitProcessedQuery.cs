using System.Diagnostics;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class AwaitProcessedQuery(DbSession db) : IQueryHandler<AwaitProcessed, Done>, IQueryHandler<AwaitUpload, Done>
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private const string SelectIsProcessing = """
        select exists (
            select from media_assets
            where client_id = @ClientId and id = @Id and status = 'processing')
        """;

    private const string SelectIsUnderWay = """
        select exists (
            select from uploads upload
            left join media_assets asset on asset.client_id = upload.client_id and asset.id = upload.asset_id
            where upload.client_id = @ClientId and upload.id = @Id and (upload.status in ('received', 'verifying') or asset.status = 'processing'))
        """;

    public Task<Result<Done>> Handle(AwaitProcessed query, CancellationToken cancellationToken) => While(SelectIsProcessing, query.Id.Value, query.AtMost, cancellationToken);

    public Task<Result<Done>> Handle(AwaitUpload query, CancellationToken cancellationToken) => While(SelectIsUnderWay, query.Id.Value, query.AtMost, cancellationToken);

    private async Task<Result<Done>> While(string select, Guid id, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await db.Single<bool>(select, new { db.ClientId, Id = id }, cancellationToken) && Stopwatch.GetElapsedTime(started) < atMost) await Task.Delay(Between, cancellationToken);
        return Done.Instance;
    }
}
