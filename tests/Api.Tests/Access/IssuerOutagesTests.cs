using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Api.Tests.Access;

/// <summary>Issuers that do not answer, answer nonsense, or are asked too often.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class IssuerOutagesTests
{
    [Test]
    public async Task Without_any_keys_nobody_can_say_and_with_some_it_goes_on()
    {
        await using var issuer = await Issuer.Start();
        issuer.IsDown = true;
        await using var platform = await Platform.Start(overrides: issuer.Settings());
        (await platform.Tenant.Post("/members", new { Email = "ann@example.com", Role = "viewer" })).Expect(HttpStatusCode.Created);

        var down = await By(platform, issuer.IdToken("ann", "ann@example.com")).Get("/media");
        down.ExpectProblem(HttpStatusCode.ServiceUnavailable, "ISSUER_UNAVAILABLE");
        Assert.That(down.Headers.RetryAfter, Is.Not.Null);
        (await platform.Tenant.Get("/media")).Expect(HttpStatusCode.OK);

        issuer.IsDown = false;
        await Eventually.Is("the keys are read", async () => (await By(platform, issuer.IdToken("ann", "ann@example.com")).Get("/media")).Status is HttpStatusCode.OK);

        issuer.IsDown = true;
        (await By(platform, issuer.AccessToken("ann", new() { ["n"] = 1 })).Get("/media")).Expect(HttpStatusCode.OK);

        // a key that could not be read may be a good one
        var rotated = issuer.Publish(SigningKey.NewRsa("rotated"));
        (await By(platform, issuer.AccessToken("ann", key: rotated)).Get("/media")).ExpectProblem(HttpStatusCode.ServiceUnavailable, "ISSUER_UNAVAILABLE");
        (await By(platform, issuer.AccessToken("ann", new() { ["n"] = 2 })).Get("/media")).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task Made_up_keys_do_not_have_the_issuer_asked_each_time()
    {
        await using var issuer = await Issuer.Start();
        var settings = issuer.Settings();
        settings["Oidc:KeysPause"] = "00:30:00";
        await using var platform = await Platform.Start(overrides: settings);

        foreach (var n in Enumerable.Range(0, 5)) (await By(platform, issuer.AccessToken("ann", key: SigningKey.NewEc($"made-up-{n}"))).Get("/media")).Expect(HttpStatusCode.Unauthorized);

        Assert.That(issuer.KeysRead, Is.EqualTo(1));
    }

    [Test]
    public async Task A_token_of_an_issuer_is_not_checked_by_the_key_of_another_that_has_the_same_name()
    {
        await using var first = await Issuer.Start();
        await using var second = await Issuer.Start();
        Assert.That(first.Rsa.Id, Is.EqualTo(second.Rsa.Id));
        var settings = first.Settings();
        foreach (var (name, value) in second.Settings(1)) settings[name] = value;
        await using var platform = await Platform.Start(overrides: settings);
        (await platform.Tenant.Post("/members", new { Email = "ann@example.com", Role = "viewer" })).Expect(HttpStatusCode.Created);

        (await By(platform, first.IdToken("ann", "ann@example.com")).Get("/media")).Expect(HttpStatusCode.OK);
        (await By(platform, second.IdToken("ann", "ann@example.com")).Get("/media")).Expect(HttpStatusCode.OK);
        (await By(platform, second.IdToken("ann", "ann@example.com", key: first.Rsa)).Get("/media")).Expect(HttpStatusCode.Unauthorized);
    }

    [TestCase("Issuer", "", "Oidc:Issuers:0:Issuer must be set")]
    [TestCase("Issuer", "http://issuer.example", "Oidc:Issuers:0:Issuer is no https address")]
    [TestCase("MetadataAddress", "http://issuer.example/document", "Oidc:Issuers:0:MetadataAddress must be an https address")]
    [TestCase("KeysAddress", "http://issuer.example/keys", "Oidc:Issuers:0:KeysAddress must be an https address")]
    [TestCase("ClientIds:0", null, "Oidc:Issuers:0:Audiences or Oidc:Issuers:0:ClientIds must be set")]
    [TestCase("ClientIds:0", " ", "must not have empty entries")]
    [TestCase("ClockSkew", "01:00:00", "Oidc:Issuers:0:ClockSkew must be from 0 to 10 min")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string? value, string sentence)
    {
        await using var platform = await Platform.Start();
        var settings = new Dictionary<string, string?> { ["Oidc:Issuers:0:Issuer"] = "https://issuer.example", ["Oidc:Issuers:0:ClientIds:0"] = "app" };
        if (value is null) settings.Remove("Oidc:Issuers:0:" + setting);
        else settings["Oidc:Issuers:0:" + setting] = value;

        var stopped = await Assert.CatchAsync(() => platform.Restart(settings));
        Assert.That(stopped!.Message, Does.Contain(sentence));
    }

    private static Tenant By(Platform platform, string token) => Tenant.By(platform, token);
}
