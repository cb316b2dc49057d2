namespace MediaPlatform.Tests.Support;

/// <summary>A fixture with a platform of its own, which is there before the fixture's own set-up and goes after its tear-down.</summary>
/// <param name="withWorker">Whether a worker runs in this process.</param>
/// <param name="overrides">Settings that differ.</param>
public abstract class PlatformFixture(bool withWorker = false, IReadOnlyDictionary<string, string?>? overrides = null) : PlatformHolder(withWorker, overrides)
{
    [OneTimeSetUp]
    public async Task Start() => await Open();

    [OneTimeTearDown]
    public async Task Stop() => await Close();
}

/// <summary>A fixture whose tests take what they have to themselves: each has a platform of its own.</summary>
/// <param name="withWorker">Whether a worker runs in this process.</param>
/// <param name="overrides">Settings that differ.</param>
public abstract class PlatformForEachTest(bool withWorker = false, IReadOnlyDictionary<string, string?>? overrides = null) : PlatformHolder(withWorker, overrides)
{
    [SetUp]
    public async Task Start() => await Open();

    [TearDown]
    public async Task Stop() => await Close();
}

/// <summary>What the two kinds of fixtures share.</summary>
public abstract class PlatformHolder(bool withWorker, IReadOnlyDictionary<string, string?>? overrides)
{
    private readonly Stack<IAsyncDisposable> held = new();

    protected Platform Platform { get; private set; } = null!;

    /// <summary>The owner's key of the first tenant.</summary>
    protected Tenant Owner => Platform.Tenant;

    /// <summary>Starts the platform; a fixture that needs something else running before it starts that here.</summary>
    protected virtual Task<Platform> Begin() => Platform.Start(withWorker, overrides);

    /// <summary>What is disposed of after the platform.</summary>
    protected T Held<T>(T other)
        where T : IAsyncDisposable
    {
        held.Push(other);
        return other;
    }

    private protected async Task Open() => Held(Platform = await Begin());

    private protected async Task Close()
    {
        while (held.TryPop(out var one)) await one.DisposeAsync();
    }
}
