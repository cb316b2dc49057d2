using MediaPlatform.Bench.Reading;

namespace MediaPlatform.Bench.Media;

/// <summary>A client with a million assets of two variants each, like what a library of photographs and films holds; a fifth are versions of one another, twenty of each.</summary>
internal static class Library
{
    public const int Assets = 1_000_000;

    /// <summary>Cameras, each of which made as many assets.</summary>
    public const int Models = 1_000;

    /// <summary>One of the cameras.</summary>
    public const string RareModel = "EOS R777";

    public static readonly Rows Rows = new("01900000-0000-7000-8000-", Assets);

    public static async Task Fill(BenchPlatform platform)
    {
        if (await platform.Sql<bool>($"select exists (select from media_variants where asset_id = '{Rows.Id(Assets)}')")) return;

        Console.Error.WriteLine($"Making a library of {Assets:N0} assets.");
        await BulkLoad.Run(platform, ["media_assets", "media_variants"], $"""
            insert into media_assets (
                client_id, id, type, format, mime_type, title, description, original_filename, size_bytes, sha256, width, height, frames, duration_ms, captured_at,
                placeholder_hash, phash, dominant_colors, exif, gps, storage_provider, storage_key, status, source, tags, created_at, created_by_kind, updated_at)
            select
                '{platform.ClientId}', ('{Rows.Prefix}' || lpad(n::text, 12, '0'))::uuid,
                case when n % 5 = 0 then 'video' else 'image' end, case when n % 5 = 0 then 'mp4' else 'jpeg' end,
                case when n % 5 = 0 then 'video/mp4' else 'image/jpeg' end, 'Evening at the pier, take ' || n,
                'Wide shot from the north side with the harbour lights behind; colour card in the first frame.', 'IMG_' || n || '.jpg', 2000000 + n::bigint * 7919 % 9000000,
                sha256(n::text::bytea), 4000, 3000, 1, case when n % 5 = 0 then 1000 + n % 100000 end, timestamptz '2020-01-01' + n * interval '3 seconds',
                '1QcSHQRnh493V4dIh4eXh1h4kJUI',
                case
                    when n % 5 = 0 then hashtextextended((n / 100)::text, 1) # (1::bigint << n % 59) # (1::bigint << n % 61) # case when n % 3 = 0 then 1::bigint << n % 53 | 1::bigint << n % 43 else 0 end
                    else hashtextextended(n::text, 0)
                end,
                array['#8a6f53', '#20262e', '#c9b8a1'],
                jsonb_build_object('camera_make', 'Canon', 'camera_model', 'EOS R' || n % {Models}, 'f_number', 2.8, 'iso', 400, 'exposure_time', '1/250', 'focal_length', 50),
                case when n % 3 = 0 then '{"{"}"latitude": 52.37, "longitude": 4.89, "altitude": 3.5{"}"}'::jsonb end, 'local',
                '{platform.ClientId}/media/' || lpad(to_hex(n % 256), 2, '0') || '/' || n || '/original', 'ready', 'upload',
                array['pier', 'evening', 'take-' || n % 1000], timestamptz '2025-01-01' + n * interval '1 second', 'key', timestamptz '2025-01-01' + n * interval '1 second'
            from generate_series(1, {Assets}) n;
            insert into media_variants (
                client_id, id, asset_id, kind, preset, recipe, format, mime_type, width, height, size_bytes, storage_provider, storage_key, created_at)
            select
                '{platform.ClientId}', gen_random_uuid(), ('{Rows.Prefix}' || lpad(n::text, 12, '0'))::uuid, preset.kind, preset.name, 1, 'jpeg', 'image/jpeg',
                preset.width, preset.width * 3 / 4, preset.width * 90, 'local',
                '{platform.ClientId}/media/' || lpad(to_hex(n % 256), 2, '0') || '/' || n || '/' || preset.name || '.1.jpeg', timestamptz '2025-01-01' + n * interval '1 second'
            from generate_series(1, {Assets}) n, (values ('thumbnail', 'thumb', 400), ('preview', 'preview', 1440)) preset (kind, name, width);
            """);
    }
}
