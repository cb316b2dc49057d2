using System.Reflection;
using Dapper;
using MediaPlatform.Infrastructure.Jobs;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

/// <summary>A claim costs the same however long the queues are, whatever the statistics say.</summary>
internal sealed class ClaimingPlanTests : DatabaseFixture
{
    [Test]
    public async Task A_family_without_work_does_not_read_the_long_queue_of_another()
    {
        await Connection.ExecuteAsync(
            """
            insert into clients (id, name, slug, created_at, updated_at) values ('00000000-0000-7000-8000-000000000001', 'Busy', 'busy', now(), now());
            alter table jobs disable trigger jobs_change_log;
            insert into jobs (client_id, id, type, family, max_attempts, run_after, created_at, updated_at)
            select '00000000-0000-7000-8000-000000000001', gen_random_uuid(), 'TEST', 'image', 5, now(), now(), now() from generate_series(1, 20000);
            analyze jobs;
            set plan_cache_mode = force_generic_plan;
            """);
        var claim = (string)typeof(JobQueue).GetField("ClaimNext", BindingFlags.Static | BindingFlags.NonPublic)!.GetRawConstantValue()!;
        foreach (var (name, place) in new[] { ("@Family", "$1"), ("@Token", "$2"), ("@Until", "$3"), ("@Now", "$4") }) claim = claim.Replace(name, place, StringComparison.Ordinal);
        await Connection.ExecuteAsync($"prepare claim(text, uuid, timestamptz, timestamptz) as {claim}");

        var plan = string.Join('\n', await Connection.QueryAsync<string>(
            "explain (analyze, buffers, timing off, costs off, summary off) execute claim('video', gen_random_uuid(), now(), now())"))
            .Split("Planning:")[0];

        Assert.That(plan, Does.Contain("jobs_claim_idx").And.Not.Contain("jobs_one_live_per_key").And.Not.Contain("Seq Scan"), plan);
        Assert.That(plan, Does.Not.Match(@"Buffers: .*hit=\d{3}"), plan);
    }
}
