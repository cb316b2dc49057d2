using MediaPlatform.Api.Access;
using MediaPlatform.Api.Http;
using MediaPlatform.Application.Query;
using MediaPlatform.Application.Schema;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Schema;
using MediaPlatform.Infrastructure.Query;
using MediatR;

namespace MediaPlatform.Api.Schema;

internal static class SchemaEndpoints
{
    private const string OwnFields = "custom_fields";

    private static readonly string[] ExampleValues = ["cozy", "bright", "dramatic"];

    public static void MapFieldDefinitions(this RouteGroupBuilder api) => api.MapResource<FieldDefinitionFields, FieldDefinitionDetails>(
        "/field-definitions", "field definitions",
        new("FieldDefinition", FieldDefinition.Kind, "a field definition", new { Entity = "episodes", Name = "mood", Purpose = "How the episode feels, for the colourist", Type = "enum", AllowedValues = ExampleValues })
        {
            Writes = Role.Admin,
            Refusals =
            [
                (409, "FIELD_DEFINITION_LIMIT"), (409, "FIELD_DEFINITION_TAKEN"), (409, "FIELD_PROMOTION_LIMIT"), (422, "FIELD_DEFAULT_INVALID"), (422, "FIELD_PATTERN_INVALID"), (422, "UNKNOWN_ENTITY"), (422, "VALIDATION_ERROR"),
                (423, "FIELD_DEFINITION_FIXED"),
            ],
            Remarks = "Entity, name and type stay. Records that are there stay as they are until they are written. Whatever changes is the next version of the schema. With `promoted`, the values that are there are gathered while everything is served; when `promotion` is `ready`, lists take `sort=custom_fields.name`.",
        },
        "Newest first. A definition is in force while it is approved and not in the trash; fields that nobody declares are taken as they come.");

    public static void MapSchema(this RouteGroupBuilder api)
    {
        var schema = api.MapGroup("/schema").Needs(Role.Viewer);
        schema.MapGet("/", Get).Returns<SchemaBody>();
        schema.MapGet("/{entity}", GetEntity).Returns<EntitySchema>().Problems(404, "ENTITY_NOT_FOUND");
        schema.MapGroup("/changelog").MapList(
            new("SchemaChange", "changes of the schema", ListFields.SchemaChanges, "Newest first: each change of the client's definitions with who made it and the version that it led to, and what the platform brought. `entity=episodes&field=mood` is the history of one field."),
            request => new ListSchemaChanges(request));
    }

    /// <summary>Get the schema</summary>
    /// <remarks>Every kind of records with its fields: the platform's own, and below `custom_fields` those that the client has declared. `schema_version` is 1.N, where N counts the changes of the client's definitions; each record says under which its fields were last written.</remarks>
    private static async Task<IResult> Get(CoreSchema core, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new GetClientSchema(), cancellationToken))
            .Match(own => Respond.Ok(new SchemaBody(own.Version, [.. core.Entities.Select(entity => With(entity, own))])), Problem.From);

    /// <summary>Get the schema of one kind of records</summary>
    /// <param name="entity">As its path begins, such as `episodes`.</param>
    private static async Task<IResult> GetEntity(string entity, CoreSchema core, IMediator mediator, CancellationToken cancellationToken)
    {
        if (core.Entities.FirstOrDefault(known => known.Entity == entity) is not { } found)
            return Problem.From([new EntityNotFound(entity, NearestName.Hint(entity, core.Entities.Select(known => known.Entity)))]);

        return (await mediator.Send(new GetClientSchema(), cancellationToken)).Match(own => Respond.Ok(With(found, own)), Problem.From);
    }

    /// <summary>With the client's own fields, which are filtered by as any path below custom_fields is.</summary>
    private static EntitySchema With(EntitySchema entity, ClientSchemaDetails own)
    {
        var operators = entity.Fields.FirstOrDefault(field => field.Name == OwnFields)?.Operators ?? [];
        return entity with
        {
            Fields =
            [
                .. entity.Fields,
                .. own.Fields.Where(field => field.Entity == entity.Entity).Select(field => new FieldSchema($"{OwnFields}.{field.Name}", field.Type)
                {
                    Description = field.Purpose, DefinitionId = field.Id, ReadOnly = field.Deprecated, Required = field is { Required: true, Deprecated: false }, Nullable = !field.Required,
                    Limits = new(field.MaxLength, field.Minimum, field.Maximum, field.Pattern), Values = field.AllowedValues, Default = field.DefaultValue, Operators = operators, Sortable = field.IsSorted,
                    Deprecated = field.Deprecated, DeprecationReason = field.DeprecationReason,
                }),
            ],
        };
    }

    /// <param name="SchemaVersion">Of the client's schema.</param>
    internal sealed record SchemaBody(string SchemaVersion, IReadOnlyList<EntitySchema> Entities);
}
