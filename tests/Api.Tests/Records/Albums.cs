using System.Text.Json;
using FluentValidation;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>
/// Two kinds of records, an album and its pages, as an area would bring them: a migration, a declaration of fields, their SQL and their rules, and
/// a line where they are mapped. Nothing of the frame is edited for them.
/// </summary>
internal static class Albums
{
    public const string Migration = """
        create table albums (
            client_id uuid not null references clients (id),
            id uuid not null,
            title text not null,
            description text,
            published_on date,
            tags text[] not null default '{}',
            custom_fields jsonb not null default '{}',
            approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
            approved_at timestamptz, original_approver_kind text, original_approver uuid,
            created_at timestamptz not null, created_by_kind text not null, created_by uuid, updated_at timestamptz not null, version int not null default 1,
            deleted_at timestamptz, deleted_by_kind text, deleted_by uuid, deleted_reason text, deletion_id uuid,
            restored_at timestamptz, restored_by_kind text, restored_by uuid,
            primary key (client_id, id),
            constraint albums_title_unique unique (client_id, title)
        );
        create table pages (
            client_id uuid not null references clients (id),
            id uuid not null,
            album_id uuid not null,
            number int not null,
            text text,
            approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
            approved_at timestamptz, original_approver_kind text, original_approver uuid,
            created_at timestamptz not null, created_by_kind text not null, created_by uuid, updated_at timestamptz not null, version int not null default 1,
            deleted_at timestamptz, deleted_by_kind text, deleted_by uuid, deleted_reason text, deletion_id uuid,
            restored_at timestamptz, restored_by_kind text, restored_by uuid,
            primary key (client_id, id),
            foreign key (client_id, album_id) references albums (client_id, id) on delete cascade
        );
        create index albums_deletion_idx on albums (client_id, deletion_id) where deletion_id is not null;
        create index pages_deletion_idx on pages (client_id, deletion_id) where deletion_id is not null;
        create unique index pages_number_unique on pages (client_id, album_id, number) where deleted_at is null;
        create trigger albums_change_log after insert or update or delete on albums for each row execute function write_change_log('album', '{version,updated_at}', '{}');
        create trigger pages_change_log after insert or update or delete on pages for each row execute function write_change_log('page', '{version,updated_at}', '{}');
        """;

    public static readonly RecordKind AlbumKind = new("album", "ALBUM", "Album");
    public static readonly RecordKind PageKind = new("page", "PAGE", "Page");

    private static readonly RecordTable<AlbumFields> AlbumTable = new(
        AlbumKind, "albums", [new("title", "text"), new("description", "text"), new("published_on", "date"), new("tags", "text[]"), new("custom_fields", "jsonb")])
    {
        Tidy = album => album with { Tags = album.Tags ?? [], CustomFields = album.CustomFields ?? JsonElement.Parse("{}") },
        Violations = new Dictionary<string, Func<AlbumFields, Error>> { ["albums_title_unique"] = album => new ConflictError("ALBUM_TITLE_TAKEN", $"There is an album \"{album.Title}\" already.", "title") },
    };

    private static readonly ListDefinition<AlbumDetails> AlbumList = new(
        "r.id, r.title, r.description, r.published_on, r.tags, r.custom_fields, r.approval_status, r.created_at, r.created_by, r.updated_at, r.version, r.deleted_at",
        "albums r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("title", "r.title", FieldType.Text, row => row.Title),
            new("published_on", "r.published_on", FieldType.Date, Nullable: true),
            new("tags", "r.tags", FieldType.TextArray),
            Infrastructure.Query.Fields.Json<AlbumDetails>("custom_fields", "r.custom_fields"),
            Infrastructure.Query.Fields.Enum<AlbumDetails, ApprovalStatus>("approval_status", "r.approval_status"),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: "r.deleted_at is null");

    private static readonly RecordTable<PageFields> PageTable = new(PageKind, "pages", [new("album_id", "uuid"), new("number", "int"), new("text", "text")])
    {
        Parents = [new(AlbumKind, "albums", "album_id", TakesAlong: true)],
        Violations = new Dictionary<string, Func<PageFields, Error>> { ["pages_number_unique"] = page => new ConflictError("PAGE_NUMBER_TAKEN", $"There is a page {page.Number} already.", "number") },
    };

    private static readonly ListDefinition<PageDetails> PageList = new(
        "r.id, r.album_id, r.number, r.text, r.created_at, r.version, r.deleted_at",
        "pages r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("album_id", "r.album_id", FieldType.Uuid),
            new("number", "r.number", FieldType.Integer, row => row.Number),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: "r.deleted_at is null");

    public static readonly ListFields Fields = ListFields.Of(AlbumList);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IValidator<AlbumFields>, AlbumFieldsValidator>();
        services.AddRecords(AlbumTable, AlbumList).AddRecords(PageTable, PageList);
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapApi();
        api.MapResource<AlbumFields, AlbumDetails>(
            "/albums", "albums", new("Album", AlbumKind, "an album", new { Title = "Summer" }) { Refusals = [(409, "ALBUM_TITLE_TAKEN"), (422, "VALIDATION_ERROR")] });
        api.MapResource<PageFields, PageDetails>(
            "/pages", "pages", new("Page", PageKind, "a page", new { AlbumId = Guid.Empty, Number = 1 }) { Refusals = [(409, "PAGE_NUMBER_TAKEN"), (422, "ALBUM_NOT_FOUND")] });
    }

    private sealed class AlbumFieldsValidator : AbstractValidator<AlbumFields>
    {
        public AlbumFieldsValidator()
        {
            RuleFor(album => album.Title).NotEmpty().MaximumLength(100);
            RuleFor(album => album.CustomFields).CustomFields();
        }
    }
}

internal sealed record AlbumFields(string Title, string? Description = null, DateOnly? PublishedOn = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null);

internal sealed record AlbumDetails(
    Guid Id, string Title, string? Description, DateOnly? PublishedOn, string[] Tags, JsonElement CustomFields, string ApprovalStatus, DateTimeOffset CreatedAt, Guid? CreatedBy,
    DateTimeOffset UpdatedAt, int Version, DateTimeOffset? DeletedAt) : IRecordDetails;

internal sealed record PageFields(Guid AlbumId, int Number, string? Text = null);

internal sealed record PageDetails(Guid Id, Guid AlbumId, int Number, string? Text, DateTimeOffset CreatedAt, int Version, DateTimeOffset? DeletedAt) : IRecordDetails;
