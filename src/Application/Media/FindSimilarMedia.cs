using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Assets of the client that look like one: nearest first, then by id. Neither itself nor what is in the trash.</summary>
/// <param name="Distance">In how many of 64 bits their hashes may differ, 0 to 11.</param>
/// <param name="Limit">At most so many, 1 to 200.</param>
/// <param name="Type">Only these; null for all.</param>
public sealed record FindSimilarMedia(AssetId Id, int Distance, int Limit, MediaType? Type) : IQuery<SimilarMedia[]>;

internal sealed class FindSimilarMediaValidator : AbstractValidator<FindSimilarMedia>
{
    private const int Farthest = 11;

    public FindSimilarMediaValidator()
    {
        RuleFor(find => find.Distance).InclusiveBetween(0, Farthest);
        RuleFor(find => find.Limit).InclusiveBetween(1, ListRequest.MaxLimit);
    }
}

/// <summary>One that looks alike.</summary>
/// <param name="Distance">In how many bits the hashes differ.</param>
public sealed record SimilarMedia(MediaAssetDetails Asset, int Distance);
