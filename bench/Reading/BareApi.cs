using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Bench.Reading;

/// <summary>
/// What an API on Kestrel and Npgsql comes to that asks the same SQL and does nothing else: it looks at no key, reads no column and answers
/// with bytes that it had before. Nothing written in C# reads an asset faster.
/// </summary>
internal static class BareApi
{
    public const string Argument = "bare-api";
    private const int AnswerBytes = 2_600; // as long as that of the API

    /// <summary>Serves until it is ended, at the address and from the database that the API would have.</summary>
    /// <param name="sql">With <c>$1</c> for the client and <c>$2</c> for the asset.</param>
    public static async Task Run(Guid clientId, string sql)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        var database = BenchPlatform.Required("Database__ConnectionString");
        await using var source = NpgsqlDataSource.Create($"{database};Max Auto Prepare=10;Auto Prepare Min Usages=2;No Reset On Close=true;Options=-c jit=off");
        var answer = new byte[AnswerBytes];
        app.MapGet("/api/v1/media/{id:guid}", async (Guid id, HttpContext context) =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = clientId }, new NpgsqlParameter<Guid> { TypedValue = id } } };
            await using var reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync()) throw new InvalidOperationException($"There is no asset {id}.");
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
        app.MapGet("/health/ready", () => { });
        await app.RunAsync();
    }
}
