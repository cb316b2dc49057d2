using Dapper;
using MediaPlatform.Application.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Infrastructure.Tests.Postgres;

internal sealed class BecomingReadyTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_process_that_was_there_before_the_schema_reads_its_types_when_it_is_ready(bool wasAskedBefore)
    {
        var database = await TestServers.CreateEmptyDatabase();
        try
        {
            await using var source = Database.CreateDataSource(new DatabaseOptions { ConnectionString = database }, "tests");
            var readiness = new DatabaseReadiness(source);
            await using (await source.OpenConnectionAsync())
            {
                // it knows the types that there are
            }

            if (wasAskedBefore) Assert.That(await readiness.Check(CancellationToken.None), Does.Contain("schema is empty"));
            await new Migrator(database, NullLogger.Instance).Up(CancellationToken.None);

            Assert.That(await readiness.Check(CancellationToken.None), Is.Null);

            await using var connection = await source.OpenConnectionAsync();
            var row = await connection.QuerySingleAsync<Row>("select array[row('thumbnail', 'thumb', 1, 'jpeg', 'image/jpeg', 400, 300, 12345678901, 'local', 'a/b')::rendition] as renditions");
            Assert.That(row.Renditions, Is.EqualTo(new[] { new VariantDetails("thumbnail", "thumb", 1, "jpeg", "image/jpeg", 400, 300, 12_345_678_901, "local", "a/b") }));
        }
        finally
        {
            await TestServers.DropDatabase(database);
        }
    }

    private sealed record Row(VariantDetails[] Renditions);
}
