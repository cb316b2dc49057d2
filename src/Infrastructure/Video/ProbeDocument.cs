using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaPlatform.Infrastructure.Video;

/// <summary>ffprobe's JSON, as far as it is asked for.</summary>
internal sealed record ProbeDocument(IReadOnlyList<ProbeStream>? Streams, ProbeFormat? Format)
{
    /// <summary>What <c>-show_entries</c> must name for this record; keys of tags are compared without case.</summary>
    public const string Entries =
        "stream=codec_type,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,duration"
        + ":stream_disposition=attached_pic,timed_thumbnails:stream_tags=rotate:stream_side_data=rotation"
        + ":format=duration,bit_rate:format_tags=" + VideoTags.Wanted;

    /// <summary>Null when it is not such JSON.</summary>
    public static ProbeDocument? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProbeJson.Default.ProbeDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record ProbeFormat(string? Duration, string? BitRate, IReadOnlyDictionary<string, string>? Tags);

internal sealed record ProbeStream(
    string? CodecType, string? CodecName, int? Width, int? Height, string? SampleAspectRatio, string? AvgFrameRate, [property: JsonPropertyName("r_frame_rate")] string? RealFrameRate,
    string? Duration, ProbeDisposition? Disposition, IReadOnlyDictionary<string, string>? Tags, IReadOnlyList<ProbeSideData>? SideDataList);

internal sealed record ProbeDisposition(int AttachedPic, int TimedThumbnails);

internal sealed record ProbeSideData(double? Rotation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ProbeDocument))]
internal sealed partial class ProbeJson : JsonSerializerContext;
