namespace MediaPlatform.Domain.Media;

/// <summary>The one list of formats. To open a format, set <see cref="FileFormat.Supported"/>; to add one, list it here and recognise it in <see cref="FileSignature"/>.</summary>
public static class FileFormats
{
    /// <summary>Bytes at the start of a file that are enough for <see cref="Detect"/>; fewer are fine when the file is shorter.</summary>
    public const int HeadLength = 4100;

    public static readonly FileFormat Jpeg = new("JPEG", MediaType.Image, "image/jpeg", "jpg") { OtherExtensions = ["jpeg", "jpe", "jfif"], MimeAliases = ["image/jpg", "image/pjpeg"], Supported = true };
    public static readonly FileFormat Png = new("PNG", MediaType.Image, "image/png", "png") { OtherExtensions = ["apng"], MimeAliases = ["image/x-png", "image/apng", "image/vnd.mozilla.apng"], Supported = true };
    public static readonly FileFormat WebP = new("WebP", MediaType.Image, "image/webp", "webp") { Supported = true };
    public static readonly FileFormat Gif = new("GIF", MediaType.Image, "image/gif", "gif") { Supported = true };
    public static readonly FileFormat Avif = new("AVIF", MediaType.Image, "image/avif", "avif") { OtherExtensions = ["avifs"], MimeAliases = ["image/avif-sequence"], Supported = true };
    public static readonly FileFormat Heic = new("HEIC", MediaType.Image, "image/heic", "heic") { OtherExtensions = ["heif", "hif", "heics", "heifs"], MimeAliases = ["image/heif", "image/heic-sequence", "image/heif-sequence"], Supported = true };
    public static readonly FileFormat Jpeg2000 = new("JPEG 2000", MediaType.Image, "image/jp2", "jp2") { OtherExtensions = ["jpx", "jpf", "j2k", "j2c", "jpc"], MimeAliases = ["image/jpx", "image/jpeg2000", "image/x-jp2", "image/j2c"], Supported = true };
    public static readonly FileFormat JpegXl = new("JPEG XL", MediaType.Image, "image/jxl", "jxl");
    public static readonly FileFormat Bmp = new("BMP", MediaType.Image, "image/bmp", "bmp") { OtherExtensions = ["dib"], MimeAliases = ["image/x-ms-bmp", "image/x-bmp"] };
    public static readonly FileFormat Svg = new("SVG", MediaType.Image, "image/svg+xml", "svg") { Supported = true };

    public static readonly FileFormat Psd = new("Photoshop document", MediaType.Document, "image/vnd.adobe.photoshop", "psd") { OtherExtensions = ["psb"], MimeAliases = ["application/x-photoshop", "application/photoshop", "image/psd", "image/x-psd"], Supported = true, CarriesPreview = true };
    public static readonly FileFormat Cr2 = Raw("Canon CR2", "image/x-canon-cr2", "cr2");
    public static readonly FileFormat Cr3 = Raw("Canon CR3", "image/x-canon-cr3", "cr3");
    public static readonly FileFormat Nef = Raw("Nikon NEF", "image/x-nikon-nef", "nef", "nrw");
    public static readonly FileFormat Arw = Raw("Sony ARW", "image/x-sony-arw", "arw", "sr2", "srf");
    public static readonly FileFormat Dng = Raw("DNG", "image/x-adobe-dng", "dng");
    public static readonly FileFormat Raf = Raw("Fujifilm RAF", "image/x-fuji-raf", "raf");
    public static readonly FileFormat Orf = Raw("Olympus ORF", "image/x-olympus-orf", "orf");
    public static readonly FileFormat Rw2 = Raw("Panasonic RW2", "image/x-panasonic-rw2", "rw2");
    public static readonly FileFormat Tiff = new("TIFF", MediaType.Image, "image/tiff", "tif") { OtherExtensions = ["tiff"], MimeAliases = ["image/tif", "image/x-tiff"], Supported = true, ToldByExtension = [Cr2, Nef, Arw, Dng] };
    public static readonly FileFormat Pdf = new("PDF", MediaType.Document, "application/pdf", "pdf") { MimeAliases = ["application/x-pdf"], Supported = true };

    public static readonly FileFormat M4a = new("M4A", MediaType.Audio, "audio/mp4", "m4a") { OtherExtensions = ["m4b", "m4p"], MimeAliases = ["audio/x-m4a", "audio/m4a", "audio/aac", "audio/mpeg4-generic"], Demuxer = "mov", Supported = true };
    public static readonly FileFormat ThreeGp = new("3GP", MediaType.Video, "video/3gpp", "3gp") { OtherExtensions = ["3gpp", "3g2", "3gp2"], MimeAliases = ["video/3gpp2", "audio/3gpp", "audio/3gpp2"], Demuxer = "mov" };
    public static readonly FileFormat Mp4 = new("MP4", MediaType.Video, "video/mp4", "mp4") { OtherExtensions = ["m4v"], MimeAliases = ["video/x-m4v", "application/mp4", "audio/mp4"], Demuxer = "mov", Supported = true, ToldByExtension = [M4a, ThreeGp] };
    public static readonly FileFormat Mov = new("QuickTime", MediaType.Video, "video/quicktime", "mov") { OtherExtensions = ["qt"], MimeAliases = ["video/mov", "video/x-quicktime"], Demuxer = "mov", Supported = true };
    public static readonly FileFormat Mka = new("Matroska audio", MediaType.Audio, "audio/x-matroska", "mka") { MimeAliases = ["audio/matroska"], Demuxer = "matroska" };
    public static readonly FileFormat Mkv = new("Matroska", MediaType.Video, "video/x-matroska", "mkv") { MimeAliases = ["video/matroska", "video/mkv"], Demuxer = "matroska", Supported = true, ToldByExtension = [Mka] };
    public static readonly FileFormat WebM = new("WebM", MediaType.Video, "video/webm", "webm") { MimeAliases = ["audio/webm"], Demuxer = "matroska", Supported = true };
    public static readonly FileFormat Avi = new("AVI", MediaType.Video, "video/x-msvideo", "avi") { MimeAliases = ["video/avi", "video/msvideo", "video/vnd.avi"], Demuxer = "avi", Supported = true };
    public static readonly FileFormat Mxf = new("MXF", MediaType.Video, "application/mxf", "mxf") { MimeAliases = ["video/mxf"], Demuxer = "mxf", Supported = true };
    public static readonly FileFormat MpegTs = new("MPEG transport stream", MediaType.Video, "video/mp2t", "ts") { OtherExtensions = ["mts", "m2ts", "m2t"], MimeAliases = ["video/mpeg", "video/vnd.dlna.mpeg-tts"], Demuxer = "mpegts" };
    public static readonly FileFormat MpegPs = new("MPEG program stream", MediaType.Video, "video/mpeg", "mpg") { OtherExtensions = ["mpeg", "vob", "m2p"], MimeAliases = ["video/mp2p"], Demuxer = "mpeg" };
    public static readonly FileFormat Flv = new("Flash video", MediaType.Video, "video/x-flv", "flv") { MimeAliases = ["video/flv"], Demuxer = "flv" };
    public static readonly FileFormat Wmv = new("Windows Media", MediaType.Video, "video/x-ms-wmv", "wmv") { OtherExtensions = ["asf", "wma"], MimeAliases = ["video/x-ms-asf", "audio/x-ms-wma", "application/vnd.ms-asf"], Demuxer = "asf" };
    public static readonly FileFormat OggVideo = new("Ogg video", MediaType.Video, "video/ogg", "ogv") { OtherExtensions = ["ogg"], MimeAliases = ["application/ogg"], Demuxer = "ogg" };

    public static readonly FileFormat Wav = new("WAV", MediaType.Audio, "audio/wav", "wav") { OtherExtensions = ["wave", "bwf", "rf64"], MimeAliases = ["audio/x-wav", "audio/wave", "audio/vnd.wave"], Demuxer = "wav", Supported = true };
    public static readonly FileFormat Mp3 = new("MP3", MediaType.Audio, "audio/mpeg", "mp3") { MimeAliases = ["audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg-3"], Demuxer = "mp3", Supported = true };
    public static readonly FileFormat Flac = new("FLAC", MediaType.Audio, "audio/flac", "flac") { MimeAliases = ["audio/x-flac"], Demuxer = "flac", Supported = true };
    public static readonly FileFormat Ogg = new("Ogg audio", MediaType.Audio, "audio/ogg", "ogg") { OtherExtensions = ["oga", "opus", "spx"], MimeAliases = ["application/ogg", "audio/opus", "audio/vorbis", "audio/x-ogg"], Demuxer = "ogg", Supported = true };
    public static readonly FileFormat Aac = new("AAC", MediaType.Audio, "audio/aac", "aac") { OtherExtensions = ["adts"], MimeAliases = ["audio/x-aac", "audio/aacp"], Demuxer = "aac" };
    public static readonly FileFormat Aiff = new("AIFF", MediaType.Audio, "audio/aiff", "aiff") { OtherExtensions = ["aif", "aifc"], MimeAliases = ["audio/x-aiff"], Demuxer = "aiff" };

    public static readonly FileFormat Zip = new("ZIP", MediaType.Other, "application/zip", "zip") { MimeAliases = ["application/x-zip-compressed"] };
    public static readonly FileFormat Html = new("HTML", MediaType.Other, "text/html", "html") { OtherExtensions = ["htm", "xhtml"], MimeAliases = ["application/xhtml+xml"] };
    public static readonly FileFormat Playlist = new("playlist", MediaType.Other, "application/vnd.apple.mpegurl", "m3u8") { OtherExtensions = ["m3u", "ffconcat", "pls", "mpd", "sdp"], MimeAliases = ["application/x-mpegurl", "audio/x-mpegurl", "audio/mpegurl", "application/dash+xml"] };
    public static readonly FileFormat PlainText = new("plain text", MediaType.Other, "text/plain", "txt") { ToldByExtension = [Playlist] };

    /// <summary>Every format.</summary>
    public static readonly IReadOnlyList<FileFormat> All =
    [
        Jpeg, Png, WebP, Gif, Tiff, Avif, Heic, Jpeg2000, JpegXl, Bmp, Svg,
        Psd, Cr2, Cr3, Nef, Arw, Dng, Raf, Orf, Rw2, Pdf,
        Mp4, Mov, ThreeGp, Mkv, WebM, Avi, Mxf, MpegTs, MpegPs, Flv, Wmv, OggVideo,
        Wav, Mp3, Flac, Ogg, M4a, Mka, Aac, Aiff,
        Zip, Html, Playlist, PlainText,
    ];

    /// <summary>The format that the first bytes of a file tell, or null for bytes that no listed format begins with.</summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes, or the whole file when it is shorter.</param>
    public static FileFormat? Detect(ReadOnlySpan<byte> head) =>
        FileSignature.OfPicture(head) ?? FileSignature.OfContainer(head) ?? FileSignature.OfSound(head) ?? TextSniffer.Detect(head);

    private static FileFormat Raw(string name, string mimeType, string extension, params string[] others) =>
        new(name, MediaType.Document, mimeType, extension) { OtherExtensions = others, MimeAliases = [$"image/{extension}", "image/x-raw", "image/x-dcraw"], Supported = true, CarriesPreview = true };
}
