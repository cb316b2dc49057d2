namespace MediaPlatform.Tests.Support;

/// <summary>A fixture with a platform of its own, which is there before the fixture's own set-up and goes after its tear-down.</summary>
/// <param name="withWorker">Whether a worker runs in this process.</param>
/// <param name="overrides">Settings that differ.</param>
public abstract class PlatformFixture(bool withWorker = false, IReadOnlyDictionary<string, string?>? overrides = null)
{
    private readonly Stack<IAsyncDisposable> held = new();

    protected Platform Platform { get; private set; } = null!;

    /// <summary>The owner's key of the first tenant.</summary>
    protected Tenant Owner => Platform.Tenant;

    [OneTimeSetUp]
    public async Task Start() => Held(Platform = await Begin());

    [OneTimeTearDown]
    public async Task Stop()
    {
        while (held.TryPop(out var one)) await one.DisposeAsync();
    }

    /// <summary>Starts the platform; a fixture that needs something else running before it starts that here.</summary>
    protected virtual Task<Platform> Begin() => Platform.Start(withWorker, overrides);

    /// <summary>What is disposed of after the platform.</summary>
    protected T Held<T>(T other)
        where T : IAsyncDisposable
    {
        held.Push(other);
        return other;
    }
}

/// <summary>A fixture whose tests take what they have to themselves: each has a platform as new, on the API of the fixture.</summary>
/// <param name="withWorker">Whether a worker runs in this process.</param>
/// <param name="overrides">Settings that differ.</param>
public abstract class PlatformForEachTest(bool withWorker = false, IReadOnlyDictionary<string, string?>? overrides = null) : PlatformFixture(overrides: overrides)
{
    private bool isUsed;

    [SetUp]
    public async Task Renew()
    {
        if (isUsed) await Platform.Renew();
        isUsed = true;
        if (withWorker) await Platform.StartWorker();
    }

    [TearDown]
    public async Task StopWorker()
    {
        await Platform.StopWorker();
        await Platform.TellOfFailure();
    }
}
