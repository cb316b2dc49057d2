using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Episodes;

/// <summary>An episode, as people write it.</summary>
/// <param name="Title">At most 500 characters.</param>
/// <param name="ShowId">Left out of a new one, it is the client's default show; left out of one that is there, the show that it has.</param>
/// <param name="Description">At most 20,000 characters.</param>
/// <param name="Season">0 to 10,000; left out, the show has no seasons, or the episode stands outside of them.</param>
/// <param name="EpisodeNumber">0 to 1,000,000; once in a season of a show.</param>
/// <param name="Status">draft, in_production, ready_for_edit, ready_for_publish, published, archived, on_hold or canceled; hyphens do as well.</param>
/// <param name="FilmingDate">When it is filmed.</param>
/// <param name="EditDeadline">When its edit is to be done; not before it is filmed.</param>
/// <param name="PublishDate">When it is to be published; not before it is filmed.</param>
/// <param name="ReleaseDate">The day that viewers are told.</param>
/// <param name="ReleasedAt">When it was published; left out of one that is published, the moment in which it first was.</param>
/// <param name="DurationSeconds">0 to 864,000 (ten days).</param>
/// <param name="Language">A BCP 47 tag, such as en-US.</param>
/// <param name="Copyright">At most 500 characters.</param>
/// <param name="Location">Where it is filmed; at most 500 characters.</param>
/// <param name="GeographicAvailability">Where it may be seen, such as us or eu; kept in lower case. At most 200.</param>
/// <param name="ProductionNotes">A JSON object of at most 64 KiB, such as lighting_setup, camera_setup, color_palette, mood_board.</param>
/// <param name="Content">Where its script and its trailer lie.</param>
/// <param name="Wardrobe">What is worn, as main_outfit, accessories, shoes and purse: the first of the episode's outfits. Or the outfit_id of one of the catalogue, which is taken as it is now.</param>
/// <param name="UiElements">What is on its screens, by roles such as computer_mouse, login_screen and screen_accessories.exit: a file as s3://bucket/key, or an object with ui_element_id.</param>
/// <param name="Backgrounds">By roles such as main_closet, photoshoot and event: a file as s3://bucket/key, or an object with background_id.</param>
/// <param name="GuestInfo">Who the guest is, such as name, role and bio_url: a JSON object of at most 64 KiB.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record EpisodeFields(
    string Title, Guid? ShowId = null, string? Description = null, int? Season = null, int? EpisodeNumber = null, EpisodeStatus Status = EpisodeStatus.Draft, DateOnly? FilmingDate = null,
    DateOnly? EditDeadline = null, DateOnly? PublishDate = null, DateOnly? ReleaseDate = null, DateTimeOffset? ReleasedAt = null, int? DurationSeconds = null, string? Language = null,
    string? Copyright = null, string? Location = null, IReadOnlyList<string>? GeographicAvailability = null, JsonElement? ProductionNotes = null, EpisodeContent? Content = null,
    JsonElement? Wardrobe = null, JsonElement? UiElements = null, JsonElement? Backgrounds = null, JsonElement? GuestInfo = null, string? ExternalId = null,
    IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

/// <summary>Where an episode's texts and its trailer lie.</summary>
/// <param name="Script">The file of the active version of the script, such as s3://bucket/key; another one is a new version. Left out or null, the script stays. At most 2,000 characters.</param>
/// <param name="Trailer">Such as s3://bucket/key or a URL; at most 2,000 characters.</param>
public sealed record EpisodeContent(string? Script = null, string? Trailer = null);

internal sealed class EpisodeFieldsValidator : AbstractValidator<EpisodeFields>
{
    public EpisodeFieldsValidator()
    {
        RuleFor(episode => episode.Title).NotEmpty().MaximumLength(500);
        RuleFor(episode => episode.Description).MaximumLength(20_000);
        RuleFor(episode => episode.Season).InclusiveBetween(0, 10_000);
        RuleFor(episode => episode.EpisodeNumber).InclusiveBetween(0, 1_000_000);
        RuleFor(episode => episode.EditDeadline).GreaterThanOrEqualTo(episode => episode.FilmingDate).When(episode => episode.FilmingDate is not null).WithMessage("The edit is not due before the filming.");
        RuleFor(episode => episode.PublishDate).GreaterThanOrEqualTo(episode => episode.FilmingDate).When(episode => episode.FilmingDate is not null).WithMessage("An episode is not published before it is filmed.");
        RuleFor(episode => episode.DurationSeconds).InclusiveBetween(0, 864_000);
        RuleFor(episode => episode.Language).MaximumLength(35).Matches(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z").WithMessage("A language is a BCP 47 tag, such as en-US.");
        RuleFor(episode => episode.Copyright).MaximumLength(500);
        RuleFor(episode => episode.Location).MaximumLength(500);
        RuleFor(episode => episode.GeographicAvailability).Must(places => places is not { Count: > Tags.MaxCount }).WithMessage($"At most {Tags.MaxCount} places.");
        RuleForEach(episode => episode.GeographicAvailability).Must(Tags.IsTag).WithMessage($"A place is 1 to {Tags.MaxLength} characters.");
        RuleFor(episode => episode.ProductionNotes).CustomFields();
        RuleFor(episode => episode.Content!.Script).Reference().When(episode => episode.Content is not null);
        RuleFor(episode => episode.Content!.Trailer).Reference().When(episode => episode.Content is not null);
        RuleFor(episode => episode.UiElements).SharedAssets(SharedAssetKind.UiElement);
        RuleFor(episode => episode.Backgrounds).SharedAssets(SharedAssetKind.Background);
        RuleFor(episode => episode.GuestInfo).CustomFields();
        this.SharedFields();
    }
}

/// <summary>An episode.</summary>
/// <param name="PublishDate">When it is to be published.</param>
/// <param name="ReleasedAt">When it was.</param>
/// <param name="ThumbnailUrl">The largest size of its thumbnail, as a path of this API that needs a key and answers with a signed link; null while there is none. It is read and not written: `PUT /episodes/{id}/thumbnail` says what it is made of.</param>
public sealed record EpisodeDetails(
    Guid Id, Guid ShowId, string Title, string? Description, int? Season, int? EpisodeNumber, string Status, DateOnly? FilmingDate, DateOnly? EditDeadline, DateOnly? PublishDate,
    DateOnly? ReleaseDate, DateTimeOffset? ReleasedAt, int? DurationSeconds, string? Language, string? Copyright, string? Location, string[] GeographicAvailability, JsonElement ProductionNotes,
    JsonElement Content, JsonElement Wardrobe, JsonElement UiElements, JsonElement Backgrounds, JsonElement GuestInfo, string? ThumbnailUrl, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version,
    DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;
