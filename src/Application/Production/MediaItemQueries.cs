using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Production;

/// <summary>An asset in its session.</summary>
/// <param name="Type">Of the asset: image, video, audio, document or other.</param>
/// <param name="CapturedAt">When it was taken, as its file says.</param>
/// <param name="Sets">How many sets show it.</param>
public sealed record MediaItemDetails(
    Guid Id, Guid SessionId, Guid AssetId, string Type, string? Title, DateTimeOffset? CapturedAt, int Sets, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version);

/// <summary>The media of all sessions, newest first.</summary>
public sealed record ListMediaItems(ListRequest Request) : IQuery<Page<MediaItemDetails>>;

/// <summary>One of them.</summary>
public sealed record GetMediaItem(Guid Id) : IQuery<MediaItemDetails>;

/// <summary>An asset in a session.</summary>
public sealed record GetMediaOfSession(Guid SessionId, Guid AssetId) : IQuery<MediaItemDetails>;

/// <summary>The media of a session, in the order in which they came.</summary>
/// <param name="After">Those after this item.</param>
/// <param name="Limit">At most so many, 1 to 500.</param>
public sealed record ListMediaOfSession(Guid SessionId, Guid? After, int Limit) : IQuery<MediaItemDetails[]>;

internal sealed class ListMediaOfSessionValidator : FluentValidation.AbstractValidator<ListMediaOfSession>
{
    public ListMediaOfSessionValidator() => FluentValidation.DefaultValidatorExtensions.InclusiveBetween(RuleFor(list => list.Limit), 1, IdLists.Most);
}
