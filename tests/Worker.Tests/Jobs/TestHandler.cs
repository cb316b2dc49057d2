using System.Collections.Concurrent;
using MediaPlatform.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Worker.Tests.Jobs;

/// <summary>Does jobs of the test's own type as the test says, and remembers which it was given, in order.</summary>
internal sealed class TestHandler(Func<JobRun, CancellationToken, Task<JobResult>> work) : IJobHandler
{
    private readonly ConcurrentQueue<ClaimedJob> runs = new();

    public const string Type = "TEST";

    public TestHandler()
        : this((_, _) => Task.FromResult(JobResult.Nothing))
    {
    }

    public string JobType => Type;

    public IReadOnlyCollection<ClaimedJob> Runs => runs;

    public Task<JobResult> Run(JobRun run, CancellationToken cancellationToken)
    {
        runs.Enqueue(run.Job);
        return work(run, cancellationToken);
    }

    public void Register(IServiceCollection services) => services.AddSingleton<IJobHandler>(this);
}

/// <summary>What jobs wait at until the test opens it.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int waiting;

    /// <summary>How many have come here so far.</summary>
    public int Arrived => Volatile.Read(ref waiting);

    public void Open() => opened.TrySetResult();

    public async Task<JobResult> Pass(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref waiting);
        await opened.Task.WaitAsync(cancellationToken);
        return JobResult.Nothing;
    }
}
