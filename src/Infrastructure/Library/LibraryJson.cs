using System.Text.Json;
using System.Text.Json.Serialization;
using MediaPlatform.Application.Library;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>What gatherings keep as documents.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.General, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GatherRequest))]
[JsonSerializable(typeof(IReadOnlyList<Shortage>))]
[JsonSerializable(typeof(IReadOnlyList<ProviderReport>))]
[JsonSerializable(typeof(Reasons))]
internal sealed partial class LibraryJson : JsonSerializerContext;
