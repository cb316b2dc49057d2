using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Decodes a picture once, writes the renditions of some recipes and stores them beside the original.</summary>
internal sealed class RenditionWriter(IImageDecoder decoder, IMediaStore store, MediaOptions options)
{
    /// <summary>The limits are the decoder's own: see its options.</summary>
    public async Task<(RenderOutcome Outcome, IReadOnlyList<NewVariant> Variants)> Write(
        JobRun run, AssetId asset, string sourcePath, string scratch, IReadOnlyList<Recipes.Recipe> recipes, CancellationToken cancellationToken)
    {
        var outcome = await run.Stage(
            "render",
            () => decoder.Render(new RenderRequest(sourcePath, Limits: null, [.. recipes.Select(recipe => recipe.Into(scratch))]), cancellationToken),
            result => result.Fault is { } fault ? new JobError(fault.Code, fault.Message) : null);
        run.Progress = 70;
        if (outcome.Fault is not null) return (outcome, []);

        var variants = await run.Stage("store", () => Task.WhenAll(recipes.Zip(
            outcome.Renditions, (recipe, rendition) => Store(run.Job.ClientId, asset, recipe, rendition, cancellationToken))));
        run.Progress = 95;
        return (outcome, variants);
    }

    private async Task<NewVariant> Store(Guid clientId, AssetId asset, Recipes.Recipe recipe, RenditionFacts rendition, CancellationToken cancellationToken)
    {
        var key = StorageKeys.Variant(clientId, asset, recipe.Preset, recipe.Number, Path.GetExtension(rendition.Path).TrimStart('.'));
        await using (var bytes = File.OpenRead(rendition.Path)) await store.Put(key, bytes, cancellationToken);
        return new(
            recipe.Kind, recipe.Preset, recipe.Number, rendition.Format, $"image/{rendition.Format}", rendition.Width, rendition.Height,
            rendition.SizeBytes, store.Provider, key);
    }

    /// <summary>A folder for one attempt, removed with all that is in it.</summary>
    public Scratch CreateScratch(ClaimedJob job) => new(Path.Combine(options.ScratchRoot, $"{job.Id:n}-{job.LeaseToken:n}"));
}

/// <summary>A folder that is there until it is disposed of.</summary>
public sealed class Scratch : IDisposable
{
    public Scratch(string folder) => Folder = Directory.CreateDirectory(folder).FullName;

    public string Folder { get; }

    /// <summary>Removes what workers that were killed have left.</summary>
    public static void RemoveLeftovers(string root, TimeSpan olderThan)
    {
        var folder = new DirectoryInfo(root);
        foreach (var left in folder.Exists ? folder.EnumerateDirectories() : [])
        {
            if (DateTime.UtcNow - left.LastWriteTimeUtc <= olderThan) continue;
            try
            {
                left.Delete(recursive: true);
            }
            catch (IOException)
            {
                // another worker has just removed it; the time of what is gone is long ago
            }
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
