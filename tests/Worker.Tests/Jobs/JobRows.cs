using System.Text.Json.Nodes;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>Jobs as rows: written without any message, and looked at over HTTP.</summary>
internal static class JobRows
{
    /// <summary>Whoever runs the clockwork holds one.</summary>
    public const string LocksHeld = """
        pg_locks
        where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
        """;

    public static readonly IReadOnlyDictionary<string, string?> NoBroker = With(("Broker:Enabled", "false"));

    public static IReadOnlyDictionary<string, string?> With(params (string Name, string? Value)[] settings) => settings.ToDictionary(one => one.Name, one => one.Value);

    public static async Task<Guid> GivenJob(
        this Platform platform, Tenant? tenant = null, string type = TestHandler.Type, string family = "image", string due = "now()", int maxAttempts = 5)
    {
        var id = Guid.CreateVersion7();
        await platform.Sql<object>(
            $"""
            insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, updated_at)
            values ('{(tenant ?? platform.Tenant).ClientId}', '{id}', '{type}', '{family}', {maxAttempts}, {due}, now(), now())
            """);
        return id;
    }

    public static Task GivenJobs(this Platform platform, int count, Tenant? tenant = null, string family = "image") => platform.Sql<object>(
        $"""
        insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, updated_at)
        select '{(tenant ?? platform.Tenant).ClientId}', gen_random_uuid(), '{TestHandler.Type}', '{family}', 5, now(), now(), now()
        from generate_series(1, {count})
        """);

    /// <summary>A sound that waits to be processed: a tenth of a second of silence, mono, 8 kHz, 8 bits.</summary>
    public static async Task<(Guid Asset, Guid Job)> GivenSound(this Platform platform)
    {
        byte[] sound =
        [
            .. "RIFF"u8, 0x44, 3, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0, .. "data"u8, 0x20, 3, 0, 0,
            .. Enumerable.Repeat((byte)0x80, 800),
        ];
        var asset = (await platform.Tenant.Upload(sound, "silence.wav", "audio/wav")).Id;
        return (asset, await platform.JobOf(asset));
    }

    public static Task IsProbing(this Platform platform, Guid job) => platform.IsAt(job, "1:probe");

    /// <summary>Waits until a job's timeline has this entry.</summary>
    public static Task IsAt(this Platform platform, Guid job, string stage) =>
        Eventually.Is($"the job is at {stage}", async () => (await platform.Tenant.Job(job)).Stages().Contains(stage));

    /// <summary>A wake-up for each job that is live, as the transaction that queues one writes it.</summary>
    public static Task GivenMessages(this Platform platform) => platform.Sql<object>(
        "insert into job_outbox (client_id, job_id, family) select client_id, id, family from jobs where status in ('queued', 'running')");

    public static async Task<JsonNode> Job(this Tenant tenant, Guid id) => (await tenant.Get($"/jobs/{id}")).Data;

    public static string Status(this JsonNode item) => item["status"]!.GetValue<string>();

    public static int Attempts(this JsonNode job) => job["attempts"]!.GetValue<int>();

    /// <summary>The remarks, stages and error codes of a job, in order, such as <c>1:render:DECODER_DIED</c>.</summary>
    public static string[] Stages(this JsonNode job) =>
        [.. job["timeline"]!.AsArray().Select(entry => string.Join(':', new[] { $"{entry!["attempt"]}", $"{entry["stage"]}", $"{entry["error"]?["code"]}" }.Where(part => part.Length > 0)))];

    public static Task<JsonNode> JobBecomes(this Tenant tenant, Guid id, string status) => Eventually.Get(
        $"job {id} is {status}", async () => await tenant.Job(id) is var job && job.Status() == status ? job : null);

    public static Task<JsonNode> AssetBecomes(this Tenant tenant, Guid id, string status) => Eventually.Get(
        $"asset {id} is {status}", async () => (await tenant.Get($"/media/{id}")).Data is var asset && asset.Status() == status ? asset : null);

    /// <summary>The newest job about an asset.</summary>
    public static async Task<Guid> JobOf(this Platform platform, Guid asset) =>
        await platform.Sql<Guid>($"select id from jobs where subject_id = '{asset}' order by created_at desc limit 1");

    public static async Task<long> Count(this Platform platform, string rows) => await platform.Sql<long>($"select count(*) from {rows}");
}
