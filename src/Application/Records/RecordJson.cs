using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaPlatform.Application.Records;

/// <summary>What people asked for as JSON, in the names of columns.</summary>
internal static class RecordJson
{
    /// <remarks>What is asked for and not there throws: it is a column that nobody declared.</remarks>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
