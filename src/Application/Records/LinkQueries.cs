using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Records;

/// <summary>What is shown of a link.</summary>
public interface ILinkDetails
{
    int Version { get; }
}

/// <summary>The links of a record, as they came; of what is in the trash none. At most 500.</summary>
public sealed record ListLinks<TDetails>(Guid Of) : IQuery<TDetails[]>
    where TDetails : ILinkDetails;

/// <summary>One of them.</summary>
public sealed record GetLink<TDetails>(LinkKey Key) : IQuery<TDetails>
    where TDetails : ILinkDetails;
