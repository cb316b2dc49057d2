using MediaPlatform.Application.Production;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Production;

internal static class SessionRecords
{
    private const string CountOfParticipants = """
        (
            select count(distinct link.person_id)::int
            from session_participants link
            join people person on person.client_id = link.client_id and person.id = link.person_id
            where link.client_id = r.client_id and link.session_id = r.id and person.deleted_at is null)
        """;

    internal static readonly RecordTable<SessionFields> Table = new(
        ProductionKinds.Session, "sessions",
        [
            new("label_id", "uuid") { Otherwise = "(select label_id from projects where client_id = @ClientId and id = f.project_id)" }, new("project_id", "uuid"),
            new("produced_start_at", "timestamptz"), new("produced_end_at", "timestamptz"), new("location", "text"), new("notes", "text"), .. Shared.Columns,
        ])
    {
        Own = [new("status", "text")],
        Parents = [new(ProductionKinds.Label, "labels", "label_id"), new(ProductionKinds.Project, "projects", "project_id")],
        Tidy = static session => session with { Tags = Shared.Tags(session), CustomFields = Shared.Object(session.CustomFields) },
        Violations = new Dictionary<string, Func<SessionFields, Error>>(StringComparer.Ordinal) { ["sessions_label_of_project_fk"] = static _ => new SessionLabelDisagrees() },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal) { ["participants"] = "select count(*) from session_participants where client_id = @ClientId and session_id = @Id", ["set_claims"] = "select count(*) from set_sessions where client_id = @ClientId and session_id = @Id" },
        GoAlong = ["participants", "set_claims"],
        Keeping = new("exists (select from media_items item where item.client_id = record.client_id and item.session_id = record.id)", "media of its own, which belong to a session"),
    };

    internal static readonly LinkTable<SessionParticipantLink> Participants = new(
        ProductionKinds.SessionParticipant, "session_participants", "session_id", "person_id", [new("credit_name_override", "text")]) { As = "role", ChangesLinked = true };

    internal static readonly LinkView<SessionParticipantDetails> ParticipantsView = new(
        Participants, "sessions", "people",
        "link.person_id, link.role, r.display_name, link.credit_name_override, coalesce(link.credit_name_override, r.display_name) as credited_as, link.created_at, link.created_by, link.updated_at, link.version");

    internal static readonly ListDefinition<SessionDetails> List = new(
        $"""
        r.id, r.label_id, r.project_id, r.produced_start_at, r.produced_end_at, r.location, r.status, r.notes, {CountOfParticipants} as participants,
        {Shared.Read}
        """,
        "sessions r",
        [
            new("label_id", "r.label_id", FieldType.Uuid, Nullable: true),
            new("project_id", "r.project_id", FieldType.Uuid, Nullable: true),
            new("produced_start_at", "r.produced_start_at", FieldType.Instant, row => row.ProducedStartAt, Nullable: true),
            new("produced_end_at", "r.produced_end_at", FieldType.Instant, Nullable: true),
            new("location", "r.location", FieldType.Text, Nullable: true),
            Fields.Enum<SessionDetails, SessionStatus>("status", "r.status"),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("person_id", $"r.id in (select link.session_id from session_participants link join people person on person.client_id = link.client_id and person.id = link.person_id and person.deleted_at is null where link.client_id = @ClientId and link.person_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "Somebody who is in it" },
            .. Shared.Fields<SessionDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = new(
        ProductionKinds.Session.Entity, SearchPlace.Others, "sessions", "sessions", "coalesce(r.location, r.produced_start_at::date::text, 'Session')", "concat_ws(' · ', r.location, r.notes)");
}
