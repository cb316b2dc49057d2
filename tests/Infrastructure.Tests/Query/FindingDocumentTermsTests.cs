using Dapper;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Infrastructure.Tests.Query;

/// <summary>The numbers of places and values in documents, by which what is worn is found.</summary>
internal sealed class FindingDocumentTermsTests : DatabaseFixture
{
    private static readonly Guid Client = Guid.CreateVersion7();

    [TestCase("""{"shoes": {"color": "nude"}}""", """["shoes", "color", "nude"]""", ExpectedResult = true)]
    [TestCase("""{"shoes": {"color": "nude"}}""", """["color", "nude"]""", ExpectedResult = false)]
    [TestCase("""{"shoes": {"color": "nude"}}""", """["shoes", "color", "nud"]""", ExpectedResult = false)]
    [TestCase("""{"shoes.color": "nude"}""", """["shoes", "color", "nude"]""", ExpectedResult = false)]
    [TestCase("""{"shoes": "color"}""", """["shoes", "color", "nude"]""", ExpectedResult = false)]
    [TestCase("""{"shoes": [{"color": "red"}, {"color": "nude"}]}""", """["shoes", "color", "nude"]""", ExpectedResult = true, Description = "in a list of objects")]
    [TestCase("""{"shoes": [[{"color": "nude"}]]}""", """["shoes", "color", "nude"]""", ExpectedResult = false)]
    [TestCase("""{"a": [{"b": {"c": 1}}]}""", """["a", "b", "c", 1]""", ExpectedResult = false, Description = "a list before the last name alone")]
    [TestCase("""{"a": {"b": [{"c": 1}]}}""", """["a", "b", "c", 1]""", ExpectedResult = true)]
    [TestCase("""{"a": [{"b": [{"c": 1}]}]}""", """["a", "b", "c", 1]""", ExpectedResult = false)]
    [TestCase("""{"a": [{"b": ["x"]}]}""", """["a", "b", null, "x"]""", ExpectedResult = true)]
    [TestCase("""{"other": ["scarf", "hat"]}""", """["other", null, "hat"]""", ExpectedResult = true)]
    [TestCase("""{"other": ["scarf", "hat"]}""", """["other", "hat"]""", ExpectedResult = false, Description = "a list is not one of its values")]
    [TestCase("""{"other": "hat"}""", """["other", null, "hat"]""", ExpectedResult = false)]
    [TestCase("""{"other": [["hat"]]}""", """["other", null, "hat"]""", ExpectedResult = false)]
    [TestCase("""{"height": 4}""", """["height", 4.0]""", ExpectedResult = true)]
    [TestCase("""{"height": 4.00}""", """["height", 4]""", ExpectedResult = true)]
    [TestCase("""{"heights": [4.00]}""", """["heights", null, 4]""", ExpectedResult = true)]
    [TestCase("""{"height": 1e3}""", """["height", 1000]""", ExpectedResult = true)]
    [TestCase("""{"height": "4"}""", """["height", 4]""", ExpectedResult = false)]
    [TestCase("""{"worn": true}""", """["worn", true]""", ExpectedResult = true)]
    [TestCase("""{"worn": true}""", """["worn", "true"]""", ExpectedResult = false)]
    [TestCase("{\"color\": \"ros\u00e9\"}", "[\"color\", \"rose\u0301\"]", ExpectedResult = true)]
    [TestCase("{\"cafe\u0301\": 1}", "[\"caf\u00e9\", 1]", ExpectedResult = true)]
    [TestCase("""{"color": null}""", """["color", null]""", ExpectedResult = false)]
    [TestCase("""{"": {"a\"b": "\u005c"}}""", """["", "a\u0022b", "\\"]""", ExpectedResult = true)]
    [TestCase("{}", """["color", "nude"]""", ExpectedResult = false)]
    public async Task<bool> A_place_and_its_value_are_found_where_they_stand(string document, string place) => await Connection.QuerySingleAsync<bool>(
        "select worn_terms(@client, @document::jsonb, '[]') && array[document_term(@client, @place::jsonb)] and worn_terms(@client, '{}', jsonb_build_array('{}'::jsonb, @document::jsonb)) && array[document_term(@client, @place::jsonb)]",
        new { document, place, client = Client });

    [Test]
    public async Task Each_number_stands_once_and_in_order() => Assert.That(
        await Connection.QuerySingleAsync<bool>("""
            select worn_terms(@client, '{"a": 1, "b": 2, "c": {"a": 1}}', '[{"a": 1}, {"b": 3}]')
                = array(select document_term(@client, place) from unnest(array['["a", 1]', '["b", 2]', '["c", "a", 1]', '["b", 3]']::jsonb[]) place order by 1)
            """, new { client = Client }));

    [Test]
    public async Task A_place_of_another_client_is_another() => Assert.That(
        await Connection.QuerySingleAsync<bool>("select worn_terms(@client, '{\"a\": 1}', '[]') && worn_terms(@other, '{\"a\": 1}', '[]')", new { client = Client, other = Guid.CreateVersion7() }), Is.False);
}
