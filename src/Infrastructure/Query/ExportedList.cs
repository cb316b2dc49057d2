using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MediaPlatform.Application.Exports;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Infrastructure.Postgres;
using Npgsql;

namespace MediaPlatform.Infrastructure.Query;

/// <summary>The rows of a list, without what is our own business or, like a link, would be stale in a file.</summary>
/// <param name="type">What is written of a row.</param>
internal sealed class ExportedList<T>(ListDefinition<T> list, Role needs, JsonTypeInfo<T> type, DbSession db) : IExportedList
{
    private const int AtATime = 500;

    public Role Needs => needs;

    public IReadOnlyList<string> Columns => [.. type.Properties.Select(property => property.Name)];

    /// <param name="hidden">Fields of its rows that are not written.</param>
    public static Func<DbSession, IExportedList> Source(ListDefinition<T> list, Role needs, IReadOnlyList<string> hidden)
    {
        var type = TypeOf(hidden);
        return db => new ExportedList<T>(list, needs, type, db);
    }

    public async Task<IReadOnlyList<Error>> Check(ListRequest request, IReadOnlyList<string> fields, Role role, CancellationToken cancellationToken)
    {
        var errors = fields.Where(path => !Has(path)).Select(path => ListErrors.NotSelectable(path, NearestName.Hint(path.Split('.')[0], Columns))).ToList();
        if (fields.Count > FilterLimits.Values) errors.Add(ListErrors.TooManyValues("_fields", fields.Count));
        if (request.IncludeDeleted && role < Role.Admin) errors.Add(ListErrors.TrashIsForAdmins);
        errors.AddRange(ListCompiler.Compile(await db.WithPromoted(list, request, cancellationToken), request, db.ClientId).Errors);
        return errors.Count == 0 ? errors : [.. errors.Where(error => error.Kind == errors.Min(one => one.Kind))];
    }

    public async Task<int?> Count(ListRequest request, int cap, CancellationToken cancellationToken)
    {
        var compiled = ListCompiler.Compile(await db.WithPromoted(list, request, cancellationToken), request with { Cursor = null, Count = CountMode.Capped }, db.ClientId, cap).Value;
        try
        {
            await db.Prepare(list, cancellationToken);
            return await db.Single<int>(compiled.CountSql!, compiled.Parameters, cancellationToken);
        }
        catch (PostgresException exception) when (IsTooExpensive(exception))
        {
            return null;
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<JsonElement>> Read(ListRequest request, Role role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        request = request with { Limit = AtATime, Count = CountMode.None, Cursor = null };
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = (await db.Page(list, request, role, cancellationToken)).Value;
            yield return [.. page.Items.Select(item => JsonSerializer.SerializeToElement(item, type))];
            request = request with { Cursor = page.NextCursor };
        }
        while (request.Cursor is not null);
    }

    public bool IsTooExpensive(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    private bool Has(string path)
    {
        if (path.Length > FilterLimits.NameLength) return false;
        JsonTypeInfo at = type;
        foreach (var name in path.Split('.'))
        {
            while (at.Kind is JsonTypeInfoKind.Enumerable) at = at.Options.GetTypeInfo(at.ElementType!);
            if (at.Type == typeof(JsonElement) || at.Type == typeof(JsonElement?)) return true;
            if (at.Properties.FirstOrDefault(property => property.Name == name) is not { } next) return false;
            at = at.Options.GetTypeInfo(next.PropertyType);
        }

        return true;
    }

    private static JsonTypeInfo<T> TypeOf(IReadOnlyList<string> hidden)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new UtcTimes() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Hide } },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

        void Hide(JsonTypeInfo info)
        {
            if (info.Type != typeof(T)) return;
            for (var at = info.Properties.Count - 1; at >= 0; at--)
            {
                if (hidden.Contains(info.Properties[at].Name, StringComparer.Ordinal)) info.Properties.RemoveAt(at);
            }
        }
    }

    private sealed class UtcTimes : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
    }
}
