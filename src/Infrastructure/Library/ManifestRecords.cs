using MediaPlatform.Application.Library;
using MediaPlatform.Domain.Library;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Library;

internal static class ManifestRecords
{
    internal static readonly RecordTable<ManifestFields> Table = new(
        LibraryKinds.Manifest, "manifests", [new("title", "text"), new("notes", "text"), new("lease_days", "int"), .. Shared.Columns])
    {
        Own = [new("status", "text"), new("lease_until", "timestamptz")],
        Tidy = static manifest => manifest with { Tags = Shared.Tags(manifest), CustomFields = Shared.Object(manifest.CustomFields) },
        Counts = new Dictionary<string, string>(StringComparer.Ordinal) { ["entries"] = "select count(*) from manifest_entries where client_id = @ClientId and manifest_id = @Id" },
        GoAlong = ["entries"],
    };

    internal static readonly ListDefinition<ManifestDetails> List = new(
        $"""
        r.id, r.title, r.notes, r.status, r.lease_days, r.lease_until,
        (select count(*)::int from manifest_entries entry where entry.client_id = r.client_id and entry.manifest_id = r.id) as entries,
        (select gather.status from gathers gather where gather.client_id = r.client_id and gather.manifest_id = r.id) as gathering,
        {Shared.Read}
        """,
        "manifests r",
        [
            new("title", "r.title", FieldType.Text, row => row.Title),
            new("notes", "r.notes", FieldType.Text, Nullable: true),
            Fields.Enum<ManifestDetails, ManifestStatus>("status", "r.status"),
            new("lease_days", "r.lease_days", FieldType.Integer),
            new("lease_until", "r.lease_until", FieldType.Instant),
            new("asset_id", $"r.id in (select entry.manifest_id from manifest_entries entry where entry.client_id = @ClientId and entry.asset_id = any(array({Shared.RelatedIds})))", FieldType.Related) { Related = "An asset that it has" },
            .. Shared.Fields<ManifestDetails>(row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: Shared.Visible,
        Search: Shared.Search);

    internal static readonly Searched Searched = new(LibraryKinds.Manifest.Entity, SearchPlace.Others, "manifests", "manifests", "r.title", "concat_ws(' · ', r.title, r.notes)");
}
