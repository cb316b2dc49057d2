using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>No worker runs in the sweeps, so a job stays queued until it is cancelled.</summary>
internal sealed class JobSeed : ISeed
{
    public string Segment => "jobs";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        var asset = (await tenant.Upload(Seeds.File(), "seed.png")).Id;
        var job = (await tenant.Get($"/jobs?subject_id={asset}")).Data[0]!["id"]!.GetValue<Guid>();
        if (operation.EndsWith("/retry", StringComparison.Ordinal)) _ = (await tenant.Post($"/jobs/{job}/cancel")).Data;
        if (operation == "POST /api/v1/jobs/retry") await platform.Sql<object>($"update jobs set status = 'failed' where id = '{job}'"); // as in the document's example
        return Seeds.Id(job);
    }
}
