using System.Text.Json;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>The UI elements and the backgrounds of an episode: what its documents name is looked up, a file that nobody knows becomes one of the catalogue, and each use is kept with the version that is shown.</summary>
internal sealed class EpisodeSharedAssets(ISharedAssets assets, RecordWriter<UiElementFields> elements, RecordWriter<BackgroundFields> backgrounds) : IRecordParts<EpisodeFields>
{
    private static readonly SharedAssetKind[] Kinds = Enum.GetValues<SharedAssetKind>();

    private readonly Dictionary<(SharedAssetKind Kind, string Role), SharedAssetVersion> found = [];

    public async Task<Result<EpisodeFields>> Complete(StoredRecord? before, EpisodeFields after, CancellationToken cancellationToken)
    {
        found.Clear();
        var old = before?.As<EpisodeFields>();
        var errors = new List<Error>();
        foreach (var kind in Kinds)
        {
            if (DocumentOf(after, kind) is not { } document) continue;

            var known = Roles(old, kind);
            var shown = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            // in the order of their files, so that two who name the same do not wait for each other
            foreach (var (role, value) in SharedAssetDocument.Roles(document, kind).OrderBy(role => role.Value.ToString(), StringComparer.Ordinal))
            {
                if (known.TryGetValue(role, out var same) && JsonElement.DeepEquals(same, value)) continue;

                var looked = await Look(kind, value, $"{FieldOf(kind)}.{role}", cancellationToken);
                if (!looked.Succeeded)
                {
                    errors.AddRange(looked.Errors);
                    continue;
                }

                found[(kind, role)] = looked.Value;
                if (value.ValueKind is JsonValueKind.Object) shown[role] = SharedAssetDocument.Shown(kind, looked.Value);
            }

            after = With(after, kind, SharedAssetDocument.With(document, shown));
        }

        return errors.Count > 0 ? errors.ToArray() : after;
    }

    public async Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, EpisodeFields after, CancellationToken cancellationToken)
    {
        var old = before?.As<EpisodeFields>();
        foreach (var kind in Kinds)
        {
            var (known, roles) = (Roles(old, kind), Roles(after, kind));
            var changed = found.Where(one => one.Key.Kind == kind).ToDictionary(one => one.Key.Role, one => one.Value, StringComparer.Ordinal);
            if (changed.Count > 0 || known.Keys.Except(roles.Keys).Any()) await assets.Use(kind, id, [.. roles.Keys], changed, cancellationToken);
        }

        return Array.Empty<Finding>();
    }

    private async Task<Result<SharedAssetVersion>> Look(SharedAssetKind kind, JsonElement value, string field, CancellationToken cancellationToken)
    {
        var record = SharedAssetDocument.RecordKind(kind);
        if (SharedAssetDocument.Named(value, kind) is { } named)
        {
            if (await assets.Hold(kind, named.Id, null, cancellationToken) is not { } active) return new ParentNotFound(record, named.Id, $"{field}.{SharedAssetDocument.IdName(kind)}");
            if (named.Number is not { } number || number == active.Number) return active;
            return await assets.Hold(kind, named.Id, number, cancellationToken) is { } version ? version : new SharedAssetVersionUnknown(record, number, $"{field}.version");
        }

        var file = value.GetString()!;
        if (await assets.HoldByFile(kind, file, cancellationToken) is { } there) return there;

        var name = Path.GetFileNameWithoutExtension(file[(file.LastIndexOf('/') + 1)..]) is { Length: > 0 } stem ? stem[..Math.Min(stem.Length, 300)] : file[..Math.Min(file.Length, 300)];
        var made = kind is SharedAssetKind.UiElement
            ? await elements.Create(new UiElementFields(name, FileReference: file), cancellationToken)
            : await backgrounds.Create(new BackgroundFields(name, FileReference: file), cancellationToken);
        return made.Succeeded ? new SharedAssetVersion(made.Value.Id, name, 1, null, file) : made.As<SharedAssetVersion>();
    }

    private static string FieldOf(SharedAssetKind kind) => kind is SharedAssetKind.UiElement ? "ui_elements" : "backgrounds";

    private static JsonElement? DocumentOf(EpisodeFields episode, SharedAssetKind kind) => kind is SharedAssetKind.UiElement ? episode.UiElements : episode.Backgrounds;

    private static EpisodeFields With(EpisodeFields episode, SharedAssetKind kind, JsonElement document) =>
        kind is SharedAssetKind.UiElement ? episode with { UiElements = document } : episode with { Backgrounds = document };

    private static Dictionary<string, JsonElement> Roles(EpisodeFields? episode, SharedAssetKind kind) => episode is not null && DocumentOf(episode, kind) is { ValueKind: JsonValueKind.Object } document
        ? SharedAssetDocument.Roles(document, kind).ToDictionary(role => role.Role, role => role.Value, StringComparer.Ordinal)
        : [];
}
