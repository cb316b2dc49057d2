using MediaPlatform.Domain.Records;

namespace MediaPlatform.Domain.Episodes;

public sealed record DefaultShowTaken() : ConflictError("DEFAULT_SHOW_TAKEN", "Another show is the default; take that from it first.", "is_default");
public sealed record EpisodeNumberTaken(int? Season, int Number) : ConflictError(
    "EPISODE_NUMBER_TAKEN", $"The show has an episode {Number}{(Season is > 0 ? $" in season {Season}" : "")} already; GET /shows/{{id}}/next-episode-number says which is free.", "episode_number");
public sealed record ScheduleTooLong(int Most) : InvalidError("SCHEDULE_TOO_LONG", $"There are more than {Most:N0} dates between these two; ask for fewer days, or for one show.", "to");
public sealed record TimecodeInvalid(string Given, string At) : InvalidError("TIMECODE_INVALID", $"\"{Given}\" is no timecode; it is HH:MM:SS:FF, or HH:MM:SS;FF with dropped frames.", At);
public sealed record TimecodeOfAnotherFrameRate(string Given, string Why, string At) : InvalidError("TIMECODE_FRAME_RATE", $"{Given} does not stand in this clip: {Why}.", At);
public sealed record TimecodeOutNotAfterIn(string In, string Out) : InvalidError("TIMECODE_OUT_NOT_AFTER_IN", $"{Out} is not after {In}.", "timecode_out");
public sealed record GuestNameWithoutGuest() : InvalidError("GUEST_NAME_WITHOUT_GUEST", "Only a clip of the talent source Guest names a guest.", "guest_name");
public sealed record TalentSourceNameTaken(string Name) : ConflictError("TALENT_SOURCE_NAME_TAKEN", $"There is a talent source \"{Name}\" already; upper and lower case are the same.", "name");
public sealed record TalentSourceNameIsFixed(string Name) : LockedError("TALENT_SOURCE_NAME_FIXED", $"Clips name \"{Name}\" by its name, which stays; make another one.");
public sealed record ScriptNotFound(ScriptOf Of) : NotFoundError("SCRIPT_NOT_FOUND", $"Episode {Of.EpisodeId} has no {(Of.Kind is ScriptKind.Trailer ? "trailer script" : "script")}.");
public sealed record ScriptVersionNotFound(int Number) : NotFoundError("SCRIPT_VERSION_NOT_FOUND", $"The script has no version {Number}.");
public sealed record ScriptVersionUnknown(int Number, string Field) : InvalidError("SCRIPT_VERSION_NOT_FOUND", $"The script has no version {Number}.", Field);
public sealed record ScriptVersionLimit() : ConflictError("SCRIPT_VERSION_LIMIT", $"The script has {Script.MaxVersions} versions, which is the most.");
public sealed record DiffTooLarge(int Most, string By) : InvalidError("DIFF_TOO_LARGE", $"More than {Most:N0} {By} stand between the first and the last difference.", "by");
public sealed record OutfitInTrash(Guid Id, string Field) : InvalidError("OUTFIT_IN_TRASH", $"Outfit {Id} is in the trash.", Field);
public sealed record OutfitSlotTaken(string Slot, string Field) : InvalidError("OUTFIT_SLOT_TAKEN", $"An outfit has one {Slot}; another stands before this. What is worn over it is outerwear, what is worn beside it other.", Field);
public sealed record OutfitItemTwice(Guid Id, string Field) : InvalidError("OUTFIT_ITEM_TWICE", $"Item {Id} stands in the outfit already.", Field);
public sealed record OutfitWornAlready(Guid OutfitId) : ConflictError("OUTFIT_WORN_ALREADY", $"The episode has outfit {OutfitId} already.", "outfit_id");
public sealed record EpisodeOutfitNotFound(Guid EpisodeId, Guid Id) : NotFoundError("EPISODE_OUTFIT_NOT_FOUND", $"Episode {EpisodeId} has no outfit {Id}.");
public sealed record EpisodeOutfitWithoutOutfit() : LockedError("EPISODE_OUTFIT_WITHOUT_OUTFIT", "This was written as a document, or its outfit is deleted; there is nothing to take it from again.");
public sealed record EpisodeOutfitLimit(int Most) : ConflictError("EPISODE_OUTFIT_LIMIT", $"An episode has at most {Most} outfits.");
public sealed record WearDateUnknown() : InvalidError("WEAR_DATE_UNKNOWN", "Name a date, or an episode that has one: of its publishing, its release or its filming.", "date");
public sealed record OutfitTooLarge(Guid Id, string Field) : InvalidError("OUTFIT_TOO_LARGE", $"What outfit {Id} says of itself and its items has more than {WardrobeDocument.MaxLength:N0} characters; shorten the notes of its items.", Field);
public sealed record SharedAssetVersionNotFound(RecordKind Of, int Number) : NotFoundError($"{Of.Code}_VERSION_NOT_FOUND", $"{Of.Noun}: there is no version {Number}.");
public sealed record SharedAssetVersionUnknown(RecordKind Of, int Number, string Field) : InvalidError($"{Of.Code}_VERSION_NOT_FOUND", $"{Of.Noun}: there is no version {Number}.", Field);
public sealed record EdlTooLong(int Most) : InvalidError("EDL_TOO_LONG", $"A list has at most {Most} clips, and ends within the day that begins with its first hour; export fewer.");
public sealed record EdlFrameRateUnknown() : InvalidError("EDL_FRAME_RATE_UNKNOWN", "No clip says its frame rate; give frame_rate.", "frame_rate");
public sealed record EdlFrameRatesDiffer(IReadOnlyList<double> Rates) : InvalidError("EDL_FRAME_RATES_DIFFER", $"A list has one frame rate, and these clips have {string.Join(", ", Rates.Select(rate => rate.ToString(System.Globalization.CultureInfo.InvariantCulture)))}; export them one after the other.", "frame_rate");
public sealed record EdlCountingDiffers() : InvalidError("EDL_COUNTING_DIFFERS", "Some of these clips are counted with dropped frames and some without; export them one after the other.", "timecode_in");
public sealed record EdlClipWithoutTimecode(Guid Id) : InvalidError("EDL_CLIP_WITHOUT_TIMECODE", $"Clip {Id} has no timecode_in and timecode_out.", "timecode_in");
public sealed record EdlClipDoesNotFit(Guid Id, string Why) : InvalidError("EDL_CLIP_DOES_NOT_FIT", $"Clip {Id}: {Why}", "timecode_in");
