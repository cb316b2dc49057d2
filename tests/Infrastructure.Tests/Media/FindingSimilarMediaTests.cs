using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Media;
using MediaPlatform.Infrastructure.Postgres;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaPlatform.Infrastructure.Tests.Media;

/// <summary>What the indexes find, held against a comparison of every hash with every other.</summary>
internal sealed class FindingSimilarMediaTests : DatabaseFixture
{
    private const int Centres = 12;
    private const int Farthest = 12;

    private static readonly Guid Client = Guid.CreateVersion7();

    private readonly Random random = new(64);
    private readonly List<Hashed> hashes = [];
    private NpgsqlDataSource source = null!;

    [OneTimeSetUp]
    public async Task AddHashes()
    {
        source = Database.CreateDataSource(new DatabaseOptions { ConnectionString = ConnectionString }, "tests");
        for (var centre = 0; centre < Centres; centre++)
        {
            // all bits and none as well: the highest makes the number negative
            var hash = centre switch { 0 => 0, 1 => -1, 2 => long.MinValue, _ => random.NextInt64(long.MinValue, long.MaxValue) };
            Add(hash);
            for (var distance = 0; distance <= Farthest; distance++)
            {
                for (var nth = 0; nth < 4; nth++) Add(Differing(hash, distance, evenly: nth % 2 == 0));
            }
        }

        for (var others = 0; others < 3_000; others++) Add(random.NextInt64(long.MinValue, long.MaxValue));
        await Connection.ExecuteAsync(
            $"""
            insert into clients (id, name, slug, created_at, updated_at) values ('{Client}', 'Alike', 'alike', now(), now());
            alter table media_assets disable trigger media_assets_change_log;
            insert into media_assets (
                client_id, id, type, format, mime_type, original_filename, size_bytes, sha256, storage_provider, storage_key, status, source, phash, created_at, created_by_kind, updated_at)
            select '{Client}', id, case when hash % 2 = 0 then 'image' else 'video' end, 'JPEG', 'image/jpeg', 'row.jpg', 1, sha256(uuid_send(id)), 'local', id::text, 'ready', 'upload', hash, now(), 'system', now()
            from unnest(@Ids, @Hashes) as one (id, hash)
            """,
            new { Ids = hashes.Select(one => one.Id).ToArray(), Hashes = hashes.Select(one => one.Hash).ToArray() });
        await Connection.ExecuteAsync("vacuum analyze media_assets");

        void Add(long hash) => hashes.Add(new(Guid.NewGuid(), hash));
    }

    [OneTimeTearDown]
    public async Task Close() => await source.DisposeAsync();

    [Test]
    public async Task Exactly_those_within_the_distance_are_found_nearest_first([Range(0, 11)] int distance)
    {
        foreach (var asked in Asked())
        {
            var found = await Find(asked.Id, distance, limit: 200);

            Assert.That(found, Is.EqualTo(Within(asked, distance)), $"of {asked.Hash:x16}");
        }
    }

    [Test]
    public async Task The_nearest_are_given_where_there_are_more_than_the_limit([Values(1, 3, 10)] int limit)
    {
        foreach (var asked in Asked())
        {
            Assert.That(await Find(asked.Id, distance: 11, limit), Is.EqualTo(Within(asked, 11).Take(limit)));
        }
    }

    [Test]
    public async Task Of_one_type_the_nearest_are_given()
    {
        foreach (var asked in Asked())
        {
            var films = hashes.Where(one => one.Hash % 2 != 0).Select(one => one.Id).ToHashSet();

            Assert.That(await Find(asked.Id, distance: 11, limit: 5, MediaType.Video), Is.EqualTo(Within(asked, 11).Where(one => films.Contains(one.Id)).Take(5)));
        }
    }

    [TestCase("force_generic_plan"), TestCase("force_custom_plan")]
    public async Task Candidates_are_read_from_the_indexes_alone_whatever_the_plan(string mode)
    {
        var sql = (string)typeof(SimilarMediaQuery).GetField("SelectNear", BindingFlags.Static | BindingFlags.NonPublic)!.GetRawConstantValue()!;
        string[] names = ["@Hash", "@Distance", "@Id", "@Type", "@Limit", "@ClientId", "@Words0", "@Words1", "@Words2", "@Words3"];
        for (var at = 0; at < names.Length; at++) sql = Regex.Replace(sql, $@"{names[at]}\b", $"${at + 1}", RegexOptions.None, TimeSpan.FromSeconds(1));
        await Connection.ExecuteAsync($"set plan_cache_mode = {mode}; prepare near(bigint, int, uuid, text, int, uuid, bigint[], bigint[], bigint[], bigint[]) as {sql}");
        var (id, hash) = hashes[5];
        var words = Enumerable.Range(0, HashBands.Count).Select(band => $"'{{{string.Join(',', HashBands.Words(hash, band, 10))}}}'");

        var plan = string.Join('\n', await Connection.QueryAsync<string>($"explain (costs off) execute near({hash}, 10, '{id}', null, 50, '{Client}', {string.Join(", ", words)})"));
        await Connection.ExecuteAsync("deallocate near; reset plan_cache_mode");

        for (var band = 0; band < HashBands.Count; band++) Assert.That(plan, Does.Contain(string.Create(CultureInfo.InvariantCulture, $"Index Only Scan using media_assets_phash_{band}_idx")), plan);
        Assert.That(plan, Does.Not.Contain("Seq Scan"), plan);
    }

    [TestCase(0, new[] { 1, 0, 0, 0 })]
    [TestCase(3, new[] { 1, 1, 1, 1 })]
    [TestCase(8, new[] { 137, 17, 17, 17 })]
    [TestCase(10, new[] { 137, 137, 137, 17 })]
    [TestCase(11, new[] { 137, 137, 137, 137 })]
    public void No_more_words_are_looked_for_than_the_distance_needs(int distance, int[] counts) =>
        Assert.That(Enumerable.Range(0, HashBands.Count).Select(band => HashBands.Words(0x0123_4567_89AB_CDEF, band, distance).Length), Is.EqualTo(counts));

    private IEnumerable<Hashed> Asked() => hashes.Where((_, at) => at % (1 + (4 * (Farthest + 1))) == 0).Take(Centres);

    private IEnumerable<Found> Within(Hashed asked, int distance) => hashes.Where(one => one.Id != asked.Id)
        .Select(one => new Found(one.Id, BitOperations.PopCount((ulong)(one.Hash ^ asked.Hash)))).Where(one => one.Distance <= distance)
        .OrderBy(one => one.Distance).ThenBy(one => one.Id.ToString(), StringComparer.Ordinal);

    private async Task<Found[]> Find(Guid id, int distance, int limit, MediaType? type = null)
    {
        var db = new DbSession(source, new CallContext { Caller = new(Client, ActorKind.System, ActorId: null, Role.Owner, "test") }, new DatabaseOptions(), NullLogger<DbSession>.Instance);
        var found = await new SimilarMediaQuery(db).Handle(new FindSimilarMedia(new(id), distance, limit, type), CancellationToken.None);
        return [.. found.Value.Select(one => new Found(one.Asset.Id, one.Distance))];
    }

    /// <param name="evenly">As many bits in each band as in any other, which is the hardest to find; else anywhere.</param>
    private long Differing(long hash, int bits, bool evenly)
    {
        var changed = 0L;
        for (var band = random.Next(4); BitOperations.PopCount((ulong)changed) < bits;)
        {
            var bit = 1L << (evenly ? (16 * (band % 4)) + random.Next(16) : random.Next(64));
            if ((changed & bit) != 0) continue;
            changed |= bit;
            band++;
        }

        return hash ^ changed;
    }

    private sealed record Hashed(Guid Id, long Hash);

    private sealed record Found(Guid Id, int Distance);
}
