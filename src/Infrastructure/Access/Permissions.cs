using System.Collections.Frozen;
using System.Text.Json;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Access;

/// <summary>Permissions as a row has them: <c>{"media": "editor"}</c>.</summary>
internal static class Permissions
{
    public static FrozenDictionary<string, EntityRight> Read(string json) => json == "{}"
        ? FrozenDictionary<string, EntityRight>.Empty
        : JsonSerializer.Deserialize(json, RowJson.Default.DictionaryStringString)!.ToFrozenDictionary(pair => pair.Key, pair => Names.Require<EntityRight>(pair.Value), StringComparer.Ordinal);

    public static string Write(FrozenDictionary<string, EntityRight> permissions) =>
        JsonSerializer.Serialize(permissions.ToDictionary(pair => pair.Key, pair => Names.Of(pair.Value)), RowJson.Default.DictionaryStringString);
}
