using System.CommandLine;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Infrastructure.Storage;
using MediatR;

namespace MediaPlatform.Worker.Commands;

/// <summary>What an operator does from a shell: the schema, the first clients and keys. Without a command the worker runs.</summary>
internal static class Operator
{
    private const string LocalSlug = "local";

    public static RootCommand CommandLine(Func<CancellationToken, Task<int>> run)
    {
        var root = new RootCommand("MediaPlatform's worker. Settings come from the environment, such as Database__ConnectionString.");
        root.SetAction((_, cancellationToken) => run(cancellationToken));

        var down = new Option<int>("--down") { Description = "Take back this many scripts, newest first, instead of applying those that are missing." };
        root.Add(WithAction(new Command("migrate", "Bring the schema up to this version.") { down }, (parsed, ct) => Migrate(parsed.GetValue(down), ct)));

        var file = new Option<FileInfo>("--file") { Description = "Where the key lies, readable by its owner alone.", Required = true };
        root.Add(WithAction(
            new Command("local-key", "Make the client 'local' and a key to it, unless the file has one that works.") { file },
            (parsed, ct) => LocalKey(parsed.GetValue(file)!, ct)));

        root.Add(WithAction(
            new Command("prepare-storage", "Make the buckets that the settings name, where they are missing, and let them keep versions."), (_, ct) => PrepareStorage(ct)));

        var name = new Option<string>("--name") { Description = "What people call the client.", Required = true };
        var slug = new Option<string>("--slug") { Description = "1 to 63 of a–z, 0–9 and '-'.", Required = true };
        root.Add(WithAction(
            new Command("create-client", "Make a client and its first key, which is printed once.") { name, slug },
            (parsed, ct) => CreateClient(parsed.GetValue(name)!, parsed.GetValue(slug)!, ct)));

        var client = new Option<string>("--client") { Description = "The client's slug.", Required = true };
        var prefix = new Option<string[]>("--prefix") { Description = "s3://bucket/folder/, as often as there are some; without any, nothing may be registered." };
        root.Add(WithAction(
            new Command("allow-s3", "Say what of the S3-compatible store a client may register, instead of what it might before.") { client, prefix },
            (parsed, ct) => AllowS3(parsed.GetValue(client)!, parsed.GetValue(prefix) ?? [], ct)));
        root.Add(LibraryCommands.Build());
        return root;
    }

    internal static Command WithAction(Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(parsed, cancellationToken);
            }
            catch (Exception exception) when (exception is MigrationException or Npgsql.NpgsqlException or IOException or StorageException or Microsoft.Extensions.Options.OptionsValidationException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        return command;
    }

    private static async Task<int> Migrate(int down, CancellationToken cancellationToken)
    {
        await using var services = Services();
        var migrator = new Migrator(
            services.GetRequiredService<DatabaseOptions>().ConnectionString, services.GetRequiredService<ILoggerFactory>().CreateLogger<Migrator>());
        var count = down > 0 ? await migrator.Down(down, cancellationToken) : await migrator.Up(cancellationToken);
        Console.WriteLine(down > 0 ? $"{count} scripts taken back." : $"{count} scripts applied; the schema is up to date.");
        return 0;
    }

    private static async Task<int> PrepareStorage(CancellationToken cancellationToken)
    {
        await using var services = Services();
        foreach (var provider in await services.GetRequiredService<MediaStores>().Prepare(cancellationToken)) Console.WriteLine($"The bucket of {provider} is ready.");
        return 0;
    }

    private static async Task<int> LocalKey(FileInfo file, CancellationToken cancellationToken)
    {
        await using var services = Services();
        if (file.Exists)
        {
            var text = (await File.ReadAllTextAsync(file.FullName, cancellationToken)).Trim();
            if (await services.GetRequiredService<IKeyring>().Find(text, cancellationToken) is not null) return 0;
        }

        await using var scope = services.CreateAsyncScope();
        var found = await FindClient(services, LocalSlug, cancellationToken);
        var created = found is { } client
            ? await Send(scope, client, new CreateApiKey("local key", Role.Owner, ExpiresAt: null), cancellationToken)
            : await CreateClient(scope, "Local", LocalSlug, cancellationToken);
        if (!created.Succeeded) return Refused(created.Errors);

        Directory.CreateDirectory(file.DirectoryName!);
        var temporary = file.FullName + ".new";
        File.Delete(temporary);
        var readable = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using (var writer = new StreamWriter(temporary, readable)) await writer.WriteLineAsync(created.Value.Secret.Text.AsMemory(), cancellationToken);
        File.Move(temporary, file.FullName, overwrite: true);
        return 0;
    }

    private static async Task<int> CreateClient(string name, string slug, CancellationToken cancellationToken)
    {
        await using var services = Services();
        await using var scope = services.CreateAsyncScope();
        var created = await CreateClient(scope, name, slug, cancellationToken);
        if (!created.Succeeded) return Refused(created.Errors);

        Console.WriteLine($"X-Api-Key: {created.Value.Secret.Text}");
        return 0;
    }

    private static async Task<int> AllowS3(string slug, string[] prefixes, CancellationToken cancellationToken)
    {
        await using var services = Services();
        if (await FindClient(services, slug, cancellationToken) is not { } client)
        {
            await Console.Error.WriteLineAsync($"There is no client '{slug}'.");
            return 1;
        }

        await using var scope = services.CreateAsyncScope();
        var allowed = await Send(scope, client, new AllowRegistering(prefixes), cancellationToken);
        if (!allowed.Succeeded) return Refused(allowed.Errors);

        Console.WriteLine(prefixes.Length > 0 ? $"'{slug}' may register what lies below {string.Join(", ", prefixes)}." : $"'{slug}' may register nothing.");
        return 0;
    }

    private static Task<Result<CreatedApiKey>> CreateClient(AsyncServiceScope scope, string name, string slug, CancellationToken cancellationToken)
    {
        var id = new ClientId(Guid.CreateVersion7());
        return Send(scope, id, new CreateClient(id, name, slug), cancellationToken);
    }

    internal static async Task<ClientId?> FindClient(ServiceProvider services, string slug, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IClients>().FindBySlug(slug, cancellationToken);
    }

    internal static async Task<Result<T>> Send<T>(AsyncServiceScope scope, ClientId client, IRequest<Result<T>> command, CancellationToken cancellationToken)
    {
        scope.ServiceProvider.GetRequiredService<CallContext>().Caller = new Caller(client.Value, ActorKind.System, ActorId: null, Role.Owner, "operator");
        await scope.ServiceProvider.GetRequiredService<IJobSchedule>().MakePartitions(cancellationToken); // no scheduler may be running yet
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
    }

    internal static int Refused(IReadOnlyList<Error> errors)
    {
        foreach (var error in errors) Console.Error.WriteLine(error.Message);
        return 1;
    }

    internal static ServiceProvider Services() => Basis().AddUseCases().BuildServiceProvider();

    /// <summary>What every command has.</summary>
    internal static IServiceCollection Basis()
    {
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        configuration.AddMediaVariables();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("MediaPlatform.Application", LogLevel.Warning))
            .AddPostgres("mediaplatform-operator")
            .AddMediaStorage();
    }
}
