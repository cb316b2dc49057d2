using MediaPlatform.Application.Jobs;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Decodes a picture once, writes the renditions of some recipes and stores them in the asset's folder of renditions.</summary>
internal sealed class RenditionWriter(IImageDecoder decoder, IMediaStores stores)
{
    /// <summary>The limits are the decoder's own: see its options.</summary>
    public async Task<(RenderOutcome Outcome, IReadOnlyList<NewVariant> Variants)> Write(
        JobRun run, ProcessingSource source, string sourcePath, string scratch, IReadOnlyList<Recipes.Recipe> recipes, CancellationToken cancellationToken,
        bool ofPreview = false)
    {
        var outcome = await run.Stage(
            "render",
            () => decoder.Render(new RenderRequest(sourcePath, Limits: null, [.. recipes.Select(recipe => recipe.Into(scratch))], ofPreview), cancellationToken),
            result => result.Fault is { Code: MediaFaults.PreviewMissing } ? null : MediaFaults.Of(result.Fault));
        run.Progress = 70;
        if (outcome.Fault is not null) return (outcome, []);

        var variants = await run.Stage("store", () => Task.WhenAll(recipes.Zip(
            outcome.Renditions, (recipe, rendition) => Store(source.RenditionsFolder, recipe, rendition, cancellationToken))));
        run.Progress = 95;
        return (outcome, variants);
    }

    private async Task<NewVariant> Store(string folder, Recipes.Recipe recipe, RenditionFacts rendition, CancellationToken cancellationToken)
    {
        var store = stores.Origin;
        var key = StorageKeys.Variant(folder, recipe.Preset, recipe.Number, Path.GetExtension(rendition.Path).TrimStart('.'));
        await using (var bytes = File.OpenRead(rendition.Path)) await store.Put(key, bytes, $"image/{rendition.Format}", cancellationToken);
        return new(
            recipe.Kind, recipe.Preset, recipe.Number, rendition.Format, $"image/{rendition.Format}", rendition.Width, rendition.Height,
            rendition.SizeBytes, store.Provider, key);
    }
}
