using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Tagging;

/// <summary>A tag as it is shown.</summary>
/// <param name="Id">Of its counts; nothing else names it.</param>
/// <param name="Category">wardrobe_type, vibe, mood, show, character or sponsor; null where nobody has said.</param>
/// <param name="Count">Records that bear it, outside the trash.</param>
/// <param name="Counts">The same by type, such as media_asset.</param>
/// <param name="UpdatedAt">When it was last described; null where it never was.</param>
/// <param name="Version">Of what is said of it; 0 where nothing is.</param>
public sealed record TagDetails(Guid Id, string Tag, string? Category, string? Description, int Count, JsonElement Counts, DateTimeOffset? UpdatedAt, int Version);

/// <summary>The tags of the client that are in use or described, most used first.</summary>
public sealed record ListTags(ListRequest Request) : IQuery<Page<TagDetails>>;

/// <summary>One tag.</summary>
public sealed record GetTag(string Tag) : IQuery<TagDetails>;
