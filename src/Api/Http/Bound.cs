using MediaPlatform.Domain;

namespace MediaPlatform.Api.Http;

/// <summary>An argument of an endpoint that reads itself from the request and may have found problems.</summary>
/// <remarks>The group made by <see cref="ApiGroup.MapApi"/> answers with the problems of all arguments before the handler runs.</remarks>
internal interface IBound
{
    IReadOnlyList<Error> Errors { get; }
}
