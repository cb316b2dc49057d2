using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Bench;

/// <summary>The product as it is deployed: Release builds in processes of their own with their default settings, on a database, a folder and queues of the bench's own.</summary>
public sealed class BenchPlatform : IAsyncDisposable
{
    private readonly List<ProductProcess> processes = [];
    private readonly Dictionary<string, string> settings;
    private readonly bool keepsDatabase;
    private readonly string folder = Directory.CreateTempSubdirectory("mediaplatform-bench-").FullName;
    private readonly string program;

    private BenchPlatform(string database, bool keepsDatabase)
    {
        this.keepsDatabase = keepsDatabase;
        Database = new NpgsqlConnectionStringBuilder(Postgres) { Database = database };
        var broker = new Uri(Required("MEDIAPLATFORM_TEST_RABBITMQ"));
        var credentials = broker.UserInfo.Split(':');
        Directory.CreateDirectory(StorageRoot);
        program = Directory.CreateSymbolicLink(PathOf("program"), Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).FullName;
        settings = new(StringComparer.Ordinal)
        {
            ["Database__ConnectionString"] = Database.ConnectionString,
            ["Storage__Root"] = StorageRoot,
            ["Storage__SigningKeyId"] = "bench",
            ["Storage__SigningKeys__bench"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Sealing__KeyId"] = "bench",
            ["Sealing__Keys__bench"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Media__ScratchRoot"] = ScratchRoot,
            ["Broker__Host"] = broker.Host,
            ["Broker__Port"] = $"{broker.Port}",
            ["Broker__Username"] = Uri.UnescapeDataString(credentials[0]),
            ["Broker__Password"] = Uri.UnescapeDataString(credentials[1]),
            ["Broker__QueuePrefix"] = $"bench-{Guid.NewGuid():n}",
            ["Imaging__Command__0"] = "dotnet",
            ["Imaging__Command__1"] = Path.Combine(program, "MediaPlatform.Worker.dll"),
            ["Imaging__Command__2"] = "decoder",
            ["RateLimits__PermitsPerSecond"] = "1000000", // kept, and never met: all load comes with one key
            ["RateLimits__Burst"] = "10000000",
            ["TMPDIR"] = Directory.CreateDirectory(PathOf("tmp")).FullName, // killed runtimes leave their sockets there
        };
    }

    public NpgsqlConnectionStringBuilder Database { get; }

    public Guid ClientId { get; } = new("0190bebe-0000-7000-8000-000000000001");

    /// <summary>An owner's key of the client.</summary>
    public ApiKeySecret Key { get; } = ApiKeySecret.Create();

    /// <summary>Where the media lie.</summary>
    public string StorageRoot => PathOf("media");

    /// <summary>Where workers lay what they have not stored yet.</summary>
    public string ScratchRoot => PathOf("scratch");

    /// <summary>Leaves the folder, with the media and the logs, for whoever wants to look.</summary>
    public bool KeepsFolder { get; set; }

    private static string Postgres => Required("MEDIAPLATFORM_TEST_POSTGRES");

    /// <param name="name">Of the database.</param>
    /// <param name="keepsDatabase">Leaves the database to the next run on the same server, and uses one that is there.</param>
    /// <param name="settings">Other than the defaults.</param>
    public static async Task<BenchPlatform> Start(string name, bool keepsDatabase = false, IEnumerable<KeyValuePair<string, string>>? settings = null)
    {
        var database = $"bench_{name}_{Migrator.Fingerprint}";
        var platform = new BenchPlatform(database, keepsDatabase);
        foreach (var (setting, value) in settings ?? []) platform.settings[setting] = value;
        await using (var connection = new NpgsqlConnection(Postgres))
        {
            if (!keepsDatabase) await Execute(connection, $"drop database if exists {database} with (force)");
            if (await Scalar<bool>(connection, $"select not exists (select from pg_database where datname = '{database}')")) await Execute(connection, $"create database {database}");
        }

        await new Migrator(platform.Database.ConnectionString, NullLogger.Instance).Up(CancellationToken.None);
        await platform.AddClient(platform.ClientId, "bench", platform.Key);
        return platform;
    }

    /// <summary>Adds a client.</summary>
    /// <param name="key">An owner's.</param>
    public Task AddClient(Guid id, string slug, ApiKeySecret key) => Sql($"""
        insert into clients (id, name, slug, created_at, updated_at)
        values ('{id}', '{slug}', '{slug}', now(), now())
        on conflict do nothing;
        insert into api_keys (client_id, id, name, role, prefix, secret_hash, created_at, created_by_kind, updated_at)
        values ('{id}', gen_random_uuid(), 'Bench', 'owner', '{key.Prefix}', '\x{Convert.ToHexStringLower(key.Hash)}', now(), 'system', now())
        """);

    /// <summary>Starts the API and waits until it is ready.</summary>
    public async Task<ProductProcess> StartApi() => await StartProcess("MediaPlatform.Api", ["MediaPlatform.Api.dll"]);

    /// <summary>Starts another program in the API's place, with its runtime settings, and waits until it is ready.</summary>
    public async Task<ProductProcess> StartInPlaceOfApi(params string[] program) => await StartProcess("MediaPlatform.Api", program);

    /// <summary>Starts a worker and waits until it is ready.</summary>
    /// <param name="program">Another program that is one; it runs with the worker's own runtime settings.</param>
    public async Task<ProductProcess> StartWorker(params string[] program) => await StartProcess("MediaPlatform.Worker", program is [] ? ["MediaPlatform.Worker.dll"] : program);

    /// <summary>
    /// Processes of the product whose API or worker is gone: decoders and whatever else was started for it. They are known by the
    /// folder of this platform, which stands on the command line of each.
    /// </summary>
    public int[] Orphans()
    {
        var roots = processes.Select(process => process.Id).OfType<int>().ToHashSet();
        return [.. Process.GetProcesses().Select(process => process.Id).Where(id => IsOurs(id) && !BelongsToOneOf(roots, id))];
    }

    private bool IsOurs(int id) => Read(id, "cmdline").Contains(folder, StringComparison.Ordinal);

    private static bool BelongsToOneOf(HashSet<int> roots, int id)
    {
        for (var ancestor = id; ancestor > 1; ancestor = ParentOf(ancestor))
            if (roots.Contains(ancestor)) return true;
        return false;
    }

    /// <summary>0 when the process is gone. The parent stands second behind the name, which is in brackets; see proc_pid_stat(5).</summary>
    private static int ParentOf(int id) => Read(id, "stat") is { Length: > 0 } stat ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) : 0;

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended, or is none of ours
        }
    }

    public async Task Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await Execute(connection, sql);
    }

    public async Task<T> Sql<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        return await Scalar<T>(connection, sql);
    }

    /// <summary>Rows as records; columns by their names in snake case.</summary>
    public async Task<IReadOnlyList<T>> Rows<T>(string sql)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        return (await connection.QueryAsync<T>(sql)).AsList();
    }

    public string PathOf(string name) => Path.Combine(folder, name);

    public static string Required(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set: measurements are run by ./dev bench, which starts the servers they need.");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();

        NpgsqlConnection.ClearAllPools();
        if (!keepsDatabase)
        {
            await using var connection = new NpgsqlConnection(Postgres);
            await Execute(connection, $"drop database {Database.Database} with (force)");
        }

        if (!KeepsFolder) Directory.Delete(folder, recursive: true);
    }

    private async Task<ProductProcess> StartProcess(string product, string[] arguments)
    {
        string[] command = ["dotnet", "exec", "--runtimeconfig", Path.Combine(program, $"{product}.runtimeconfig.json"), Path.Combine(program, arguments[0]), .. arguments[1..]];
        var process = new ProductProcess(PathOf($"log-{processes.Count}"), command, folder, settings, new Uri($"http://127.0.0.1:{FreePort()}"));
        processes.Add(process);
        process.Start();
        await process.BecomesReady();
        return process;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql) => await Run(connection, sql, command => command.ExecuteNonQueryAsync());

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql) => (T)(await Run(connection, sql, command => command.ExecuteScalarAsync()))!;

    private static async Task<T> Run<T>(NpgsqlConnection connection, string sql, Func<NpgsqlCommand, Task<T>> run)
    {
        if (connection.State is System.Data.ConnectionState.Closed) await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        return await run(command);
    }

    /// <summary>Below those that outgoing connections get, so that nobody takes it while a process is between two starts.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 30_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // somebody has it
            }
        }
    }
}
