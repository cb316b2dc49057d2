using System.Text.Json;
using Npgsql;

namespace MediaPlatform.Tests.Support;

/// <summary>Media for tests of the library, as rows: thousands of them are there in a moment. They have no bytes.</summary>
public static class LibraryItems
{
    /// <summary>Adds ready ones.</summary>
    public static async Task GivenItems(this Platform platform, Tenant tenant, IEnumerable<LibraryItem> items)
    {
        const string insert = """
            insert into media_assets (
                client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, width, height, duration_ms, has_audio, storage_provider, storage_key, status, source, provider, source_url,
                last_used_at, tags, created_at, created_by_kind, updated_at)
            select @client, id, type, case type when 'video' then 'MP4' else 'JPEG' end, case type when 'video' then 'video/mp4' else 'image/jpeg' end, coalesce(name, id::text), size,
                decode(md5(id::text) || md5(id::text || 'more'), 'hex'), width, height, duration_ms, false, 'local', replace(@client::text, '-', '') || '/media/00/' || replace(id::text, '-', '') || '/original', status, source, provider, source_url,
                used_at, tags, created_at, 'key', created_at
            from jsonb_to_recordset(@items::jsonb) as item (
                id uuid, type text, name text, size bigint, width int, height int, duration_ms bigint, status text, source text, provider text, source_url text, used_at timestamptz, tags text[],
                created_at timestamptz)
            """;
        await using var connection = new NpgsqlConnection(platform.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(insert, connection);
        command.Parameters.AddWithValue("client", tenant.ClientId);
        command.Parameters.AddWithValue("items", JsonSerializer.Serialize(items.Select(item => new
        {
            id = item.Id, type = item.Type, name = item.Name, size = item.Size, width = item.Width, height = item.Height, duration_ms = item.DurationMs, status = item.Status, source = item.Source, provider = item.Provider,
            source_url = item.SourceUrl, used_at = item.UsedAt, tags = item.Tags, created_at = item.CreatedAt ?? DateTimeOffset.UtcNow,
        })));
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A picture or a film of the library.</summary>
public sealed record LibraryItem(params string[] Tags)
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string Type { get; init; } = "image";
    public string? Name { get; init; }
    public long Size { get; init; } = 1_000;
    public int Width { get; init; } = 1_500;
    public int Height { get; init; } = 1_000;
    public long? DurationMs { get; init; }
    public string Status { get; init; } = "ready";
    public string Source { get; init; } = "upload";
    public string? Provider { get; init; }
    public string? SourceUrl { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>As a download of a provider.</summary>
    public LibraryItem Of(string provider) => this with { Source = "stock", Provider = provider, SourceUrl = $"https://{provider}.example/{Id:n}" };
}
