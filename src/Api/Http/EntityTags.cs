using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace MediaPlatform.Api.Http;

/// <summary>Strong entity tags: <c>"version-hash"</c>, where the hash is of the data as sent.</summary>
internal static class EntityTags
{
    private const int HashBytes = 16;

    public static string Of(long version, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        Span<char> tag = stackalloc char[64];
        tag[0] = '"';
        version.TryFormat(tag[1..], out var end, provider: CultureInfo.InvariantCulture);
        tag[++end] = '-';
        end += 1 + Base64Url.EncodeToChars(hash[..HashBytes], tag[(end + 1)..]);
        tag[end] = '"';
        return new string(tag[..(end + 1)]);
    }

    /// <summary>Whether <c>If-None-Match</c> names the tag: a list, weak spellings and <c>*</c> included (RFC 9110, weak comparison).</summary>
    public static bool Matches(StringValues ifNoneMatch, string tag)
    {
        foreach (var line in ifNoneMatch)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var one = line.AsSpan()[part].Trim();
                if (one is "*") return true;
                if (one.StartsWith("W/", StringComparison.Ordinal)) one = one[2..];
                if (one.SequenceEqual(tag)) return true;
            }
        }

        return false;
    }

    /// <summary>The version part of a tag of ours.</summary>
    public static bool TryVersion(ReadOnlySpan<char> tag, out long version)
    {
        version = 0;
        tag = tag.Trim();
        if (tag.Length < 3 || tag[0] != '"' || tag[^1] != '"') return false;
        tag = tag[1..^1];
        var dash = tag.IndexOf('-');
        return long.TryParse(dash < 0 ? tag : tag[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}
