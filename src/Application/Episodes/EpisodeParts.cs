using System.Text.Json;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>An episode's wardrobe: its document is that of the first of its outfits.</summary>
internal sealed class EpisodeWardrobe(IWardrobe wardrobe) : IRecordParts<EpisodeFields>
{
    public async Task<Result<EpisodeFields>> Complete(StoredRecord? before, EpisodeFields after, CancellationToken cancellationToken)
    {
        if (after.Wardrobe is not { } given) return after;

        var old = before?.As<EpisodeFields>().Wardrobe;
        if (old is { } same && JsonElement.DeepEquals(same, given)) return after;

        // One that stays is not asked again: an outfit may say more of itself than people write.
        Error[] faults = [.. WardrobeDocument.Check(given).Select(fault => new InvalidError("VALIDATION_ERROR", fault.Message, fault.Field.Length == 0 ? "wardrobe" : $"wardrobe.{fault.Field}"))];
        if (faults.Length > 0) return faults;

        var (outfitId, worn) = (WardrobeDocument.OutfitOf(given), WardrobeDocument.OutfitOf(old ?? default));
        if (outfitId is { } id)
        {
            // What is left of another outfit after a merge patch is not what this one is made of.
            var isWhole = WardrobeDocument.IsBare(given) || (id != worn && old is { } other && JsonElement.DeepEquals(WardrobeDocument.Worn(other), WardrobeDocument.Worn(given)));
            if (id != worn || isWhole)
            {
                var outfit = await wardrobe.Choose(id, "wardrobe.outfit_id", cancellationToken);
                if (!outfit.Succeeded) return outfit.As<EpisodeFields>();
                if (isWhole) return after with { Wardrobe = outfit.Value.Document };
            }
        }

        var named = WardrobeDocument.Items(given).ToArray();
        HashSet<Guid> known = [.. WardrobeDocument.Items(old ?? default).Select(item => item.Id)];
        var items = (await wardrobe.HoldItems([.. named.Select(item => item.Id).Distinct()], cancellationToken)).ToDictionary(item => item.Id);
        Error[] errors =
        [
            .. from item in named
            where !known.Contains(item.Id) && (!items.TryGetValue(item.Id, out var found) || found.IsInTrash)
            select new ParentNotFound(EpisodeKinds.WardrobeItem, item.Id, $"wardrobe.{item.Field}"),
        ];
        return errors.Length > 0 ? errors : after with { Wardrobe = WardrobeDocument.Filled(given, items.ToDictionary(item => item.Key, item => item.Value.Piece)) };
    }

    public async Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, EpisodeFields after, CancellationToken cancellationToken)
    {
        var old = before?.As<EpisodeFields>().Wardrobe;
        var isNaked = after.Wardrobe is not { } given || WardrobeDocument.IsEmpty(given);
        if (isNaked)
        {
            if (old is null || WardrobeDocument.IsEmpty(old.Value)) return Array.Empty<Finding>();
            await wardrobe.TakeOff(id, null, cancellationToken);
            await wardrobe.ShowOthers(id, cancellationToken);
            return Array.Empty<Finding>();
        }

        var document = after.Wardrobe!.Value;
        if (old is { } same && JsonElement.DeepEquals(same, document)) return Array.Empty<Finding>();

        var outfits = await wardrobe.Of(id, cancellationToken);
        var outfit = WardrobeDocument.OutfitOf(document) is { } outfitId ? await wardrobe.HoldOutfit(outfitId, cancellationToken) : null;
        if (outfit is not null && outfits.Skip(1).Any(other => other.OutfitId == outfit.Id)) return new OutfitWornAlready(outfit.Id);

        var main = new WornOutfit(Guid.CreateVersion7(), outfit?.Id, outfit?.Version, 0, outfit?.WornBy, Scene: null, document);
        if (outfits is [var first, ..])
        {
            var isChange = first.OutfitId == main.OutfitId && !(outfit is not null && JsonElement.DeepEquals(outfit.Document, document)); // of what was put on, whose version it stays
            main = main with
            {
                Id = first.Id, Scene = first.Scene, OutfitVersion = isChange ? first.OutfitVersion : main.OutfitVersion,
                WornBy = first.OutfitId == main.OutfitId || outfit is null ? first.WornBy : main.WornBy,
            };
            await wardrobe.Save(id, main, cancellationToken);
        }
        else
        {
            await wardrobe.PutOn(id, main, cancellationToken);
        }

        return await wardrobe.WornRecently(id, main, cancellationToken);
    }
}

/// <summary>An episode's script, where its record names one: another file is a new version, which is active.</summary>
internal sealed class EpisodeContentScript(IScripts scripts) : IRecordParts<EpisodeFields>
{
    public async Task<Result<Finding[]>> Keep(Guid id, StoredRecord? before, EpisodeFields after, CancellationToken cancellationToken)
    {
        if (after.Content?.Script is not { } file) return Array.Empty<Finding>();

        var script = await scripts.MakeForUpdate(new ScriptOf(id, ScriptKind.Main), cancellationToken);
        if (script.ActiveVersion is not null && await scripts.ActiveLiesAt(script, file, cancellationToken)) return Array.Empty<Finding>();

        var next = script.Next();
        if (!next.Succeeded) return next.As<Finding[]>();

        await scripts.Add(next.Value, new Texts(file), cancellationToken);
        await scripts.Save(next.Value with { ActiveVersion = next.Value.LastVersion }, cancellationToken);
        return Array.Empty<Finding>();
    }

    private sealed record Texts(string FileReference) : IScriptTexts
    {
        public string? Text => null;

        public string? Author => null;

        public string? ChangeNotes => null;

        public ScriptSource Source => ScriptSource.ManualUpload;
    }
}
