using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace MediaPlatform.Api.Http;

/// <summary>The OpenAPI document and Swagger UI.</summary>
internal static class Documentation
{
    public const string Path = "/swagger";
    public const string ApiKeyScheme = "ApiKey";
    public const string BearerScheme = "Bearer";

    /// <param name="versions">Of the API; each has a document of its own.</param>
    public static void AddDocumentation(this IServiceCollection services, IReadOnlyList<int> versions)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(Wire.Json));
        services.AddSwaggerGen(options => Describe(options, versions));
        services.Configure<SwaggerUIOptions>(ui => ui.ConfigObject.Urls = [.. versions.Select(ApiVersion.DocumentOf).Select(name => new UrlDescriptor { Name = name, Url = $"{Path}/{name}/swagger.json" })]);
    }

    public static void MapDocumentation(this WebApplication app)
    {
        app.MapSwagger(Path + "/{documentName}/swagger.json").AllowAnonymous();
        app.MapSwaggerUI(Path.TrimStart('/'), ui =>
        {
            ui.DocumentTitle = "MediaPlatform API";
            ui.EnablePersistAuthorization();
            ui.EnableDeepLinking();
            ui.EnableTryItOutByDefault();
            ui.DisplayRequestDuration();
            ui.EnableFilter();
            ui.DocExpansion(DocExpansion.None); // some hundred operations
            ui.DefaultModelsExpandDepth(0);
        }).AllowAnonymous();
    }

    private static void Describe(SwaggerGenOptions options, IReadOnlyList<int> versions)
    {
        foreach (var name in versions.Select(ApiVersion.DocumentOf)) options.SwaggerDoc(name, new()
        {
            Title = "MediaPlatform",
            Version = name,
            Description = "Successful answers are `{ data, metadata, errors }`; failures are RFC 9457 problems whose `errors` carry stable codes. "
                + "Authorize with the key of your client, or with a token, then try any endpoint.",
        });
        options.DocInclusionPredicate((name, api) => api.HttpMethod != HttpMethods.Head && ApiVersion.DocumentOf(Metadata<ApiVersion>(api).LastOrDefault()?.Number ?? 1) == name);
        options.CustomSchemaIds(SchemaName);
        options.CustomOperationIds(OperationId);
        options.TagActionsBy(api => [.. Metadata<ITagsMetadata>(api).SelectMany(t => t.Tags).DefaultIfEmpty(Resource(api) ?? "Other")]);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "MediaPlatform.*.xml")) options.IncludeXmlComments(file);
        Changes.Describe(options);
        options.SchemaFilter<SchemaRules>();
        options.OperationFilter<OperationDocs>();
        options.DocumentFilter<ResponseSchemas>();
        options.AddSecurityDefinition(ApiKeyScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key", Description = "A key of a client.",
        });
        options.AddSecurityDefinition(BearerScheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "A token of an issuer that this installation trusts.",
        });
    }

    /// <summary><c>Envelope&lt;MediaEndpoints.Asset&gt;</c> becomes <c>MediaAssetEnvelope</c>, which is what generated clients call it.</summary>
    public static string SchemaName(Type type)
    {
        if (type.IsArray) return SchemaName(type.GetElementType()!) + "List";
        var name = type.IsGenericType ? type.Name[..type.Name.IndexOf('`')] : type.Name;
        if (type == typeof(ProblemBody)) name = "Problem";
        if (type.DeclaringType is { } declaring && Trim(declaring.Name) is var outer && !name.Contains(outer, StringComparison.Ordinal)) name = outer + name;
        if (!type.IsGenericType) return name;
        var arguments = string.Concat(type.GetGenericArguments().Select(SchemaName));
        return name is "IReadOnlyList" or "IEnumerable" or "List" ? arguments + "List" : arguments + name;
    }

    private static string? OperationId(ApiDescription api) =>
        Metadata<IEndpointNameMetadata>(api).LastOrDefault()?.EndpointName
        ?? (api.TryGetMethodInfo(out var method) && !method.Name.Contains('<') ? $"{Resource(api)}_{method.Name}" : null);

    private static string? Resource(ApiDescription api) => api.TryGetMethodInfo(out var method) && method.DeclaringType is { } type ? Trim(type.Name) : null;

    private static IEnumerable<T> Metadata<T>(ApiDescription api) => api.ActionDescriptor.EndpointMetadata.OfType<T>();

    private static string Trim(string name) => name.EndsWith("Endpoints", StringComparison.Ordinal) ? name[..^"Endpoints".Length] : name;
}
