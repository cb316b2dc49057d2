using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using MediaPlatform.Infrastructure.Records;

namespace MediaPlatform.Infrastructure.Tests.Records;

[Parallelizable(ParallelScope.All)]
internal sealed class SealingTests
{
    private const string Place = "guests.business_email/a/b";

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal) { ["k1"] = NewKey(), ["k2"] = NewKey() };

    [Test]
    public void A_text_opens_where_it_was_sealed_and_nowhere_else([Values("", "sarah@example.com", "Zoë 字 \n")] string text)
    {
        var seals = Of("k1");
        var sealedText = seals.Seal(text, Place);

        Assert.That(seals.Open(sealedText, Place), Is.EqualTo(text));
        Assert.That(sealedText, Does.StartWith("k1:").And.Not.Contains("sarah"));
        Assert.Throws<AuthenticationTagMismatchException>(() => seals.Open(sealedText, "guests.business_email/a/c"));
        Assert.That(seals.Seal(text, "guests.business_email/a/c")[3..19], Is.Not.EqualTo(sealedText[3..19]), "no two places share a nonce");
    }

    [Test]
    public void The_same_text_at_the_same_place_is_sealed_the_same_and_another_one_with_another_nonce()
    {
        var (first, second) = (Of("k1").Seal("a", Place), Of("k1").Seal("a", Place));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(Of("k1").Seal("b", Place)[3..19], Is.Not.EqualTo(first[3..19]));
    }

    [Test]
    public void An_older_key_opens_what_it_sealed_until_it_is_taken_away()
    {
        var before = Of("k1").Seal("a", Place);
        Assert.That(Of("k2").Open(before, Place), Is.EqualTo("a"));
        Assert.That(Of("k2").Seal("a", Place), Does.StartWith("k2:"));
        Assert.That(Assert.Throws<CryptographicException>(() => new Seals(new() { KeyId = "k2", Keys = new() { ["k2"] = Keys["k2"] } }).Open(before, Place))!.Message, Does.Contain("'k1'"));
    }

    [Test]
    public void What_was_tampered_with_does_not_open([Values(4, 20, -2)] int at)
    {
        var sealedText = Of("k1").Seal("sarah@example.com", Place).ToCharArray();
        var index = at < 0 ? sealedText.Length + at : at;
        sealedText[index] = sealedText[index] == 'A' ? 'B' : 'A';
        Assert.Throws<AuthenticationTagMismatchException>(() => Of("k1").Open(new string(sealedText), Place));
    }

    [TestCase("", "k1", "Sealing:KeyId is not set")]
    [TestCase("k9", "k1", "Sealing:Keys has no key 'k9'")]
    [TestCase("k:1", "k:1", "has no colon")]
    public void A_wrong_setting_is_told_by_its_name(string keyId, string name, string told)
    {
        var options = new SealingOptions { KeyId = keyId, Keys = new() { [name] = Keys["k1"] } };
        Assert.That(Wrong(options), Has.Some.Contains(told));
        Assert.That(Wrong(new() { KeyId = "k1", Keys = new() { ["k1"] = System.Convert.ToBase64String(new byte[31]) } }), Has.Some.Contains("Sealing:Keys:k1 is not base64 of 32 bytes"));
        Assert.That(Wrong(new() { KeyId = "k1", Keys = Keys }), Is.Empty);
    }

    private static string[] Wrong(SealingOptions options)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), found, validateAllProperties: true);
        return [.. found.Select(result => result.ErrorMessage!), .. options.Validate(new(options)).Select(result => result.ErrorMessage!)];
    }

    private static Seals Of(string keyId) => new(new() { KeyId = keyId, Keys = Keys });

    private static string NewKey() => System.Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
