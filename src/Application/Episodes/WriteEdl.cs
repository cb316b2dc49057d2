using MediaPlatform.Application.Media;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediatR;

namespace MediaPlatform.Application.Episodes;

/// <summary>Clips of an episode as an edit decision list, in the order of the request.</summary>
/// <param name="Title">Of the list.</param>
/// <param name="Request">Which clips.</param>
/// <param name="FrameRate">Of clips that say none.</param>
public sealed record WriteEdl(string Title, ListRequest Request, double? FrameRate) : IQuery<string>;

internal sealed class WriteEdlHandler(IMediator mediator) : IQueryHandler<WriteEdl, string>
{
    public async Task<Result<string>> Handle(WriteEdl query, CancellationToken cancellationToken)
    {
        var clips = new List<EdlClip>();
        var request = query.Request with { Limit = ListRequest.MaxLimit, Count = CountMode.None };
        while (clips.Count <= EditDecisionList.MaxEvents)
        {
            var page = await mediator.Send(new ListRecords<ClipDetails>(request), cancellationToken);
            if (!page.Succeeded) return page.As<string>();

            var names = await NamesOf(page.Value.Items, cancellationToken);
            clips.AddRange(page.Value.Items.Select(clip => new EdlClip(clip.Id, clip.FileReference ?? (clip.AssetId is { } asset ? names.GetValueOrDefault(asset, $"{asset}") : null), clip.TimecodeIn, clip.TimecodeOut, clip.FrameRate, CommentOf(clip))));
            if (page.Value.NextCursor is not { } cursor) break;
            request = request with { Cursor = cursor };
        }

        return EditDecisionList.Write(query.Title, clips, query.FrameRate);
    }

    /// <summary>As the footage was called when it came in, by its asset.</summary>
    private async Task<Dictionary<Guid, string>> NamesOf(IEnumerable<ClipDetails> clips, CancellationToken cancellationToken)
    {
        string[] ids = [.. clips.Where(clip => clip.FileReference is null).Select(clip => clip.AssetId).OfType<Guid>().Distinct().Select(id => id.ToString())];
        if (ids.Length == 0) return [];

        var assets = await mediator.Send(new ListMedia(ListRequest.Everything with { Conditions = [new("id", Operator.In, ids)], Limit = ListRequest.MaxLimit, Count = CountMode.None }), cancellationToken);
        return assets.Value.Items.ToDictionary(asset => asset.Id, asset => asset.OriginalFilename);
    }

    private static string CommentOf(ClipDetails clip) =>
        string.Join(" | ", new[] { clip.SceneDescription, clip.TakeNumber is { } take ? $"Take {take}" : null, clip.GuestName ?? clip.TalentSource, clip.QualityRating, clip.Notes }.Where(part => !string.IsNullOrWhiteSpace(part)));
}
