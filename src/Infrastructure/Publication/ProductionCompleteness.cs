using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Schema;

namespace MediaPlatform.Infrastructure.Publication;

/// <summary>What records of productions and of what was published of them should have: a line for each.</summary>
internal static class ProductionCompleteness
{
    internal static readonly IReadOnlyList<Completeness> Kinds =
    [
        new(
            "people",
            "people r",
            "r.display_name",
            [
                new("type", "r.type is not null"),
                new("aliases", "r.aliases_text <> ''"),
                new("last_active_on", "r.last_active_on is not null"),
            ]),
        new(
            "sessions",
            "sessions r",
            "coalesce(r.location, r.produced_start_at::date::text)",
            [
                new("label_id", "r.label_id is not null"),
                new("produced_start_at", "r.produced_start_at is not null"),
                new("produced_end_at", "r.produced_end_at is not null"),
                new("location", "r.location is not null"),
                new("participants", "exists (select from session_participants link where link.client_id = r.client_id and link.session_id = r.id)"),
                new("media", "exists (select from media_items item where item.client_id = r.client_id and item.session_id = r.id)"),
            ])
        {
            Filters = [new("status", "r.status", FieldType.Enum, Names: Names.All<SessionStatus>())],
        },
        new(
            "sets",
            "sets r",
            "r.title",
            [
                new("credits", "exists (select from set_credits credit where credit.client_id = r.client_id and credit.set_id = r.id)"),
                new("resolution", "not exists (select from set_credits credit where credit.client_id = r.client_id and credit.set_id = r.id and credit.resolution_status = 'unresolved')"),
                new("participants", "exists (select from set_participant_support support where support.client_id = r.client_id and support.set_id = r.id)"),
                new("evidence", "exists (select from set_label_evidence evidence where evidence.client_id = r.client_id and evidence.set_id = r.id)"),
                new("media", "exists (select from set_media_items shown where shown.client_id = r.client_id and shown.set_id = r.id)"),
                new("cover", "r.cover_media_item_id is not null"),
            ])
        {
            Filters = [new("channel_id", "r.channel_id", FieldType.Uuid)],
        },
    ];
}
