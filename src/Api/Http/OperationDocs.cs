using System.Text.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Api.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MediaPlatform.Api.Http;

/// <summary>Writes into an operation what its endpoint's metadata says: body, parameters, answers, problems, security.</summary>
internal sealed class OperationDocs : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var bound = metadata.OfType<IParameterBindingMetadata>().Select(p => p.ParameterInfo.ParameterType).ToHashSet();
        var anonymous = metadata.OfType<IAllowAnonymous>().Any();

        // a field may be called as a parameter is, which then is the one that is meant: tags have a count, media a format
        operation.Parameters = [.. (operation.Parameters ?? []).Where(p => !BindsItself(p, context)).Concat(Parameters(bound, metadata)).DistinctBy(p => (p.In, p.Name))];
        if (!anonymous && Authentication.PicksClient(metadata))
            operation.Parameters.Add(ParameterDocs.Header(Door.ClientHeader, "The client that is meant, for who signs in by a token and is in several. A key is in one."));
        ParameterDocs.Describe(operation.Parameters);
        WriteBody(operation, context, metadata);

        operation.Deprecated = metadata.OfType<Deprecation>().Any();
        operation.Responses = [];
        foreach (var answer in metadata.OfType<AnswerMetadata>()) WriteAnswer(operation.Responses, context, answer, metadata.OfType<ExampleMetadata>().FirstOrDefault());
        foreach (var (status, codes) in ProblemCodes(metadata, anonymous))
            operation.Responses[status.ToString()] = ProblemOf(status, codes, context);

        operation.Security = anonymous ? [] :
        [
            new() { [new(Documentation.ApiKeyScheme, context.Document)] = [] },
            new() { [new(Documentation.BearerScheme, context.Document)] = [] },
        ];
    }

    private static bool BindsItself(IOpenApiParameter parameter, OperationFilterContext context) =>
        context.ApiDescription.ParameterDescriptions.Any(p => p.Name == parameter.Name && p.Source?.Id == "Custom");

    private static IEnumerable<IOpenApiParameter> Parameters(HashSet<Type> bound, IList<object> metadata)
    {
        if (bound.Contains(typeof(LinkEndpoints.InPath)))
        {
            foreach (var name in LinkEndpoints.InPath.NamesOf(metadata)) yield return ParameterDocs.InPath(name.Name, name.IsId);
        }

        if (bound.Contains(typeof(IfMatch)))
            yield return ParameterDocs.Header("If-Match", "The ETag last seen. When the resource has another version by now, the answer is 412.");
        if (IsPost(metadata) && !metadata.OfType<IAllowAnonymous>().Any())
            yield return ParameterDocs.Header(Idempotency.Header, "A token of your own for this request. Sent again within a day, it is not done again but answered as the first time; another request with it is refused.");
        if (bound.Contains(typeof(Preference)))
            yield return ParameterDocs.Header("Prefer", "`wait=N` waits up to N seconds (30 at most) for the work to be done.");
        if (metadata.OfType<AnswerMetadata>().Any(a => a.Versioned) && IsGet(metadata))
            yield return ParameterDocs.Header("If-None-Match", "An ETag: the answer is 304 when nothing changed.");
        if (QueryNames.ItemOf(metadata) is not null) yield return ParameterDocs.Selection("the answer");
        if (!bound.Contains(typeof(ListQuery))) yield break;
        foreach (var parameter in ParameterDocs.OfList(metadata.OfType<ListMetadata>().FirstOrDefault())) yield return parameter;
    }

    private static bool IsGet(IList<object> metadata) => Answers(metadata, HttpMethods.Get);

    private static bool IsPost(IList<object> metadata) => Answers(metadata, HttpMethods.Post);

    private static bool Answers(IList<object> metadata, string method) => metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods.Contains(method) == true;

    private static void WriteBody(OpenApiOperation operation, OperationFilterContext context, IList<object> metadata)
    {
        if (metadata.OfType<FormMetadata>().FirstOrDefault() is { } form) operation.RequestBody = FormOf(form);
        if (metadata.OfType<BodyMetadata>().FirstOrDefault() is not { } body) return;
        var example = metadata.OfType<ExampleMetadata>().FirstOrDefault();
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new OpenApiMediaType { Schema = body.IsPatch ? PatchOf(body.Type, context) : Schema(body.Type, context), Example = example is null ? null : JsonSerializer.SerializeToNode(example.Body, Wire.Json) },
            },
        };
    }

    /// <summary>A merge patch has the members of what it patches; none is required, and any may be null.</summary>
    private static OpenApiSchemaReference PatchOf(Type type, OperationFilterContext context)
    {
        var name = Documentation.SchemaName(type) + "Patch";
        context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
        if (!context.SchemaRepository.Schemas.ContainsKey(name) && context.SchemaRepository.Schemas[Documentation.SchemaName(type)] is OpenApiSchema whole)
        {
            context.SchemaRepository.AddDefinition(name, new OpenApiSchema
            {
                Type = JsonSchemaType.Object, Description = whole.Description, AdditionalPropertiesAllowed = true,
                Properties = whole.Properties?.ToDictionary(member => member.Key, member => SchemaRules.WithNull(member.Value, nullable: true, context.SchemaRepository), StringComparer.Ordinal),
            });
        }

        return new OpenApiSchemaReference(name, context.Document);
    }

    private static OpenApiRequestBody FormOf(FormMetadata form)
    {
        var properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The file." },
        };
        foreach (var field in form.Fields) properties[field] = new OpenApiSchema { Type = JsonSchemaType.String };
        var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties, Required = new HashSet<string>(StringComparer.Ordinal) { "file" } };
        return new()
        {
            Required = true,
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { ["multipart/form-data"] = new OpenApiMediaType { Schema = schema } },
        };
    }

    private static void WriteAnswer(OpenApiResponses responses, OperationFilterContext context, AnswerMetadata answer, ExampleMetadata? example)
    {
        var contentType = answer.ContentType ?? (answer.Body is null ? null : "application/json");
        var response = new OpenApiResponse { Description = answer.Description ?? ReasonPhrases.GetReasonPhrase(answer.Status), Headers = new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal) };
        if (contentType is not null)
        {
            var schema = answer.Body is null ? new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } : Schema(answer.Body, context);
            response.Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { [contentType] = new OpenApiMediaType { Schema = schema, Example = ExampleOf(answer, example) } };
        }

        if (answer.Versioned) response.Headers["ETag"] = ParameterDocs.AnswerHeader("`\"version-hash\"`; send it back as If-Match or If-None-Match.");
        if (answer.Status is StatusCodes.Status201Created or StatusCodes.Status202Accepted or (>= 300 and < 400)) response.Headers["Location"] = ParameterDocs.AnswerHeader("Where it is.");
        responses[answer.Status.ToString()] = response;
        if (answer is { Versioned: true, Status: StatusCodes.Status200OK } && context.ApiDescription.HttpMethod == HttpMethods.Get)
            responses["304"] = new OpenApiResponse { Description = "The caller has it already." };
    }

    /// <summary>A document of the caller's own has no schema to tell its shape: what is written of it is what is read.</summary>
    private static JsonObject? ExampleOf(AnswerMetadata answer, ExampleMetadata? example) => answer.Body == typeof(Envelope<Dictionary<string, JsonElement>>) && example is not null
        ? new JsonObject { ["data"] = JsonSerializer.SerializeToNode(example.Body, Wire.Json), ["metadata"] = new JsonObject { ["schema_version"] = "1.0", ["timestamp"] = "2026-01-05T10:00:00Z", ["request_id"] = "7b0f3c5e9d2a4f1880c6e4b1a2d3f405" }, ["errors"] = new JsonArray() }
        : null;

    private static SortedDictionary<int, SortedSet<string>> ProblemCodes(IList<object> metadata, bool anonymous)
    {
        var problems = new SortedDictionary<int, SortedSet<string>>();
        void Add(int status, params IEnumerable<string> codes)
        {
            if (!problems.TryGetValue(status, out var known)) problems[status] = known = new(StringComparer.Ordinal);
            known.UnionWith(codes);
        }

        Add(500, "INTERNAL_ERROR");
        if (!anonymous)
        {
            Add(401, "UNAUTHENTICATED");
            foreach (var problem in Authentication.Problems) Add(problem.Status, problem.Codes);
            foreach (var problem in Failures.OfDatabase) Add(problem.Status, problem.Codes);
            foreach (var problem in IsPost(metadata) ? Idempotency.Problems : []) Add(problem.Status, problem.Codes);
        }

        foreach (var problem in metadata.OfType<ProblemsMetadata>()) Add(problem.Status, problem.Codes);
        return problems;
    }

    private static OpenApiResponse ProblemOf(int status, SortedSet<string> codes, OperationFilterContext context) => new()
    {
        Description = $"{ReasonPhrases.GetReasonPhrase(status)}: {string.Join(", ", codes.Select(c => $"`{c}`"))}",
        Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
        {
            ["application/problem+json"] = new OpenApiMediaType { Schema = Schema(typeof(ProblemBody), context) },
        },
    };

    private static IOpenApiSchema Schema(Type type, OperationFilterContext context) => context.SchemaGenerator.GenerateSchema(type, context.SchemaRepository);
}
