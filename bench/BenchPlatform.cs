using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using MediaPlatform.Application.Access;
using MediaPlatform.Infrastructure.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Bench;

/// <summary>The product as it is deployed: Release builds in processes of their own with their default settings, on a database, a folder and queues of the bench's own.</summary>
public sealed class BenchPlatform : IAsyncDisposable
{
    private readonly List<Process> processes = [];
    private readonly Dictionary<string, string> settings;
    private readonly bool keepsDatabase;
    private readonly string folder = Directory.CreateTempSubdirectory("mediaplatform-bench-").FullName;

    private BenchPlatform(string database, bool keepsDatabase)
    {
        this.keepsDatabase = keepsDatabase;
        Database = new NpgsqlConnectionStringBuilder(Postgres) { Database = database };
        var broker = new Uri(Required("MEDIAPLATFORM_TEST_RABBITMQ"));
        var credentials = broker.UserInfo.Split(':');
        var root = Directory.CreateDirectory(Path.Combine(folder, "media")).FullName;
        settings = new(StringComparer.Ordinal)
        {
            ["Database__ConnectionString"] = Database.ConnectionString,
            ["Storage__Root"] = root,
            ["Storage__SigningKeyId"] = "bench",
            ["Storage__SigningKeys__bench"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Media__ScratchRoot"] = Path.Combine(folder, "scratch"),
            ["Broker__Host"] = broker.Host,
            ["Broker__Port"] = $"{broker.Port}",
            ["Broker__Username"] = Uri.UnescapeDataString(credentials[0]),
            ["Broker__Password"] = Uri.UnescapeDataString(credentials[1]),
            ["Broker__QueuePrefix"] = $"bench-{Guid.NewGuid():n}",
            ["Imaging__Command__0"] = "dotnet",
            ["Imaging__Command__1"] = Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"),
            ["Imaging__Command__2"] = "decoder",
        };
    }

    public NpgsqlConnectionStringBuilder Database { get; }

    public Guid ClientId { get; } = new("0190bebe-0000-7000-8000-000000000001");

    /// <summary>An owner's key of the client.</summary>
    public ApiKeySecret Key { get; } = ApiKeySecret.Create();

    private static string Postgres => Required("MEDIAPLATFORM_TEST_POSTGRES");

    /// <param name="name">Of the database.</param>
    /// <param name="keepsDatabase">Leaves the database to the next run on the same server, and uses one that is there.</param>
    public static async Task<BenchPlatform> Start(string name, bool keepsDatabase = false)
    {
        var database = $"bench_{name}_{Migrator.Fingerprint}";
        var platform = new BenchPlatform(database, keepsDatabase);
        await using (var connection = new NpgsqlConnection(Postgres))
        {
            if (!keepsDatabase) await Execute(connection, $"drop database if exists {database} with (force)");
            if (await Scalar<bool>(connection, $"select not exists (select from pg_database where datname = '{database}')")) await Execute(connection, $"create database {database}");
        }

        await new Migrator(platform.Database.ConnectionString, NullLogger.Instance).Up(CancellationToken.None);
        await platform.Sql($"""
            insert into clients (id, name, slug, created_at, updated_at)
            values ('{platform.ClientId}', 'Bench', 'bench', now(), now())
            on conflict do nothing;
            insert into api_keys (client_id, id, name, role, prefix, secret_hash, created_at, created_by_kind, updated_at)
            values ('{platform.ClientId}', gen_random_uuid(), 'Bench', 'owner', '{platform.Key.Prefix}', '\x{Convert.ToHexStringLower(platform.Key.Hash)}', now(), 'system', now())
            """);
        return platform;
    }

    /// <summary>Starts the API and waits until it is ready.</summary>
    public async Task<Uri> StartApi()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        await StartProcess("MediaPlatform.Api", ["MediaPlatform.Api.dll"], address);
        return address;
    }

    /// <summary>Starts a worker and waits until it is ready.</summary>
    /// <param name="program">Another program that is one; it runs with the worker's own runtime settings.</param>
    public Task StartWorker(params string[] program) =>
        StartProcess("MediaPlatform.Worker", program is [] ? ["MediaPlatform.Worker.dll"] : program, new Uri($"http://127.0.0.1:{FreePort()}"));

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

    public string PathOf(string name) => Path.Combine(folder, name);

    public static string Required(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set: measurements are run by ./dev bench, which starts the servers they need.");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        NpgsqlConnection.ClearAllPools();
        if (!keepsDatabase)
        {
            await using var connection = new NpgsqlConnection(Postgres);
            await Execute(connection, $"drop database {Database.Database} with (force)");
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task StartProcess(string product, string[] program, Uri address)
    {
        // a shell sends the logs, which are written as ever, to a file
        var log = PathOf($"log-{processes.Count}");
        string[] command =
        [
            "dotnet", "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, $"{product}.runtimeconfig.json"),
            Path.Combine(AppContext.BaseDirectory, program[0]), .. program[1..],
        ];
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, .. command]) { WorkingDirectory = folder };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        var process = Process.Start(start)!;
        processes.Add(process);

        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(100))
        {
            if (process.HasExited) break;
            try
            {
                if ((await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode) return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // not yet
            }
        }

        throw new InvalidOperationException($"{program[0]} did not become ready:\n{await File.ReadAllTextAsync(log)}");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql) => await Run(connection, sql, command => command.ExecuteNonQueryAsync());

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql) => (T)(await Run(connection, sql, command => command.ExecuteScalarAsync()))!;

    private static async Task<T> Run<T>(NpgsqlConnection connection, string sql, Func<NpgsqlCommand, Task<T>> run)
    {
        if (connection.State is System.Data.ConnectionState.Closed) await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 1800 };
        return await run(command);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
