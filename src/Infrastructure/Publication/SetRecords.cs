using MediaPlatform.Application.Publication;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Publication;

internal static class SetRecords
{
    // By values of its own and not by a join: a table that has just been filled, and has no statistics yet, would be read as a whole.
    private const string SelectSame = """
        select id
        from sets
        where client_id = @ClientId and deleted_at is null and id <> @Id
            and channel_id = (select channel_id from sets where client_id = @ClientId and id = @Id)
            and title_norm = (select title_norm from sets where client_id = @ClientId and id = @Id)
            and published_at = (select published_at from sets where client_id = @ClientId and id = @Id)
        order by id
        limit 10
        """;

    // What is open is found out by whoever asks before the job does.
    private const string Computed = "(case when r.compilation_pending then is_compilation(r.client_id, r.id) else r.is_compilation end)";

    private const string Counts = """
        (
            select count(*)::int
            from set_media_items shown
            join media_items item on item.client_id = shown.client_id and item.id = shown.media_item_id
            join sessions session on session.client_id = item.client_id and session.id = item.session_id and session.deleted_at is null
            join media_assets asset on asset.client_id = item.client_id and asset.id = item.asset_id and asset.deleted_at is null
            where shown.client_id = r.client_id and shown.set_id = r.id) as media,
        (select count(*)::int from set_credits credit where credit.client_id = r.client_id and credit.set_id = r.id) as credits,
        (select count(*)::int from set_credits credit where credit.client_id = r.client_id and credit.set_id = r.id and credit.resolution_status = 'unresolved') as unresolved_credits,
        (
            select count(distinct support.person_id)::int
            from set_participant_support support
            join people person on person.client_id = support.client_id and person.id = support.person_id
            where support.client_id = r.client_id and support.set_id = r.id and person.deleted_at is null) as participants
        """;

    // Who is in a set by hand, by credits, or by both: one row.
    private const string Supported = """
        (
            select support.client_id, support.set_id, support.person_id, support.role, support.person_id as id, said.id is not null as by_hand,
                coalesce(jsonb_agg(jsonb_build_object('id', support.credit_id, 'raw_name', support.raw_name) order by support.credit_id) filter (where support.credit_id is not null), '[]') as credits,
                said.notes, min(support.created_at) as created_at, said.created_by, coalesce(said.updated_at, max(support.created_at)) as updated_at, coalesce(said.version, 0) as version
            from set_participant_support support
            left join set_participants said on said.client_id = support.client_id and said.set_id = support.set_id and said.person_id = support.person_id and said.role = support.role
            group by support.client_id, support.set_id, support.person_id, support.role, said.id, said.notes, said.created_by, said.updated_at, said.version)
        """;

    // What follows from its channel, what somebody says, or both: one row for a label.
    private const string Evident = """
        (
            select evidence.client_id, evidence.set_id, evidence.label_id, evidence.label_id as id, max(evidence.confidence) as confidence,
                jsonb_agg(jsonb_build_object('evidence_type', evidence.evidence_type, 'confidence', evidence.confidence) order by evidence.evidence_type) as sources,
                said.notes, min(evidence.created_at) as created_at, said.created_by, coalesce(said.updated_at, max(evidence.created_at)) as updated_at, coalesce(said.version, 0) as version
            from set_label_evidence evidence
            left join set_label_claims said on said.client_id = evidence.client_id and said.set_id = evidence.set_id and said.label_id = evidence.label_id
            group by evidence.client_id, evidence.set_id, evidence.label_id, said.id, said.notes, said.created_by, said.updated_at, said.version)
        """;

    internal static readonly RecordTable<SetFields> Table = new(
        PublicationKinds.Set, "sets", [new("title", "text"), new("channel_id", "uuid"), new("published_at", "timestamptz"), new("notes", "text"), .. Shared.Columns])
    {
        Own = [new("cover_media_item_id", "uuid")],
        Violations = new Dictionary<string, Func<SetFields, Error>>(StringComparer.Ordinal) { ["sets_cover_fk"] = static _ => new CoverNotShown() },
        Parents = [new(PublicationKinds.Channel, "channels", "channel_id", TakesAlong: true)],
        Tidy = static set => set with { Tags = Shared.Tags(set), CustomFields = Shared.Object(set.CustomFields) },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["participants"] = "select count(*) from set_participants where client_id = @ClientId and set_id = @Id",
            ["label_claims"] = "select count(*) from set_label_claims where client_id = @ClientId and set_id = @Id",
            ["media"] = "select count(*) from set_media_items where client_id = @ClientId and set_id = @Id",
            ["sessions"] = "select count(*) from set_sessions where client_id = @ClientId and set_id = @Id",
        },
        GoAlong = ["participants", "label_claims", "media", "sessions"],
        Keeping = new("exists (select from set_credits credit where credit.client_id = record.client_id and credit.set_id = record.id)", "raw credits, which are kept for ever"),
        Likenesses = [new("DUPLICATE_SET", "Others of the channel have this title and this date as well.", "title", SelectSame)],
    };

    internal static readonly LinkTable<SetLabelClaim> LabelClaims = new(PublicationKinds.SetLabelClaim, "set_label_claims", "set_id", "label_id", [new("confidence", "double precision"), new("notes", "text")]);

    internal static readonly LinkView<SetLabelClaimDetails> LabelClaimsView = new(
        LabelClaims, "sets", "labels", "link.label_id, r.name, link.confidence, link.sources, link.notes, link.created_at, link.created_by, link.updated_at, link.version") { Rows = Evident };

    internal static readonly LinkTable<SetSessionLink> Sessions = new(PublicationKinds.SetSession, "set_sessions", "set_id", "session_id", [new("notes", "text")]);

    internal static readonly LinkView<SetSessionDetails> SessionsView = new(
        Sessions, "sets", "sessions", "link.session_id, r.label_id, r.produced_start_at, r.location, r.status, link.notes, link.created_at, link.created_by, link.updated_at, link.version");

    internal static readonly LinkTable<SetParticipantLink> Participants = new(PublicationKinds.SetParticipant, "set_participants", "set_id", "person_id", [new("notes", "text")]) { As = "role", ChangesLinked = true };

    internal static readonly LinkView<SetParticipantDetails> ParticipantsView = new(
        Participants, "sets", "people", "link.person_id, link.role, r.display_name, link.by_hand, link.credits, link.notes, link.created_at, link.created_by, link.updated_at, link.version") { Rows = Supported };

    internal static readonly ListDefinition<SetDetails> List = new(
        $"r.id, r.title, r.channel_id, r.published_at, r.notes, r.cover_media_item_id, {Computed} as is_compilation, {Counts}, {Shared.Read}",
        "sets r",
        [
            new("title", "r.title", FieldType.Text, row => row.Title),
            new("channel_id", "r.channel_id", FieldType.Uuid),
            new("published_at", "r.published_at", FieldType.Instant, row => row.PublishedAt),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("is_compilation", Computed, FieldType.Boolean),
            new("cover_media_item_id", "r.cover_media_item_id", FieldType.Uuid, Nullable: true),
            new("person_id", $"r.id in (select support.set_id from set_participant_support support join people person on person.client_id = support.client_id and person.id = support.person_id and person.deleted_at is null where support.client_id = @ClientId and support.person_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "Somebody who is in it" },
            new("media_item_id", $"r.id in (select shown.set_id from set_media_items shown where shown.client_id = @ClientId and shown.media_item_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A media item that it shows" },
            new("session_id", $"r.id in (select link.set_id from set_sessions link join sessions s on s.client_id = link.client_id and s.id = link.session_id and s.deleted_at is null where link.client_id = @ClientId and link.session_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A session that it shows, as somebody says" },
            new("label_id", $"r.id in (select evidence.set_id from set_label_evidence evidence join labels label on label.client_id = evidence.client_id and label.id = evidence.label_id and label.deleted_at is null where evidence.client_id = @ClientId and evidence.label_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "A label whose work it may be" },
            new("raw_name", "r.id in (select credit.set_id from set_credits credit where credit.client_id = @ClientId and credit.name_norm = any(array(select normal_name(given) from unnest({0}) given)))", FieldType.Related) { Related = "A name that it credits, whatever its case and accents" },
            .. Shared.Fields<SetDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(Table, SearchPlace.Others, name: "r.title", text: "concat_ws(' · ', r.title, r.notes)");
}
