using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>A definition as the example has it, which replaces it: entity, name and type stay.</summary>
internal sealed class FieldDefinitionSeed : ISeed
{
    private static readonly string[] Values = ["cozy"];

    public string Segment => "field-definitions";

    public async Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation)
    {
        await Undo(platform, tenant);
        var isExample = operation.StartsWith("PUT", StringComparison.Ordinal) || operation.StartsWith("PATCH", StringComparison.Ordinal) || operation.EndsWith("/batch", StringComparison.Ordinal);
        var name = isExample ? "mood" : $"seeded_{Guid.NewGuid():n}";
        return await RecordStates.Of(tenant, "/field-definitions", new { Entity = "episodes", Name = name, Purpose = "Seeded", Type = "enum", AllowedValues = Values }, operation);
    }

    /// <summary>The name of the example is free again.</summary>
    public async Task Undo(Platform platform, Tenant caller)
    {
        foreach (var taken in (await caller.Get("/field-definitions?name=mood")).Data.AsArray()) await caller.Delete($"/field-definitions/{taken!["id"]}");
    }
}

/// <summary>The kinds of records are everybody's, so that one is named that nobody has.</summary>
internal sealed class SchemaSeed : ISeed
{
    public string Segment => "schema";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) =>
        Task.FromResult(new Dictionary<string, string>(StringComparer.Ordinal) { ["entity"] = "unheard-of" });
}

internal sealed class ReportSeed : ISeed
{
    public string Segment => "reports";

    public Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation) => Task.FromResult(new Dictionary<string, string>(StringComparer.Ordinal));
}
