using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaPlatform.Application.Media;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MediaPlatform.Infrastructure.Tests.Fetching;

internal sealed class FetchingOverTlsTests
{
    private readonly X509Certificate2 root = Issue("A root for tests", issuer: null);

    [OneTimeTearDown]
    public void Forget() => root.Dispose();

    [Test]
    public async Task A_file_comes_over_TLS_from_a_server_that_is_trusted()
    {
        using var certificate = Issue("127.0.0.1", root);
        await using var site = await Site.Start(app => app.MapGet("/a.jpg", () => "bytes"), certificate);

        using var fetcher = site.Fetcher(new() { Root = root });
        await using var file = await fetcher.Open(site.At("/a.jpg", scheme: "https"), default);
        Assert.That(file.FileName, Is.EqualTo("a.jpg"));
    }

    [Test]
    public async Task A_server_that_nobody_vouches_for_is_refused_for_good()
    {
        using var certificate = Issue("127.0.0.1", root);
        await using var site = await Site.Start(app => app.MapGet("/a.jpg", () => "bytes"), certificate);

        using var fetcher = site.Fetcher();
        var refused = (await Assert.ThrowsAsync<UrlFetchException>(() => fetcher.Open(site.At("/a.jpg", scheme: "https"), default)))!;
        Assert.That((refused.Error.Code, refused.Retryable), Is.EqualTo(("URL_UNREACHABLE", false)));
        Assert.That(site.Asked, Is.Empty);
    }

    [Test]
    public async Task A_certificate_of_another_name_is_refused()
    {
        using var certificate = Issue("127.0.0.3", root);
        await using var site = await Site.Start(app => app.MapGet("/a.jpg", () => "bytes"), certificate);

        using var fetcher = site.Fetcher(new() { Root = root });
        Assert.That(async () => await fetcher.Open(site.At("/a.jpg", scheme: "https"), default), Throws.InstanceOf<UrlFetchException>());
    }

    [Test]
    public async Task A_redirect_from_https_to_http_is_refused()
    {
        using var certificate = Issue("127.0.0.1", root);
        await using var plain = await Site.Start(app => app.MapGet("/a.jpg", () => "bytes"));
        await using var site = await Site.Start(app => app.MapGet("/a.jpg", () => Results.Redirect(plain.At("/a.jpg").ToString())), certificate);

        using var fetcher = Site.Closed(new() { Root = root, Ports = [site.Port, plain.Port], AllowedNetworks = ["127.0.0.1/32"] });
        var refused = (await Assert.ThrowsAsync<UrlFetchException>(() => fetcher.Open(site.At("/a.jpg", scheme: "https"), default)))!;
        Assert.That(refused.Error.Code, Is.EqualTo("URL_DOWNGRADED"));
        Assert.That(plain.Asked, Is.Empty);
    }

    [Test]
    public async Task A_certificate_sends_us_nowhere()
    {
        await using var inside = await Site.Start(app => app.MapGet("/issuer.crt", () => Results.NotFound()));
        using var unknown = Issue("An issuer that nobody has", issuer: null);
        using var certificate = Issue("127.0.0.1", unknown, issuerAt: inside.At("/issuer.crt").ToString());
        await using var site = await Site.Start(app => app.MapGet("/a.jpg", () => "bytes"), certificate);

        using var fetcher = site.Fetcher();
        inside.Asked.Clear(); // the server itself has asked there, for what it sends along
        Assert.That(async () => await fetcher.Open(site.At("/a.jpg", scheme: "https"), default), Throws.InstanceOf<UrlFetchException>());
        Assert.That(inside.Asked, Is.Empty);
    }

    private static X509Certificate2 Issue(string name, X509Certificate2? issuer, string? issuerAt = null)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, critical: true));
        if (IPAddress.TryParse(name, out var address))
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        if (issuerAt is not null) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerAt]));
        var (from, to) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        if (issuer is null) return request.CreateSelfSigned(from, to);

        using var bare = request.Create(issuer, from, to.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
        using var whole = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), password: null); // SslStream wants its key in the store's form
    }
}
