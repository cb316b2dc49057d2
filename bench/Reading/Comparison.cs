namespace MediaPlatform.Bench.Reading;

/// <summary>The API as it is deployed, key, envelope and ETag included, against pgbench running the very SQL that the API runs, on the same number of connections, in turns.</summary>
internal sealed record Comparison(double Api, double PgBench, double Ratio)
{
    private const int Rounds = 5;

    public static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    public static async Task<Comparison> Of(BenchPlatform platform, Uri address, Question question, CancellationToken cancellationToken)
    {
        var lua = platform.PathOf($"{question.Name}.lua");
        await File.WriteAllTextAsync(lua, question.Lua(platform.Key.Text), cancellationToken);
        var sql = platform.PathOf($"{question.Name}.sql");
        await File.WriteAllTextAsync(sql, question.PgBenchScript, cancellationToken);

        for (var asked = 0.0; asked < question.WarmUp;) asked += Turn.TotalSeconds * await Load.Wrk(address, lua, Turn, cancellationToken); // compiles what is hot
        await Load.PgBench(platform, sql, question.Variables, Turn, cancellationToken);
        List<(double Api, double PgBench)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var pgbench = await Load.PgBench(platform, sql, question.Variables, Turn, cancellationToken);
            rounds.Add((await Load.Wrk(address, lua, Turn, cancellationToken), pgbench));
        }

        return new(
            Measurement.Median(rounds.Select(round => round.Api)), Measurement.Median(rounds.Select(round => round.PgBench)),
            Measurement.Median(rounds.Select(round => round.Api / round.PgBench)));
    }

    public Measurement Against(string name, double? bar) =>
        new(name, Ratio, bar is { } least ? Bar.AtLeast(least) : null, $"{Api:N0} requests/s, {PgBench:N0} transactions/s; {Load.Connections} connections each, medians of {Rounds} rounds");
}
