using Dapper;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Library;

/// <summary>Nothing that anything refers to is evicted: whoever adds a reference to assets says so in <c>asset_is_in_use</c>.</summary>
internal sealed class ReferringToAssetsTests : DatabaseFixture
{
    // What belongs to the asset itself and goes with it.
    private static readonly string[] Parts = ["library_items", "media_variants"];

    [Test]
    public async Task Every_reference_to_an_asset_keeps_it_from_eviction()
    {
        var referring = await Connection.QueryAsync<string>("select distinct conrelid::regclass::text from pg_constraint where contype = 'f' and confrelid = 'media_assets'::regclass and conparentid = 0");
        var looked = (await Connection.ExecuteScalarAsync<string>("select pg_get_functiondef('asset_is_in_use'::regproc)"))!;

        var missing = referring.Except(Parts).Where(table => !looked.Contains($"from {table} ", StringComparison.Ordinal)).ToList();

        Assert.That(referring, Has.Member("media_attachments"));
        Assert.That(missing, Is.Empty);
    }
}
