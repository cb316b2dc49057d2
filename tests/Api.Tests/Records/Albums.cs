using System.Text.Json;
using FluentValidation;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Query;
using MediaPlatform.Infrastructure.Records;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Records;

/// <summary>
/// Three kinds of records, an album, its pages and their marks, as an area would bring them: a migration, a declaration of fields, their SQL and
/// their rules, what else is done to them, and a line where they are mapped. Nothing of the frame is edited for them.
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
            schema_version text not null default '1.0',
            status text not null default 'draft' check (status in ('draft', 'released', 'withdrawn')), released_at timestamptz,
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
        create table marks (
            client_id uuid not null references clients (id),
            id uuid not null,
            page_id uuid not null,
            name text not null,
            approval_status text not null default 'approved' check (approval_status in ('draft', 'approved', 'rejected')),
            approved_at timestamptz, original_approver_kind text, original_approver uuid,
            created_at timestamptz not null, created_by_kind text not null, created_by uuid, updated_at timestamptz not null, version int not null default 1,
            deleted_at timestamptz, deleted_by_kind text, deleted_by uuid, deleted_reason text, deletion_id uuid,
            restored_at timestamptz, restored_by_kind text, restored_by uuid,
            primary key (client_id, id),
            foreign key (client_id, page_id) references pages (client_id, id) on delete cascade
        );
        create index albums_deletion_idx on albums (client_id, deletion_id) where deletion_id is not null;
        create index pages_deletion_idx on pages (client_id, deletion_id) where deletion_id is not null;
        create index marks_deletion_idx on marks (client_id, deletion_id) where deletion_id is not null;
        create unique index pages_number_unique on pages (client_id, album_id, number) where deleted_at is null;
        create trigger albums_change_log after insert or update or delete on albums for each row execute function write_change_log('album', '{version,updated_at}', '{}');
        create trigger pages_change_log after insert or update or delete on pages for each row execute function write_change_log('page', '{version,updated_at}', '{}');
        create unique index marks_name_unique on marks (client_id, name) where deleted_at is null;
        create trigger marks_change_log after insert or update or delete on marks for each row execute function write_change_log('mark', '{version,updated_at}', '{}');
        """;

    public static readonly RecordKind AlbumKind = new("album", "ALBUM", "Album");
    public static readonly RecordKind PageKind = new("page", "PAGE", "Page");
    public static readonly RecordKind MarkKind = new("mark", "MARK", "Mark");

    private static readonly RecordTable<AlbumFields> AlbumTable = new(
        AlbumKind, "albums", [new("title", "text"), new("description", "text"), new("published_on", "date"), new("tags", "text[]"), new("custom_fields", "jsonb")])
    {
        Own = [new("status", "text"), new("released_at", "timestamptz")],
        Tidy = album => album with { Tags = album.Tags ?? [], CustomFields = album.CustomFields ?? JsonElement.Parse("{}") },
        Violations = new Dictionary<string, Func<AlbumFields, Error>> { ["albums_title_unique"] = album => new ConflictError("ALBUM_TITLE_TAKEN", $"There is an album \"{album.Title}\" already.", "title") },
    };

    private static readonly ListDefinition<AlbumDetails> AlbumList = new(
        "r.id, r.title, r.description, r.published_on, r.tags, r.custom_fields, r.status, r.released_at, r.approval_status, r.created_at, r.created_by, r.updated_at, r.version, r.deleted_at",
        "albums r",
        [
            new("id", "r.id", FieldType.Uuid),
            new("title", "r.title", FieldType.Text, row => row.Title),
            new("published_on", "r.published_on", FieldType.Date, Nullable: true),
            new("tags", "r.tags", FieldType.TextArray),
            Infrastructure.Query.Fields.Json<AlbumDetails>("custom_fields", "r.custom_fields"),
            Infrastructure.Query.Fields.Enum<AlbumDetails, AlbumStatus>("status", "r.status"),
            Infrastructure.Query.Fields.Enum<AlbumDetails, ApprovalStatus>("approval_status", "r.approval_status"),
            new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt),
        ],
        row => row.Id,
        Visible: "r.deleted_at is null");

    // a page and a mark have a picture each
    private static string LetPicturesGo(string folder) => $"""
        with let_go as (
            insert into object_deletions (client_id, storage_provider, storage_key, reason, receipt_id)
            select @ClientId, 'local', '{folder}/' || id || '.jpg', 'purged', @ReceiptId::uuid
            from unnest(@Ids::uuid[]) id
            returning storage_key
        )
        select 'objects' as name, count(*)
        from let_go
        """;

    private static readonly RecordTable<PageFields> PageTable = new(PageKind, "pages", [new("album_id", "uuid"), new("number", "int"), new("text", "text")])
    {
        Parents = [new(AlbumKind, "albums", "album_id", TakesAlong: true)],
        LetsGo = LetPicturesGo("pages"),
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

    private static readonly RecordTable<MarkFields> MarkTable = new(MarkKind, "marks", [new("page_id", "uuid"), new("name", "text")])
    {
        Parents = [new(PageKind, "pages", "page_id", TakesAlong: true)],
        LetsGo = LetPicturesGo("marks"),
        Violations = new Dictionary<string, Func<MarkFields, Error>> { ["marks_name_unique"] = mark => new ConflictError("MARK_NAME_TAKEN", $"There is a mark \"{mark.Name}\" already.", "name") },
    };

    private static readonly ListDefinition<MarkDetails> MarkList = new(
        "r.id, r.page_id, r.name, r.created_at, r.version, r.deleted_at",
        "marks r",
        [new("id", "r.id", FieldType.Uuid), new("page_id", "r.page_id", FieldType.Uuid), new("created_at", "r.created_at", FieldType.Instant, row => row.CreatedAt)],
        row => row.Id,
        Visible: "r.deleted_at is null");

    public static readonly ListFields Fields = ListFields.Of(AlbumList);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IValidator<AlbumFields>, AlbumFieldsValidator>();
        services.AddSingleton<IRecordRule<AlbumFields>, ReleasedAlbumsKeepTheirTitle>();
        services.AddSingleton<IValidator<PageFields>, PageFieldsValidator>();
        services.AddSingleton<IRecordRule<PageFields>, OnlyTheFirstHundredPagesMayBeBlank>();
        services.AddTransient<IRequestHandler<ChangeAlbumStatus, Result<Written>>, ChangeAlbumStatusHandler>();
        services.AddTransient<IRequestHandler<AddBlankPage, Result<Written>>, AddBlankPageHandler>();
        services.AddRecords(AlbumTable, AlbumList).AddRecords(PageTable, PageList).AddRecords(MarkTable, MarkList);
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapApi();
        var albums = api.MapResource<AlbumFields, AlbumDetails>(
            "/albums", "albums", new("Album", AlbumKind, "an album", new { Title = "Summer" }) { Refusals = [(409, "ALBUM_TITLE_TAKEN"), (422, "VALIDATION_ERROR"), (423, "ALBUM_RELEASED")] });
        albums.MapVerb("Release", "Release an album", (id, seen) => new ChangeAlbumStatus(id, AlbumStatus.Released, seen)).Problems(422, "ALBUM_NOT_READY").Problems(423, "ALBUM_STATUS_FORBIDS");
        albums.MapVerb("Withdraw", "Withdraw an album", (id, seen) => new ChangeAlbumStatus(id, AlbumStatus.Withdrawn, seen)).Problems(423, "ALBUM_STATUS_FORBIDS");
        albums.MapVerb("AddFirstPage", "Add a first page", (id, _) => new AddBlankPage(id, 1)).Problems(409, "PAGE_NUMBER_TAKEN");
        albums.MapVerb("AddCover", "Add a cover, which no page may be", (id, _) => new AddBlankPage(id, 0)).Problems(422, "VALIDATION_ERROR");
        albums.MapVerb("AddAppendix", "Add an appendix, which may not be blank", (id, _) => new AddBlankPage(id, 101)).Problems(422, "PAGE_BLANK");
        api.MapResource<PageFields, PageDetails>(
            "/pages", "pages", new("Page", PageKind, "a page", new { AlbumId = Guid.Empty, Number = 1 }) { Refusals = [(409, "PAGE_NUMBER_TAKEN"), (422, "ALBUM_NOT_FOUND"), (422, "PAGE_BLANK"), (422, "VALIDATION_ERROR")] });
        api.MapResource<MarkFields, MarkDetails>("/marks", "marks", new("Mark", MarkKind, "a mark", new { PageId = Guid.Empty, Name = "Fold" }) { Refusals = [(409, "MARK_NAME_TAKEN"), (422, "PAGE_NOT_FOUND")] });
    }

    private sealed class AlbumFieldsValidator : AbstractValidator<AlbumFields>
    {
        public AlbumFieldsValidator()
        {
            RuleFor(album => album.Title).NotEmpty().MaximumLength(100);
            RuleFor(album => album.CustomFields).CustomFields();
        }
    }

    private sealed class PageFieldsValidator : AbstractValidator<PageFields>
    {
        public PageFieldsValidator() => RuleFor(page => page.Number).GreaterThan(0);
    }
}

internal sealed record AlbumFields(string Title, string? Description = null, DateOnly? PublishedOn = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : ICustomFields;

internal sealed record AlbumDetails(
    Guid Id, string Title, string? Description, DateOnly? PublishedOn, string[] Tags, JsonElement CustomFields, string Status, DateTimeOffset? ReleasedAt, string ApprovalStatus, DateTimeOffset CreatedAt, Guid? CreatedBy,
    DateTimeOffset UpdatedAt, int Version, DateTimeOffset? DeletedAt) : IRecordDetails;

internal sealed record PageFields(Guid AlbumId, int Number, string? Text = null);

internal sealed record PageDetails(Guid Id, Guid AlbumId, int Number, string? Text, DateTimeOffset CreatedAt, int Version, DateTimeOffset? DeletedAt) : IRecordDetails;

internal sealed record MarkFields(Guid PageId, string Name);

internal sealed record MarkDetails(Guid Id, Guid PageId, string Name, DateTimeOffset CreatedAt, int Version, DateTimeOffset? DeletedAt) : IRecordDetails;

internal enum AlbumStatus { Draft, Released, Withdrawn }

/// <summary>An album as its lifecycle sees it: of the columns that people write those that it asks for, and those that are its own.</summary>
internal sealed record Album(string? Description, DateOnly? PublishedOn, AlbumStatus Status, DateTimeOffset? ReleasedAt)
{
    private static readonly (AlbumStatus From, AlbumStatus To)[] Ways =
        [(AlbumStatus.Draft, AlbumStatus.Released), (AlbumStatus.Released, AlbumStatus.Withdrawn), (AlbumStatus.Withdrawn, AlbumStatus.Released)];

    public Result<Album> Move(AlbumStatus to, DateTimeOffset now)
    {
        if (!Ways.Contains((Status, to))) return new LockedError("ALBUM_STATUS_FORBIDS", $"What is {Names.Of(Status)} does not become {Names.Of(to)}.");
        if (to is not AlbumStatus.Released) return this with { Status = to };

        Error[] missing = [.. Missing()];
        return missing.Length > 0 ? missing : this with { Status = to, ReleasedAt = ReleasedAt ?? now };
    }

    private IEnumerable<Error> Missing()
    {
        if (Description is null) yield return new InvalidError("ALBUM_NOT_READY", "It has no description yet.", "description");
        if (PublishedOn is null) yield return new InvalidError("ALBUM_NOT_READY", "It has no date yet.", "published_on");
    }
}

internal sealed class ReleasedAlbumsKeepTheirTitle : IRecordRule<AlbumFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, AlbumFields after)
    {
        if (before?.As<Album>().Status is AlbumStatus.Released && before.As<AlbumFields>().Title != after.Title)
            yield return new LockedError("ALBUM_RELEASED", "A released album keeps its title; withdraw it first.");
    }
}

internal sealed class OnlyTheFirstHundredPagesMayBeBlank : IRecordRule<PageFields>
{
    public IEnumerable<Error> Check(StoredRecord? before, PageFields after)
    {
        if (after is { Number: > 100, Text: null }) yield return new InvalidError("PAGE_BLANK", "A page after the hundredth says something.", "text");
    }
}

internal sealed record ChangeAlbumStatus(Guid Id, AlbumStatus To, long? IfMatch) : ICommand<Written>;

internal sealed class ChangeAlbumStatusHandler(IRecords<AlbumFields> albums, CallContext context, TimeProvider time) : ICommandHandler<ChangeAlbumStatus, Written>
{
    public async Task<Result<Written>> Handle(ChangeAlbumStatus command, CancellationToken cancellationToken)
    {
        var found = await albums.Open(command.Id, command.IfMatch, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<Written>();

        var moved = found.Value.As<Album>().Move(command.To, time.GetUtcNow());
        return moved.Succeeded ? await albums.Set(found.Value, moved.Value, cancellationToken) : moved.As<Written>();
    }
}

/// <summary>Adds a blank page, by the way of making any: the album is held and not changed.</summary>
internal sealed record AddBlankPage(Guid AlbumId, int Number) : ICommand<Written>;

internal sealed class AddBlankPageHandler(IRecords<AlbumFields> albums, RecordWriter<PageFields> pages) : ICommandHandler<AddBlankPage, Written>
{
    public async Task<Result<Written>> Handle(AddBlankPage command, CancellationToken cancellationToken)
    {
        if (!await albums.Hold(command.AlbumId, cancellationToken)) return new RecordNotFound(albums.Kind, command.AlbumId);

        var made = await pages.Create(new PageFields(command.AlbumId, command.Number), cancellationToken);
        return made.Succeeded ? made.Value with { Id = command.AlbumId } : made;
    }
}
