using System.Data;
using System.Text.Json;
using Dapper;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using Npgsql;
using NpgsqlTypes;

namespace MediaPlatform.Infrastructure.Postgres;

/// <summary>How values pass between records and rows; each handler is shown by a round trip in the tests.</summary>
internal static class DapperSetup
{
    private static int registered;

    public static void EnsureRegistered()
    {
        if (Interlocked.Exchange(ref registered, 1) == 1) return;

        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new ArrayHandler<string>());
        SqlMapper.AddTypeHandler(new ArrayHandler<Guid>());
        SqlMapper.AddTypeHandler(new ArrayHandler<long>());
        SqlMapper.AddTypeHandler(new ArrayHandler<VariantDetails>());
        SqlMapper.AddTypeHandler(new JsonElementHandler());
        SqlMapper.AddTypeHandler(new JsonHandler<AssetTexts>(RowJson.Default.AssetTexts));
        SqlMapper.AddTypeHandler(new JsonHandler<Dictionary<string, string>>(RowJson.Default.DictionaryStringString));
        SqlMapper.AddTypeHandler(new JsonHandler<StageEntry[]>(RowJson.Default.StageEntryArray));
    }

    /// <summary><c>timestamptz</c> in UTC.</summary>
    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => new((DateTime)value);
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }

    /// <summary>An array, which Npgsql declares as one of anything.</summary>
    private sealed class ArrayHandler<T> : SqlMapper.TypeHandler<T[]>
    {
        public override T[] Parse(object value) => (T[])value;
        public override void SetValue(IDbDataParameter parameter, T[]? value) => parameter.Value = (object?)value ?? DBNull.Value;
    }

    /// <summary><c>jsonb</c> whose shape is somebody else's.</summary>
    private sealed class JsonElementHandler : SqlMapper.TypeHandler<JsonElement>
    {
        private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");
        private static readonly JsonElement EmptyArray = JsonElement.Parse("[]");

        public override JsonElement Parse(object value) => (string)value switch
        {
            "{}" => EmptyObject, // most of them are empty
            "[]" => EmptyArray,
            var text => JsonElement.Parse(text),
        };

        public override void SetValue(IDbDataParameter parameter, JsonElement value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb;
            parameter.Value = value.GetRawText();
        }
    }

    /// <summary><c>jsonb</c> that a query built for one type.</summary>
    private sealed class JsonHandler<T>(System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> typeInfo) : SqlMapper.TypeHandler<T>
    {
        public override T? Parse(object value) => JsonSerializer.Deserialize((string)value, typeInfo);

        public override void SetValue(IDbDataParameter parameter, T? value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb;
            parameter.Value = value is null ? DBNull.Value : JsonSerializer.Serialize(value, typeInfo);
        }
    }
}

/// <summary>JSON within rows: snake_case, as columns are.</summary>
[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.SnakeCaseLower)]
[System.Text.Json.Serialization.JsonSerializable(typeof(AssetTexts))]
[System.Text.Json.Serialization.JsonSerializable(typeof(StageEntry[]))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JobError[]))]
[System.Text.Json.Serialization.JsonSerializable(typeof(GpsPosition))]
[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyDictionary<string, object>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
[System.Text.Json.Serialization.JsonSerializable(typeof(int))]
[System.Text.Json.Serialization.JsonSerializable(typeof(long))]
[System.Text.Json.Serialization.JsonSerializable(typeof(double))]
[System.Text.Json.Serialization.JsonSerializable(typeof(bool))]
[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
internal sealed partial class RowJson : System.Text.Json.Serialization.JsonSerializerContext;
