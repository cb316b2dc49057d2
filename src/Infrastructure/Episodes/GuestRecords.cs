using MediaPlatform.Application.Episodes;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Episodes;

/// <summary>Guests as records; how to reach them is sealed, and for editors.</summary>
internal static class GuestRecords
{
    private const string SelectSameName = """
        select other.id
        from guests guest
        join guests other on other.client_id = guest.client_id and lower(other.name) = lower(guest.name) and other.id <> guest.id
        where guest.client_id = @ClientId and guest.id = @Id and other.deleted_at is null and other.erased_at is null and guest.erased_at is null
        order by other.id
        limit 10
        """;

    // Of a guest who is deleted for good nothing is told elsewhere either; a clip that only names somebody stays where that may be another guest.
    private const string LetGo = """
        with gone as (
            select id, name
            from guests
            where client_id = @ClientId and id = any(@Ids)
        ), cleared as (
            update episodes e
            set guest_info = '{}', updated_at = now(), version = e.version + 1
            from gone
            where e.client_id = @ClientId and lower(e.guest_info ->> 'name') = lower(gone.name) and e.id in (
                select episode_id from episode_guests where client_id = @ClientId and guest_id = gone.id
                union
                select episode_id from clips where client_id = @ClientId and guest_id = gone.id)
            returning e.id
        ), erased as (
            update clips clip
            set guest_name = 'Erased guest', updated_at = now(), version = clip.version + 1
            from gone
            where clip.client_id = @ClientId and clip.guest_name is not null and (
                clip.guest_id = gone.id
                or (
                    clip.guest_id is null and lower(clip.guest_name) = lower(gone.name)
                    and not exists (
                        select from guests other
                        where other.client_id = @ClientId and lower(other.name) = lower(gone.name) and other.deleted_at is null and other.erased_at is null and other.id <> gone.id)))
            returning clip.id
        )
        select 'clips' as name, count(*) as count
        from erased
        union all
        select 'guest_info', count(*)
        from cleared
        """;

    internal static readonly RecordTable<GuestFields> Table = new(
        EpisodeKinds.Guest,
        "guests",
        [
            new("name", "text"), new("business_name", "text"), new("business_email", "text", AsItCame: true) { IsSealed = true },
            new("business_phone", "text", AsItCame: true) { IsSealed = true }, new("website", "text", AsItCame: true), new("bio_url", "text", AsItCame: true), new("role", "text"),
            new("notes", "text"), new("outfit_refs", "uuid[]"), .. Shared.Columns,
        ])
    {
        Own =
        [
            new("consent_notice_version", "text"), new("consented_at", "timestamptz"), new("consent_withdrawn_at", "timestamptz"), new("user_id", "uuid"), new("converted_at", "timestamptz"),
            new("erased_at", "timestamptz"),
        ],
        Tidy = static guest => guest with
        {
            Name = guest.Name.Trim(), OutfitRefs = [.. (guest.OutfitRefs ?? []).Distinct()], Tags = Shared.Tags(guest), CustomFields = Shared.Object(guest.CustomFields),
        },
        LetsGo = LetGo,
        Likenesses = [new("DUPLICATE_GUEST", "There is a guest of the same name already; clips that name this one by its name are linked with neither.", "name", SelectSameName)],
    };

    internal static readonly LinkTable<EpisodeGuestLink> OfEpisodes = new(EpisodeKinds.EpisodeGuest, "episode_guests", "episode_id", "guest_id", [new("role", "text")]);

    internal static readonly LinkView<EpisodeGuestDetails> OfEpisodesView = new(
        OfEpisodes, "episodes", "guests",
        "link.guest_id, r.name, coalesce(link.role, r.role) as role, r.bio_url, link.created_at, link.created_by, link.updated_at, link.version");

    internal static readonly ListDefinition<GuestDetails> List = new(
        $"""
        r.id, r.name, r.business_name, r.business_email, r.business_phone, r.website, r.bio_url, r.role, r.notes, r.outfit_refs,
        r.consent_notice_version, r.consented_at, r.consent_withdrawn_at, r.user_id, r.converted_at, r.erased_at,
        {Shared.Read}
        """,
        "guests r",
        [
            new("name", "r.name", FieldType.Text, row => row.Name),
            new("business_name", "r.business_name", FieldType.Text, Nullable: true),
            new("role", "r.role", FieldType.Text, Nullable: true),
            new("consent_notice_version", "r.consent_notice_version", FieldType.Text, Nullable: true),
            new("consented_at", "r.consented_at", FieldType.Instant, Nullable: true),
            new("consent_withdrawn_at", "r.consent_withdrawn_at", FieldType.Instant, Nullable: true),
            new("user_id", "r.user_id", FieldType.Uuid, Nullable: true),
            new("converted_at", "r.converted_at", FieldType.Instant, Nullable: true),
            new("erased_at", "r.erased_at", FieldType.Instant, Nullable: true),
            .. Shared.Fields<GuestDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(
        Table, SearchPlace.Others, name: "r.name", text: "concat_ws(' · ', r.name, r.role, r.business_name, r.notes)");

    /// <summary>A guest as this role reads it.</summary>
    internal static GuestDetails Open(GuestDetails guest, SealedRecord record, Role role) => role < Role.Editor
        ? guest with { BusinessEmail = null, BusinessPhone = null }
        : guest with { BusinessEmail = record.OpenAny("business_email", guest.BusinessEmail), BusinessPhone = record.OpenAny("business_phone", guest.BusinessPhone) };
}
