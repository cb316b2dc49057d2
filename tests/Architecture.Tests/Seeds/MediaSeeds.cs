using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

internal sealed class MediaSeed : ISeed
{
    public string Segment => "media";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var id = (await tenant.Upload(Seeds.File(), "seed.png")).Id;
        if (operation.EndsWith("/register", StringComparison.Ordinal))
            await platform.Sql<object>($"update clients set allowed_s3_prefixes = '{{s3://archive/}}' where id = '{tenant.ClientId}'");
        if (operation.EndsWith("/restore", StringComparison.Ordinal)) _ = (await tenant.Delete($"/media/{id}")).Data;
        if (operation.EndsWith("/approve", StringComparison.Ordinal) || operation.EndsWith("/reject", StringComparison.Ordinal) || operation.EndsWith("/resubmit", StringComparison.Ordinal))
            _ = (await tenant.Post($"/media/{id}/unapprove")).Data;
        if (operation.EndsWith("/resubmit", StringComparison.Ordinal)) _ = (await tenant.Post($"/media/{id}/reject")).Data;
        if (operation.EndsWith("/attach", StringComparison.Ordinal)) _ = (await tenant.Put("/owners/scene/42", new { })).Data; // as in the document's example
        if (operation.EndsWith("/reprocess", StringComparison.Ordinal))
        {
            // while its first job is live, an asset is being processed already and nothing would change
            var job = (await tenant.Get($"/jobs?subject_id={id}")).Data[0]!["id"];
            _ = (await tenant.Post($"/jobs/{job}/cancel")).Data;
        }

        return new(Seeds.Id(id)) { ["preset"] = "thumb" };
    }
}

internal sealed class PurgeReceiptSeed : ISeed
{
    public string Segment => "purge-receipts";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var id = (await tenant.Upload(Seeds.File(), "seed.png")).Id;
        return Seeds.Id((await tenant.Delete($"/media/{id}?purge=true")).Data["receipt_id"]!.GetValue<Guid>());
    }
}

internal sealed class UploadSeed : ISeed
{
    public string Segment => "uploads";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var bytes = Seeds.File();
        var begun = (await tenant.BeginUpload(bytes, "seed.png")).Data;
        if (operation.EndsWith("/complete", StringComparison.Ordinal)) await platform.SendParts(begun["parts"]!, bytes);
        if (operation.EndsWith("/resolve", StringComparison.Ordinal)) // as its job leaves it, when the asset with these bytes was purged since
        {
            await platform.Sql<object>(
                $"update uploads set status = 'conflict', asset_id = gen_random_uuid(), format = 'PNG', size_bytes = {bytes.Length}, sha256 = sha256(uuid_send(id)) where id = '{begun["upload"]!["id"]}'");
        }

        return Seeds.Id(begun["upload"]!["id"]!.GetValue<Guid>());
    }
}

internal sealed class OwnerSeed : ISeed
{
    public string Segment => "owners";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var id = Guid.NewGuid().ToString();
        _ = (await tenant.Put($"/owners/character/{id}", new { Title = "Ann" })).Data;
        return new(StringComparer.Ordinal) { ["owner_type"] = "character", ["owner_id"] = id };
    }
}

internal sealed class AttachmentSeed : ISeed
{
    public string Segment => "attachments";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var owner = Guid.NewGuid().ToString();
        _ = (await tenant.Put($"/owners/character/{owner}", new { Title = "Ann" })).Data;
        var asset = (await tenant.Upload(Seeds.File(), "seed.png")).Id;
        return Seeds.Id((await tenant.Post($"/media/{asset}/attach", new { OwnerType = "character", OwnerId = owner, Role = "cover" })).Id);
    }
}
