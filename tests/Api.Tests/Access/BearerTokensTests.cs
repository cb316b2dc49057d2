using System.Net;
using System.Text;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

/// <summary>Tokens that let in, and all those that must not.</summary>
internal sealed class BearerTokensTests : PlatformFixture
{
    private Issuer issuer = null!;
    private const string Ann = "ann-1";

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        var settings = issuer.Settings();
        settings["RateLimits:FailureBurst"] = "100000";
        return await Platform.Start(overrides: settings);
    }

    [OneTimeSetUp]
    public async Task LetAnnIn()
    {
        (await Owner.Post("/members", new { Email = "ann@example.com", Role = "editor" })).Expect(HttpStatusCode.Created);
        var first = await By(issuer.IdToken(Ann, "ann@example.com")).Get("/media");
        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), first.Text + string.Join("\n", Platform.Logs));
    }

    [Test]
    public async Task An_access_token_of_RS256_lets_in() => (await By(issuer.AccessToken(Ann)).Get("/media")).Expect(HttpStatusCode.OK);

    [Test]
    public async Task An_access_token_of_ES256_lets_in() => (await By(issuer.AccessToken(Ann, key: issuer.Ec)).Get("/media")).Expect(HttpStatusCode.OK);

    [Test]
    public async Task A_token_for_this_API_by_its_audience_lets_in() => (await By(issuer.ApiToken(Ann)).Get("/media")).Expect(HttpStatusCode.OK);

    [Test]
    public async Task A_clock_that_is_a_little_off_does_not_matter() =>
        (await By(issuer.AccessToken(Ann, new() { ["nbf"] = Issuer.In(TimeSpan.FromSeconds(3)) })).Get("/media")).Expect(HttpStatusCode.OK);

    [Test]
    public async Task A_key_that_is_rotated_in_is_found()
    {
        var key = SigningKey.NewRsa("rotated-" + Guid.NewGuid());
        (await By(issuer.AccessToken(Ann, key: key)).Get("/media")).Expect(HttpStatusCode.Unauthorized);

        issuer.Publish(key);
        (await By(issuer.AccessToken(Ann, key: key)).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Every_other_token_has_the_same_answer()
    {
        var good = issuer.AccessToken(Ann).Split('.');
        var foreign = SigningKey.NewRsa("rsa-1");
        var tokens = new Dictionary<string, string>
        {
            ["expired"] = issuer.AccessToken(Ann, new() { ["exp"] = Issuer.In(TimeSpan.FromMinutes(-1)) }),
            ["without an end"] = issuer.AccessToken(Ann, new() { ["exp"] = null }),
            ["not yet valid"] = issuer.AccessToken(Ann, new() { ["nbf"] = Issuer.In(TimeSpan.FromMinutes(1)) }),
            ["of another issuer"] = issuer.AccessToken(Ann, new() { ["iss"] = "https://evil.example" }),
            ["of an issuer that is nearly the same"] = issuer.AccessToken(Ann, new() { ["iss"] = issuer.Name + "/" }),
            ["without an issuer"] = issuer.AccessToken(Ann, new() { ["iss"] = null }),
            ["for another application"] = issuer.AccessToken(Ann, new() { ["client_id"] = "another" }),
            ["for no application"] = issuer.AccessToken(Ann, new() { ["client_id"] = null }),
            ["access for another audience"] = issuer.AccessToken(Ann, new() { ["aud"] = "https://other.example" }),
            ["id for another application"] = issuer.IdToken(Ann, "ann@example.com", claims: new() { ["aud"] = "another" }),
            ["id that has client_id instead of aud"] = issuer.IdToken(Ann, "ann@example.com", claims: new() { ["aud"] = null, ["client_id"] = Issuer.ClientId }),
            ["for another audience"] = issuer.ApiToken(Ann, new() { ["aud"] = "https://other.example" }),
            ["for this audience by another application"] = issuer.ApiToken(Ann, new() { ["azp"] = "another" }),
            ["of another use"] = issuer.AccessToken(Ann, new() { ["token_use"] = "refresh" }),
            ["of a use that is no text"] = issuer.ApiToken(Ann, new() { ["token_use"] = 1 }),
            ["without a subject"] = issuer.AccessToken("", new() { ["sub"] = null }),
            ["with an endless subject"] = issuer.AccessToken(new string('x', 256)),
            ["signed by a key of somebody else under this key's name"] = issuer.AccessToken(Ann, key: foreign),
            ["signed by an unknown key"] = issuer.AccessToken(Ann, key: SigningKey.NewRsa("unknown")),
            ["RS256 under the name of the EC key"] = issuer.AccessToken(Ann, key: issuer.Rsa.As("ec-1")),
            ["unsigned"] = issuer.AccessToken(Ann, key: SigningKey.OfNobody("rsa-1")),
            ["unsigned in capitals"] = SigningKey.OfNobody("rsa-1").Sign(new { iss = issuer.Name, sub = Ann, exp = Issuer.In(TimeSpan.FromHours(1)), token_use = "access", client_id = Issuer.ClientId }, new() { ["alg"] = "NONE" }),
            ["signed by HMAC with the public key"] = issuer.AccessToken(Ann, key: SigningKey.OfHmac("rsa-1", issuer.Rsa.PublicPem)),
            ["of a stronger hash than is taken"] = issuer.Rsa.Sign(new { iss = issuer.Name, sub = Ann, exp = Issuer.In(TimeSpan.FromHours(1)) }, new() { ["alg"] = "RS512" }),
            ["that demands an extension"] = issuer.Rsa.Sign(Claims(), new() { ["crit"] = new[] { "b64" }, ["b64"] = false }),
            ["of another type"] = issuer.Rsa.Sign(Claims(), new() { ["typ"] = "logout+jwt" }),
            ["tampered"] = $"{good[0]}.{SigningKey.Part(new { iss = issuer.Name, sub = "bea-1", exp = Issuer.In(TimeSpan.FromHours(1)), token_use = "access", client_id = Issuer.ClientId })}.{good[2]}",
            ["without its signature"] = $"{good[0]}.{good[1]}.",
            ["with half a signature"] = $"{good[0]}.{good[1]}.{good[2][..40]}",
            ["of two parts"] = $"{good[0]}.{good[1]}",
            ["encrypted"] = $"{SigningKey.Part(new { alg = "RSA-OAEP", enc = "A256GCM", kid = "rsa-1" })}.AAAA.AAAA.AAAA.AAAA",
            ["compressed and encrypted for nobody"] = $"{SigningKey.Part(new { alg = "dir", enc = "A256GCM", zip = "DEF" })}..AAAA.AAAA.AAAA",
            ["too long"] = issuer.AccessToken(Ann, new() { ["padding"] = new string('x', 17 * 1024) }),
            ["empty"] = "",
            ["no token"] = "mp_no.token.here",
            ["with a field twice"] = Twice(),
        };

        var answers = new List<string>();
        foreach (var (what, token) in tokens)
        {
            var reply = await By(token).Get("/media");
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Unauthorized), $"{what}: {reply.Text}");
            Assert.That(reply.Headers.WwwAuthenticate.ToString(), Does.Contain("Bearer error=\"invalid_token\""), what);
            answers.Add(Wording(reply));
        }

        var unknownKey = await new Tenant(Platform, Guid.Empty, "mp_" + new string('x', 43)).Get("/media");
        Assert.That(answers.Append(Wording(unknownKey)).Append(Wording(await Platform.Nobody.Get("/media"))).Distinct(), Has.Exactly(1).Items);
        foreach (var line in Platform.Logs) Assert.That(tokens.Values.Where(token => token.Length > 20), Has.None.Matches<string>(token => line.Contains(token!, StringComparison.Ordinal)), "a token is in the log");
        Assert.That(Platform.Logs.Count(line => line.Contains("A bearer token was refused", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(tokens.Count));

        Dictionary<string, object> Claims() => new() { ["iss"] = issuer.Name, ["sub"] = Ann, ["exp"] = Issuer.In(TimeSpan.FromHours(1)), ["token_use"] = "access", ["client_id"] = Issuer.ClientId };

        // the control: but for what is wrong with them, these let in
        (await By(issuer.Rsa.Sign(Claims())).Get("/media")).Expect(HttpStatusCode.OK);
        (await By(issuer.Rsa.Sign(Claims(), new() { ["typ"] = "at+jwt" })).Get("/media")).Expect(HttpStatusCode.OK);
        (await By(issuer.Rsa.Sign(Claims(), new() { ["typ"] = null })).Get("/media")).Expect(HttpStatusCode.OK);

        string Twice()
        {
            var header = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""{"alg":"none","alg":"RS256","kid":"rsa-1"}"""));
            return $"{header}.{good[1]}.{good[2]}";
        }
    }

    [Test]
    public async Task Two_credentials_at_once_are_refused()
    {
        var both = await Owner.Get("/media", ("Authorization", "Bearer " + issuer.AccessToken(Ann)));
        both.ExpectProblem(HttpStatusCode.BadRequest, "TWO_CREDENTIALS");

        // one of a proxy's own is none of ours
        (await Owner.Get("/media", ("Authorization", "Basic dTpw"))).Expect(HttpStatusCode.OK);
    }

    private static string Wording(Reply reply)
    {
        var problem = reply.Json.AsObject();
        problem.Remove("request_id");
        return problem.ToJsonString();
    }

    private Tenant By(string token) => Tenant.By(Platform, token);
}
