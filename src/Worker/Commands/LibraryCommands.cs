using System.CommandLine;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Library;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Jobs;
using MediatR;

namespace MediaPlatform.Worker.Commands;

/// <summary>The maintenance of the stock library from a shell: results on standard output, how far it is on standard error, 1 when something is wrong.</summary>
internal static class LibraryCommands
{
    public static Command Build()
    {
        var client = new Option<string>("--client") { Description = "The client's slug.", Required = true };
        var preview = new Option<bool>("--preview") { Description = "Only say what would go." };
        var some = new Option<string?>("--client") { Description = "The client's slug; without it all clients are verified, and then the renditions of all." };
        var checksums = new Option<bool>("--checksums") { Description = "Also read every original and compare its SHA-256." };
        var quarantine = new Option<bool>("--quarantine") { Description = "Quarantine what nobody knows, and have renditions made again that are missing." };
        var library = new Command("library", "Look after the stock library.");
        library.Add(Operator.WithAction(new Command("stats", "Say what the library of a client has, and how much of its budget that takes.") { client }, (parsed, ct) => Stats(parsed.GetValue(client)!, ct)));
        library.Add(Operator.WithAction(
            new Command("gc", "Evict stock media of a client until they are within their budget.") { client, preview }, (parsed, ct) => Collect(parsed.GetValue(client)!, parsed.GetValue(preview), ct)));
        library.Add(Operator.WithAction(
            new Command("verify", "Look at all stored objects: what is missing, what nobody knows, what has other bytes.") { some, checksums, quarantine },
            (parsed, ct) => Verify(parsed.GetValue(some), parsed.GetValue(checksums), parsed.GetValue(quarantine), ct)));
        var from = new Option<string>("--from") { Description = "The store that its media lie in: local, s3 or r2.", Required = true };
        var to = new Option<string>("--to") { Description = "The store that they were copied to, under the same keys.", Required = true };
        library.Add(Operator.WithAction(
            new Command("rebase", "Take the media of a client to lie in another store, when all of them are found there.") { client, from, to, checksums },
            (parsed, ct) => Rebase(parsed.GetValue(client)!, new RebaseLibrary(parsed.GetValue(from)!, parsed.GetValue(to)!, parsed.GetValue(checksums)), ct)));
        return library;
    }

    private static async Task<int> Stats(string slug, CancellationToken cancellationToken)
    {
        await using var services = Operator.Services();
        if (await FindClient(services, slug, cancellationToken) is not { } client) return 1;

        var stats = (await Send(services, client, new GetLibraryStats(), cancellationToken)).Value;
        Console.WriteLine($"{stats.Images} pictures, {stats.Videos} films, {stats.OpenManifests} open manifests");
        Console.WriteLine($"{stats.UsedBytes} of {stats.QuotaBytes} bytes of stock, {stats.ReservedBytes} reserved, {stats.RoomBytes} free");
        foreach (var provider in stats.Providers) Console.WriteLine($"{provider.Provider}: {provider.Items} items, {provider.Bytes} bytes{(provider.CapBytes is { } cap ? $" of {cap}" : "")}");
        return 0;
    }

    private static async Task<int> Collect(string slug, bool preview, CancellationToken cancellationToken)
    {
        await using var services = Operator.Services();
        if (await FindClient(services, slug, cancellationToken) is not { } client) return 1;

        var planned = await Send(services, client, new EvictStock(preview), cancellationToken);
        if (!planned.Succeeded) return Operator.Refused(planned.Errors);
        var plan = planned.Value;
        Console.WriteLine($"{plan.Bytes} bytes are to go; {plan.Count} items with {plan.Found} bytes can.");
        if (preview)
        {
            foreach (var item in plan.Items) Console.WriteLine($"{item.AssetId} {item.Provider} {item.Bytes} {item.UsedAt:u} {item.OriginalFilename}");
            return 0;
        }

        var queued = await Send(
            services, client, new ListJobs(ListRequest.Everything with { Conditions = [new("type", Application.Query.Operator.Eq, [JobType.LibraryGc.Name])], Limit = 1, Count = CountMode.None }), cancellationToken);
        return await Follow(services, client, queued.Value.Items[0].Id, cancellationToken) ? 0 : 1;
    }

    private static async Task<int> Verify(string? slug, bool checksums, bool quarantine, CancellationToken cancellationToken)
    {
        await using var services = Operator.Services();
        if (slug is not null) return await FindClient(services, slug, cancellationToken) is { } one && await Verify(services, one, slug, checksums, quarantine, cancellationToken) ? 0 : 1;

        var isWell = true;
        foreach (var each in await SlugsOf(services, cancellationToken))
        {
            if (await Operator.FindClient(services, each, cancellationToken) is { } client) isWell &= await Verify(services, client, each, checksums, quarantine, cancellationToken);
        }

        var strays = await Send(services, new(Guid.Empty), new VerifyRenditions(quarantine, new Counter("renditions").Say), cancellationToken);
        if (!strays.Succeeded) return Operator.Refused(strays.Errors);
        foreach (var stray in strays.Value.Folders) Console.WriteLine($"renditions: orphaned {stray.StorageProvider} {stray.StorageFolder} {stray.Objects} objects, {stray.Bytes} bytes");
        Console.WriteLine($"renditions: {strays.Value.Seen} folders, {strays.Value.Count} orphaned, {strays.Value.Cleared} cleared, {strays.Value.Deleted} deleted");
        return isWell && strays.Value.Count == 0 ? 0 : 1;
    }

    private static async Task<bool> Verify(ServiceProvider services, ClientId client, string slug, bool checksums, bool quarantine, CancellationToken cancellationToken)
    {
        var begun = await Send(services, client, new VerifyLibrary(checksums, quarantine), cancellationToken);
        if (!begun.Succeeded) return Operator.Refused(begun.Errors) == 0;

        var job = (await Send(services, client, new GetVerification(begun.Value), cancellationToken)).Value.JobId!.Value;
        var isDone = await Follow(services, client, job, cancellationToken);
        var v = (await Send(services, client, new GetVerification(begun.Value), cancellationToken)).Value;
        foreach (var finding in (await Send(services, client, new ListFindings(begun.Value, Kind: null), cancellationToken)).Value.Where(finding => finding.Status is "reported" or "quarantined"))
            Console.WriteLine($"{slug}: {finding.Kind} {finding.StorageProvider} {finding.StorageKey.Replace('\t', ' ')}{(finding.AssetId is { } asset ? $" of {asset}" : "")}{(finding.DeleteAfter is { } after ? $", kept until {after:u}" : "")}");
        Console.WriteLine(
            $"{slug}: {v.Objects} objects, {v.Bytes} bytes, {v.Unseen} unseen; {v.Missing} missing, {v.Orphaned} orphaned, {v.Corrupted} corrupted; {v.Quarantined} quarantined, {v.Cleared} cleared, {v.Deleted} deleted");
        return isDone && v.Missing + v.Orphaned + v.Corrupted == 0;
    }

    private static async Task<int> Rebase(string slug, RebaseLibrary command, CancellationToken cancellationToken)
    {
        await using var services = Operator.Services();
        if (await FindClient(services, slug, cancellationToken) is not { } client) return 1;

        var begun = await Send(services, client, command, cancellationToken);
        if (!begun.Succeeded) return Operator.Refused(begun.Errors);
        if (!await Follow(services, client, begun.Value, cancellationToken)) return 1;

        Console.WriteLine($"The media of '{slug}' are read from {command.To} now; version {(await Send(services, client, new GetLibraryStats(), cancellationToken)).Value.RootVersion} of their root.");
        return 0;
    }

    /// <summary>Does a job here, unless a worker is at it, and says how far it is until it ends.</summary>
    /// <returns>Whether it succeeded.</returns>
    internal static async Task<bool> Follow(ServiceProvider services, ClientId client, Guid id, CancellationToken cancellationToken)
    {
        await using var worker = new OneJobWorker(client.Value, id);
        var bar = new ProgressBar();
        while (true)
        {
            var job = (await Send(services, client, new GetJob(new(id)), cancellationToken)).Value;
            bar.Show(job.Status == "succeeded" ? 100 : job.Progress);
            if (job.Status is not ("queued" or "running"))
            {
                bar.End();
                if (job.Status == "succeeded") return true;
                await Console.Error.WriteLineAsync($"{job.Type} is {job.Status}: {job.ErrorCode} {job.ErrorMessage}");
                return false;
            }

            await worker.Take(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
        }
    }

    private static async Task<ClientId?> FindClient(ServiceProvider services, string slug, CancellationToken cancellationToken)
    {
        if (await Operator.FindClient(services, slug, cancellationToken) is { } client) return client;
        await Console.Error.WriteLineAsync($"There is no client '{slug}'.");
        return null;
    }

    private static async Task<IReadOnlyList<string>> SlugsOf(ServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IClients>().ListSlugs(cancellationToken);
    }

    private static async Task<Domain.Result<T>> Send<T>(ServiceProvider services, ClientId client, IRequest<Domain.Result<T>> message, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return await Operator.Send(scope, client, message, cancellationToken);
    }
}
