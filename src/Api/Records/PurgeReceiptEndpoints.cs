using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Records;

internal static class PurgeReceiptEndpoints
{
    public static void MapPurgeReceipts(this RouteGroupBuilder api)
    {
        var receipts = api.MapGroup("/purge-receipts").Needs(Role.Admin);
        receipts.MapList(
            new("PurgeReceipt", "receipts of purges", ListFields.PurgeReceipts, "What is gone for good, newest first. A receipt outlives what it is of, and stays."), request => new ListPurgeReceipts(request));
        receipts.MapGet("/{id:guid}", Get).Returns<PurgeReceiptDetails>().Problems(404, "PURGE_RECEIPT_NOT_FOUND");
    }

    /// <summary>Get a receipt of a purge</summary>
    /// <remarks>`objects_pending` is zero when nothing of it is left in the storage.</remarks>
    private static async Task<IResult> Get(Guid id, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetPurgeReceipt(id), cancellationToken)).Match(Respond.Ok, Problem.From);
}
