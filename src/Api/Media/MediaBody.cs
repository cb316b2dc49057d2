using System.Text.Json;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Media;

namespace MediaPlatform.Api.Media;

/// <summary>An asset on the wire.</summary>
/// <param name="Type">image, video, audio, document or other; decided from the bytes.</param>
/// <param name="Format">Such as JPEG or MP4; decided from the bytes.</param>
/// <param name="MimeType">Of the original, decided from the bytes.</param>
/// <param name="OriginalFilename">As it came in.</param>
/// <param name="SizeBytes">Of the original.</param>
/// <param name="Sha256">Of the original, in lower-case hexadecimal.</param>
/// <param name="Width">Pixels, upright; of a vector graphic the size that it gives itself; none of a document.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="Frames">Frames or pages of a picture.</param>
/// <param name="DurationMs">Milliseconds of a film or a sound.</param>
/// <param name="FrameRate">Frames per second, on average.</param>
/// <param name="VideoCodec">Such as h264; null without pictures.</param>
/// <param name="AudioCodec">Such as aac; null without sound.</param>
/// <param name="BitRate">Bits per second.</param>
/// <param name="HasAudio">Whether a film has sound; null of what is none.</param>
/// <param name="CapturedAt">When it was made, as the file says.</param>
/// <param name="PlaceholderHash">Base64 of a ThumbHash, to show before the picture is there.</param>
/// <param name="PerceptualHash">16 hexadecimal digits, of which another version of the same picture has nearly all bits; `/media/{id}/similar` looks for them. Of a film that of its poster, of a document that of its preview; null of what has no picture or too little contrast.</param>
/// <param name="DominantColors">Up to five #rrggbb, most frequent first.</param>
/// <param name="Exif">What the file says of its making; never a place, a serial number or a person.</param>
/// <param name="Gps">Where it was made, as latitude, longitude and altitude; in no rendition.</param>
/// <param name="Status">processing, ready or failed.</param>
/// <param name="ErrorCode">Why it failed.</param>
/// <param name="ErrorMessage">The same as a sentence.</param>
/// <param name="ProcessingWarnings">What could not be made although the asset is ready, such as a poster.</param>
/// <param name="Source">How it came in: upload, registered, url, stock or generated.</param>
/// <param name="Provider">Whom it came from, such as a stock library; null of the client's own.</param>
/// <param name="SourceUrl">Where it was fetched from, as far as that is public.</param>
/// <param name="StorageProvider">Where its objects lie: local, s3 or r2.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="DeletedByKind">What deleted_by is the id of.</param>
/// <param name="DeletedBy">Who moved it to the trash.</param>
/// <param name="DeletedReason">Why.</param>
/// <param name="RestoredAt">When it was last taken out of the trash.</param>
/// <param name="RestoredByKind">What restored_by is the id of.</param>
/// <param name="RestoredBy">Who took it out.</param>
/// <param name="ApprovedAt">When it was approved; null while it is not, and of what came in so.</param>
/// <param name="OriginalApproverKind">What original_approver is the id of.</param>
/// <param name="ApprovalStatus">draft, approved or rejected; what comes in is approved.</param>
/// <param name="OriginalApprover">Who approved it first.</param>
/// <param name="ContentUrl">The original; needs a key and answers with a signed link.</param>
/// <param name="Variants">Renditions, smallest first.</param>
internal record MediaBody(
    Guid Id, string? ExternalId, string Type, string Format, string MimeType, string? Title, string? Description, string? AltText, string? Caption,
    string OriginalFilename, long SizeBytes, string Sha256, int? Width, int? Height, int? Frames, long? DurationMs, double? FrameRate, string? VideoCodec,
    string? AudioCodec, long? BitRate, bool? HasAudio, DateTimeOffset? CapturedAt, string? PlaceholderHash, string? PerceptualHash, string[] DominantColors, JsonElement Exif,
    JsonElement? Gps, string Status, string? ErrorCode, string? ErrorMessage, JsonElement ProcessingWarnings, string Visibility, string Source,
    string? Provider, string? SourceUrl, string StorageProvider, DateTimeOffset? LastUsedAt, string[] Tags, JsonElement CustomFields, string SchemaVersion,
    DateTimeOffset CreatedAt, string CreatedByKind, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? DeletedAt, string? DeletedByKind,
    Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, string? RestoredByKind, Guid? RestoredBy, string ApprovalStatus, DateTimeOffset? ApprovedAt,
    string? OriginalApproverKind, Guid? OriginalApprover, string ContentUrl, VariantBody[] Variants)
{
    public static MediaBody From(MediaAssetDetails a, IMediaLinks links) => new(
        a.Id, a.ExternalId, a.Type, a.Format, a.MimeType, a.Title, a.Description, a.AltText, a.Caption,
        a.OriginalFilename, a.SizeBytes, a.Sha256, a.Width, a.Height, a.Frames, a.DurationMs, a.FrameRate, a.VideoCodec,
        a.AudioCodec, a.BitRate, a.HasAudio, a.CapturedAt, a.PlaceholderHash, a.PerceptualHash, a.DominantColors, a.Exif,
        a.Gps, a.Status, a.ErrorCode, a.ErrorMessage, a.ProcessingWarnings, a.Visibility, a.Source,
        a.Provider, a.SourceUrl, a.StorageProvider, a.LastUsedAt, a.Tags, a.CustomFields, a.SchemaVersion,
        a.CreatedAt, a.CreatedByKind, a.CreatedBy, a.UpdatedAt, a.Version, a.DeletedAt, a.DeletedByKind, a.DeletedBy,
        a.DeletedReason, a.RestoredAt, a.RestoredByKind, a.RestoredBy, a.ApprovalStatus, a.ApprovedAt, a.OriginalApproverKind, a.OriginalApprover, $"{ApiGroup.Prefix}/media/{a.Id}/content", Array.ConvertAll(a.Variants, variant => VariantBody.From(variant, isPublic: a.Visibility is "public", links)));
}

/// <summary>An asset that looks like another.</summary>
internal sealed record SimilarMediaBody : MediaBody
{
    public SimilarMediaBody(MediaBody asset, int distance)
        : base(asset) => Distance = distance;

    /// <summary>In how many of 64 bits the perceptual hashes differ.</summary>
    public int Distance { get; }
}

/// <summary>A rendition on the wire.</summary>
/// <param name="Kind">thumbnail, preview, poster or frame.</param>
/// <param name="Preset">thumb, preview or poster.</param>
/// <param name="Recipe">The version of the preset; a new one is a new object, so a rendition may be cached for ever.</param>
/// <param name="Url">A signed link that works for at least an hour, without credentials.</param>
internal sealed record VariantBody(string Kind, string Preset, int Recipe, string Format, string MimeType, int Width, int Height, long SizeBytes, string Url)
{
    public static VariantBody From(VariantDetails v, bool isPublic, IMediaLinks links) => new(
        v.Kind, v.Preset, v.Recipe, v.Format, v.MimeType, v.Width, v.Height, v.SizeBytes,
        links.ToGet(new(v.StorageProvider, v.StorageKey, v.MimeType, v.SizeBytes, FileName: null, IsPublic: isPublic && v.Kind != "original")));
}
