using System.Diagnostics;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using Npgsql;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class AwaitProcessedQuery(NpgsqlDataSource source, CallContext context) : IQueryHandler<AwaitProcessed, Done>
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private const string SelectIsProcessing = """
        select exists (
            select from media_assets
            where client_id = @ClientId and id = @Id and status = 'processing')
        """;

    public async Task<Result<Done>> Handle(AwaitProcessed query, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await IsProcessing(query, cancellationToken) && Stopwatch.GetElapsedTime(started) < query.AtMost)
        {
            await Task.Delay(Between, cancellationToken);
        }

        return Done.Instance;
    }

    private async Task<bool> IsProcessing(AwaitProcessed query, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            SelectIsProcessing, new { context.Caller.ClientId, Id = query.Id.Value }, cancellationToken: cancellationToken));
    }
}
