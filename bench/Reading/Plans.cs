using Dapper;
using Npgsql;

namespace MediaPlatform.Bench.Reading;

/// <summary>How PostgreSQL runs statements: for the values that are asked for, and as it does for any, which it may choose once a statement was asked often.</summary>
internal static class Plans
{
    private static readonly string[] Modes = ["force_custom_plan", "force_generic_plan"];

    public static async Task Write(BenchPlatform platform, string file, IEnumerable<Question> questions)
    {
        await using var connection = new NpgsqlConnection(platform.Database.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("set jit = off; set work_mem = '16MB'; set pg_trgm.word_similarity_threshold = 0.4; set statement_timeout = '60s'");
        await using var writer = new StreamWriter(file, append: true);
        foreach (var question in questions)
        {
            foreach (var (statement, at) in question.Statements.Select((statement, at) => (statement, at)))
            {
                foreach (var mode in Modes)
                {
                    await writer.WriteLineAsync($"-- {question.Name}, statement {at + 1}, {mode}");
                    foreach (var line in await Explain(connection, question, statement, mode)) await writer.WriteLineAsync(line);
                    await writer.WriteLineAsync();
                }
            }
        }
    }

    private static async Task<IEnumerable<string>> Explain(NpgsqlConnection connection, Question question, string statement, string mode)
    {
        await connection.ExecuteAsync($"set plan_cache_mode = {mode}; deallocate all");
        try
        {
            var (sql, values) = question.Literal(statement);
            await connection.ExecuteAsync($"prepare question as {sql}");
            return await connection.QueryAsync<string>($"explain (analyze, buffers) execute question ({string.Join(", ", values)})");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return ["more than a minute"];
        }
    }
}
