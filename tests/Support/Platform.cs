using System.Collections.Concurrent;
using System.Security.Cryptography;
using MediaPlatform.Api;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Worker;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Tests.Support;

/// <summary>
/// The product as one fixture has it: an API on a real socket and, when wanted, a worker, on a database, a storage folder and
/// queues of its own. Two tenants are there from the start, so that every fixture can ask as a stranger.
/// </summary>
public sealed class Platform : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, ConcurrentBag<Platform>> Spare = new(StringComparer.Ordinal); // by what differs
    private static readonly ConcurrentDictionary<string, int> Asked = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string?> settings;
    private readonly LogLines logs = new();
    private MoreOfApi? with;
    private WebApplication? api;
    private RunningWorker? worker;
    private string? sort; // what tells it from others, where another fixture can go on with it

    static Platform() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var spare in Spare.Values.SelectMany(all => all)) spare.Drop().GetAwaiter().GetResult();
    };

    private Platform(Dictionary<string, string?> settings, string database, string root) => (this.settings, Database, Root) = (settings, database, root);

    /// <summary>A connection string to the fixture's own database.</summary>
    public string Database { get; }

    /// <summary>A folder of the fixture's own; the media lie in <c>media</c> under it.</summary>
    public string Root { get; }

    public string StorageRoot => Path.Combine(Root, "media");

    public Uri Address { get; private set; } = null!;

    /// <summary>The owner's key of the first tenant.</summary>
    public Tenant Tenant { get; private set; } = null!;

    /// <summary>The owner's key of another tenant.</summary>
    public Tenant Stranger { get; private set; } = null!;

    /// <summary>Somebody without a key.</summary>
    public Tenant Nobody => new(this, Guid.Empty, "");

    public IServiceProvider ApiServices => api!.Services;

    public IServiceProvider WorkerServices => worker!.Services;

    /// <summary>Where the worker's health pages are.</summary>
    public Uri WorkerAddress => worker!.Address;

    /// <summary>Warnings and worse, of the API and the worker.</summary>
    public IReadOnlyCollection<string> Logs => logs.Lines;

    /// <summary>Starts one; or goes on, as new, with one whose fixture is done, where nothing is to be unusual about it.</summary>
    /// <param name="withWorker">Whether a worker runs in this process.</param>
    /// <param name="overrides">Settings that differ, such as <c>Media:MaxFileBytes</c>.</param>
    /// <param name="reaching">How the product itself reaches the database, when it is not straight.</param>
    /// <param name="with">What the API has beside its own.</param>
    public static async Task<Platform> Start(
        bool withWorker = false, IReadOnlyDictionary<string, string?>? overrides = null, Func<string, string>? reaching = null, MoreOfApi? with = null)
    {
        var sort = reaching is null && with is null && overrides?.ContainsKey("MEDIA_ORIGIN") is not true ? string.Join('\n', (overrides ?? new Dictionary<string, string?>()).Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)) : null;
        if (sort is not null && Asked.AddOrUpdate(sort, 1, static (_, times) => times + 1) > 1 && Spare.TryGetValue(sort, out var spares) && spares.TryTake(out var spare))
        {
            await spare.Renew();
            if (withWorker) await spare.StartWorker();
            return spare;
        }

        var database = await TestServers.CreateDatabase();
        var root = Directory.CreateTempSubdirectory("mediaplatform-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "media"));
        var platform = new Platform(Settings(database, root), database, root) { with = with, sort = sort };
        if (reaching is not null) platform.settings["Database:ConnectionString"] = reaching(database);
        foreach (var (name, value) in overrides ?? new Dictionary<string, string?>()) platform.settings[name] = value;

        await platform.StartApi();
        if (platform.settings.GetValueOrDefault("MEDIA_ORIGIN") is "s3" or "r2") await platform.MakeBucket();
        await platform.CreateTenants();
        if (withWorker) await platform.StartWorker();
        return platform;
    }

    /// <summary>Starts one that nobody had before, when all that wait for another fixture are stopped: their figures are of the same process.</summary>
    public static async Task<Platform> StartAlone()
    {
        foreach (var spares in Spare.Values)
        {
            while (spares.TryTake(out var spare))
            {
                await spare.StopApi();
                await spare.Drop();
            }
        }

        return await Start(overrides: new Dictionary<string, string?>(StringComparer.Ordinal) { ["MEDIA_ORIGIN"] = "local" });
    }

    /// <summary>All as it was after the start, without a worker. The API goes on: it is what takes longest to start.</summary>
    public async Task Renew()
    {
        await StopWorker();
        logs.Clear();
        if (await TestServers.RenewDatabase(Database)) ApiServices.GetRequiredService<NpgsqlDataSource>().Clear();
        foreach (var left in new DirectoryInfo(Root).EnumerateFileSystemInfos())
        {
            if (left is DirectoryInfo folder) folder.Delete(recursive: true);
            else left.Delete();
        }

        Directory.CreateDirectory(StorageRoot);
        settings["Broker:QueuePrefix"] = $"test-{Guid.NewGuid():n}";
        await CreateTenants();
    }

    public async Task StartApi()
    {
        api = ApiHost.Build(
            [],
            settings,
            builder =>
            {
                Listen(builder);
                with?.Services(builder.Services);
            },
            with?.Map,
            with?.Versions);
        await api.StartAsync();
        Address = new Uri(api.Urls.First());
    }

    public async Task StopApi()
    {
        sort = null;
        if (api is null) return;
        await api.StopAsync();
        await api.DisposeAsync();
        api = null;
    }

    /// <summary>Stops the API, and the worker where there is one, and starts them with other settings.</summary>
    public async Task Restart(IReadOnlyDictionary<string, string?> changed)
    {
        foreach (var (name, value) in changed) settings[name] = value;
        var hadWorker = worker is not null;
        await StopWorker();
        await StopApi();
        await StartApi();
        if (hadWorker) await StartWorker();
    }

    /// <param name="configure">What this worker has beside the usual, such as a job handler of the test's own.</param>
    /// <param name="overrides">Settings of this worker alone.</param>
    public async Task StartWorker(Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? overrides = null) =>
        worker = await StartAnotherWorker(configure, overrides);

    /// <summary>One more worker on the same database, queues and storage; whoever starts it disposes of it, which stops it.</summary>
    public async Task<RunningWorker> StartAnotherWorker(Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? overrides = null)
    {
        var own = new Dictionary<string, string?>(settings, StringComparer.Ordinal);
        foreach (var (name, value) in overrides ?? new Dictionary<string, string?>()) own[name] = value;
        var host = WorkerHost.Build([], own, builder =>
        {
            Listen(builder);
            configure?.Invoke(builder.Services);
        });
        await host.StartAsync();
        return new RunningWorker(host);
    }

    public async Task StopWorker()
    {
        if (worker is null) return;
        await worker.DisposeAsync();
        worker = null;
    }

    public async Task<Tenant> CreateTenant(string slug)
    {
        var id = new ClientId(Guid.CreateVersion7());
        var created = await Send(id, new CreateClient(id, slug, $"{slug}-{Guid.NewGuid():n}"));
        return new Tenant(this, id.Value, created.Secret.Text);
    }

    /// <summary>Another key of a tenant, of a lower role.</summary>
    public async Task<Tenant> CreateKey(Tenant tenant, Role role)
    {
        var created = await Send(new(tenant.ClientId), new CreateApiKey(role.ToString(), role, ExpiresAt: null));
        return new Tenant(this, tenant.ClientId, created.Secret.Text);
    }

    /// <summary>The settings, as environment variables of a process of its own.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value!));

    /// <summary>Runs SQL against the fixture's database.</summary>
    public async Task<T?> Sql<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync();
        return value is null or DBNull ? default : (T)value;
    }

    /// <summary>The settings that make a fixture's media lie in a store: local, s3 or r2.</summary>
    public static Dictionary<string, string?> StoredIn(string origin) => new(origin is "r2" ? TestServers.S3Settings($"test-{Guid.NewGuid():n}", "R2") : [], StringComparer.Ordinal) { ["MEDIA_ORIGIN"] = origin };

    /// <summary>The fixture's bucket on the S3 server of the tests; made by <see cref="MakeBucket"/>.</summary>
    public string Bucket => settings["S3:Bucket"]!;

    /// <summary>The fixture's bucket is there after this. One that has its media in it has it from the start.</summary>
    public Task MakeBucket()
    {
        sort = null; // who comes after would find what is in it
        return ApiServices.GetRequiredService<MediaStores>().Prepare(CancellationToken.None);
    }

    /// <summary>The store that the fixture's new media go to.</summary>
    public IMediaStore Store => ApiServices.GetRequiredService<IMediaStores>().Origin;

    /// <summary>The keys of all objects in that store, in their order.</summary>
    public async Task<string[]> StoredObjects()
    {
        var keys = new List<string>();
        await foreach (var found in Store.List("", CancellationToken.None)) keys.Add(found.Key);
        return [.. keys];
    }

    /// <summary>The objects in the storage, temporary ones included, as keys.</summary>
    public string[] StoredKeys() =>
    [
        .. Directory.EnumerateFiles(StorageRoot, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(StorageRoot, path)).Order(StringComparer.Ordinal),
    ];

    public async ValueTask DisposeAsync()
    {
        await StopWorker();
        await TellOfFailure();
        if (sort is "" || (sort is not null && Asked[sort] > 1)) // to start an API takes longer than most tests
        {
            Spare.GetOrAdd(sort, static _ => []).Add(this);
            return;
        }

        await StopApi();
        await Drop();
    }

    private async Task Drop()
    {
        await TestServers.DropDatabase(Database);
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Writes what was logged beside a test that has failed.</summary>
    public async Task TellOfFailure()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status is not NUnit.Framework.Interfaces.TestStatus.Failed) return;
        foreach (var line in logs.Lines) await TestContext.Out.WriteLineAsync(line);
    }

    /// <summary>What an operator does to a tenant.</summary>
    public async Task<Domain.Result<T>> Do<T>(Tenant tenant, IRequest<Domain.Result<T>> command)
    {
        await using var scope = ApiServices.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Caller = new Caller(tenant.ClientId, ActorKind.System, ActorId: null, Role.Owner, "test");
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command);
    }

    private async Task CreateTenants()
    {
        Tenant = await CreateTenant("first");
        Stranger = await CreateTenant("stranger");
    }

    private async Task<CreatedApiKey> Send(ClientId client, IRequest<Domain.Result<CreatedApiKey>> command)
    {
        await using var scope = ApiServices.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().Caller = new Caller(client.Value, ActorKind.System, ActorId: null, Role.Owner, "test");
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command)).Value;
    }

    private void Listen(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().Services.AddSingleton<ILoggerFactory>(LoggerFactory.Create(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Information)));
    }

    private static Dictionary<string, string?> Settings(string database, string root)
    {
        var broker = TestServers.RabbitMq;
        var credentials = broker.UserInfo.Split(':');
        return new(TestServers.S3Settings($"test-{Guid.NewGuid():n}"), StringComparer.Ordinal)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Database:ConnectionString"] = database,
            ["Database:MaxPoolSize"] = "6",
            ["Storage:Root"] = Path.Combine(root, "media"),
            ["Storage:SigningKeyId"] = "test",
            ["Storage:SigningKeys:test"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Sealing:KeyId"] = "test",
            ["Sealing:Keys:test"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Media:ScratchRoot"] = Path.Combine(root, "scratch"),
            ["Broker:Host"] = broker.Host,
            ["Broker:Port"] = $"{broker.Port}",
            ["Broker:Username"] = Uri.UnescapeDataString(credentials[0]),
            ["Broker:Password"] = Uri.UnescapeDataString(credentials[1]),
            ["Broker:QueuePrefix"] = $"test-{Guid.NewGuid():n}",
            ["Worker:Poll"] = "00:00:01",
            ["Worker:RelayPoll"] = "00:00:00.1",
            ["Worker:ScheduleEvery"] = "00:00:00.2",
            ["Worker:FirstBackoff"] = "00:00:00.05",
            ["Worker:Lease"] = "00:00:03",
            ["Worker:Heartbeat"] = "00:00:00.3",
            ["Worker:StopGrace"] = "00:00:05",
            ["Imaging:Processes"] = "1",
            ["Imaging:Command:0"] = System.Environment.ProcessPath,
            ["Imaging:Command:1"] = Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"),
            ["Imaging:Command:2"] = "decoder",
        };
    }

    private sealed class LogLines : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> Lines => lines;

        public void Clear() => lines.Clear();

        public ILogger CreateLogger(string categoryName) => new Lining(lines, categoryName);

        public void Dispose()
        {
        }

        private sealed class Lining(ConcurrentQueue<string> lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning || category.StartsWith("MediaPlatform", StringComparison.Ordinal);

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel)) lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}

/// <summary>A worker in this process; it is asked to stop, gracefully, when it is disposed of.</summary>
public sealed class RunningWorker(WebApplication host) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public Uri Address { get; } = new(host.Urls.First());

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await host.DisposeAsync();
    }
}

/// <summary>Resources of a test's own, beside those of the API.</summary>
public sealed record MoreOfApi(Action<IServiceCollection> Services, Action<WebApplication> Map, IReadOnlyList<int>? Versions = null);
