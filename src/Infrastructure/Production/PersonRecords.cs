using MediaPlatform.Application.Production;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Production;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Production;

internal static class PersonRecords
{
    private const string SelectSameName = """
        select other.id
        from people person
        join people other on other.client_id = person.client_id and other.display_name_norm = person.display_name_norm and other.id <> person.id
        where person.client_id = @ClientId and person.id = @Id and other.deleted_at is null
        order by other.id
        limit 10
        """;

    private const string AliasesOf = """
        (
            select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'alias', a.alias, 'source', a.source) order by a.created_at, a.id), '[]')
            from person_aliases a
            where a.client_id = r.client_id and a.person_id = r.id)
        """;

    internal static readonly RecordTable<PersonFields> Table = new(ProductionKinds.Person, "people", [new("display_name", "text"), new("type", "text"), new("notes", "text"), .. Shared.Columns])
    {
        Own = [new("merged_into", "uuid")],
        Violations = new Dictionary<string, Func<PersonFields, Error>>(StringComparer.Ordinal) { ["people_merged"] = static _ => new PersonWasMerged() },
        Keeping = new("record.merged_into is not null", "a merge that can be undone, and an id that leads to another person"),
        Tidy = static person => person with { Tags = Shared.Tags(person), CustomFields = Shared.Object(person.CustomFields) },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["aliases"] = "select count(*) from person_aliases where client_id = @ClientId and person_id = @Id",
            ["sessions"] = "select count(distinct session_id) from session_participants where client_id = @ClientId and person_id = @Id",
            ["merged"] = "select count(*) from people where client_id = @ClientId and merged_into = @Id",
            ["sets"] = "select count(distinct set_id) from set_participant_support where client_id = @ClientId and person_id = @Id",
        },
        GoAlong = ["aliases", "merged", "sessions", "sets"],
        Likenesses = [new("DUPLICATE_PERSON", "Others have this name as well.", "display_name", SelectSameName)],
    };

    internal static readonly ListDefinition<PersonDetails> List = new(
        $"r.id, r.display_name, r.type, r.notes, {AliasesOf} as aliases, r.last_active_on, r.merged_into, {Shared.Read}",
        "people r",
        [
            new("display_name", "r.display_name", FieldType.Text, row => row.DisplayName),
            Fields.Enum<PersonDetails, PersonType>("type", "r.type") with { Nullable = true },
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            new("alias", "r.id in (select person_id from person_aliases where client_id = @ClientId and alias_norm = any(array(select normal_name(given) from unnest({0}) given)))", FieldType.Related) { Related = "One of the other names, whatever its case and accents" },
            new("last_active_on", "r.last_active_on", FieldType.Date, row => row.LastActiveOn, Nullable: true),
            new("merged_into", "r.merged_into", FieldType.Uuid, Nullable: true),
            .. Shared.Fields<PersonDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = Searched.Of(Table, SearchPlace.Others, name: "r.display_name", text: "concat_ws(' · ', r.display_name, r.aliases_text, r.notes)");
}
