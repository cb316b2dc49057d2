using System.Net;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Media;

/// <summary>Bytes through the API, from local disk and from S3.</summary>
[TestFixture("local")]
[TestFixture("s3")]
internal sealed class DeliveringTests(string origin) : PlatformFixture(withWorker: true, new Dictionary<string, string?>(Platform.StoredIn(origin), StringComparer.Ordinal) { ["MEDIA_DELIVERY"] = "local" })
{
    private const string Name = "Ánn 😀, \"draft\".jpg";

    private byte[] photo = null!;
    private Guid id;
    private string link = null!;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        photo = Samples.Photo();
        var uploaded = await Owner.Upload(photo, Name.Replace("\"", "", StringComparison.Ordinal), waitSeconds: 30);
        id = uploaded.Expect(HttpStatusCode.Created).Id;
        link = (await Owner.Get($"/media/{id}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
    }

    [Test]
    public async Task A_link_gives_the_original_without_a_key()
    {
        var fresh = (await Owner.Get($"/media/{id}/content")).Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString;
        var reply = await Platform.Nobody.Get(fresh);

        reply.Expect(HttpStatusCode.OK);
        Assert.That(reply.Bytes, Is.EqualTo(photo));
        Assert.That(reply.ContentHeaders.ContentType!.MediaType, Is.EqualTo("image/jpeg"));
        Assert.That(reply.ContentHeaders.ContentDisposition!.DispositionType, Is.EqualTo("inline"));
        Assert.That(reply.ContentHeaders.ContentDisposition.FileNameStar, Is.EqualTo("Ánn 😀, draft.jpg"));
        Assert.That(reply.Headers.CacheControl!.Private, Is.True);
        Assert.That(reply.Headers.CacheControl.MaxAge, Is.GreaterThan(TimeSpan.FromHours(1) - TimeSpan.FromMinutes(1)));
        Assert.That(reply.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("sandbox"));
        Assert.That(reply.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
    }

    [Test]
    public async Task The_head_of_an_asset_is_that_of_its_answer_without_the_bytes()
    {
        var whole = await Owner.Get($"/media/{id}");
        var head = await Owner.Send(HttpMethod.Head, $"/media/{id}", content: null);

        Assert.That(head.Expect(HttpStatusCode.OK).Bytes, Is.Empty);
        Assert.That(head.Headers.ETag, Is.EqualTo(whole.Headers.ETag));
        Assert.That(head.ContentHeaders.ContentLength, Is.EqualTo(whole.Bytes.Length));
        Assert.That(head.ContentHeaders.ContentType!.MediaType, Is.EqualTo("application/json"));
        (await Owner.Send(HttpMethod.Head, $"/media/{id}", content: null, ("If-None-Match", whole.Headers.ETag!.ToString()))).Expect(HttpStatusCode.NotModified);
        (await Owner.Send(HttpMethod.Head, $"/media/{Guid.NewGuid()}", content: null)).Expect(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task The_redirect_needs_a_key_of_the_tenant()
    {
        (await Platform.Nobody.Get($"/media/{id}/content")).Expect(HttpStatusCode.Unauthorized);
        (await Platform.Stranger.Get($"/media/{id}/content")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
        (await Platform.Stranger.Get($"/media/{id}/variants/thumb")).ExpectProblem(HttpStatusCode.NotFound, "ASSET_NOT_FOUND");
    }

    [Test]
    public async Task A_variant_is_a_link_too([Values("thumb", "preview")] string preset)
    {
        var redirect = await Owner.Get($"/media/{id}/variants/{preset}");
        var reply = await Platform.Nobody.Get(redirect.Expect(HttpStatusCode.Redirect).Headers.Location!.OriginalString);

        reply.Expect(HttpStatusCode.OK);
        Assert.That(reply.ContentHeaders.ContentType!.MediaType, Is.EqualTo("image/jpeg"));
        Assert.That(reply.Bytes.Take(3), Is.EqualTo(new byte[] { 0xFF, 0xD8, 0xFF }));
        var listed = (await Owner.Get($"/media/{id}")).Data["variants"]!.AsArray().Single(variant => variant!["preset"]!.GetValue<string>() == preset)!;
        Assert.That(reply.Bytes, Has.Length.EqualTo(listed["size_bytes"]!.GetValue<long>()));
        (await Platform.Nobody.Get(listed["url"]!.GetValue<string>())).Expect(HttpStatusCode.OK);
    }

    [Test]
    public async Task A_variant_that_is_not_made_does_not_exist() =>
        (await Owner.Get($"/media/{id}/variants/poster")).ExpectProblem(HttpStatusCode.NotFound, "VARIANT_NOT_FOUND");

    [TestCase("bytes=0-99", 0, 100)]
    [TestCase("bytes=1000-1999", 1000, 1000)]
    [TestCase("bytes=-10", -10, 10)]
    public async Task A_range_gives_that_part(string range, int from, int length)
    {
        var reply = await Platform.Nobody.Get(link, ("Range", range));

        reply.Expect(HttpStatusCode.PartialContent);
        var start = from < 0 ? photo.Length + from : from;
        Assert.That(reply.Bytes, Is.EqualTo(photo[start..(start + length)]));
        Assert.That(reply.ContentHeaders.ContentRange!.ToString(), Is.EqualTo($"bytes {start}-{start + length - 1}/{photo.Length}"));
    }

    [Test]
    public async Task A_range_outside_is_not_satisfiable()
    {
        var reply = await Platform.Nobody.Get(link, ("Range", $"bytes={photo.Length}-"));

        reply.Expect(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.That(reply.ContentHeaders.ContentRange!.Length, Is.EqualTo(photo.Length));
    }

    [Test]
    public async Task A_head_gives_the_headers_alone()
    {
        var reply = await Platform.Nobody.Send(HttpMethod.Head, link, content: null);

        reply.Expect(HttpStatusCode.OK);
        Assert.That(reply.ContentHeaders.ContentLength, Is.EqualTo(photo.Length));
        Assert.That(reply.Headers.AcceptRanges, Does.Contain("bytes"));
        Assert.That(reply.Bytes, Is.Empty);
    }

    [Test]
    public async Task What_the_caller_has_already_is_not_sent_again()
    {
        var tag = (await Platform.Nobody.Get(link)).Headers.ETag!.ToString();

        var reply = await Platform.Nobody.Get(link, ("If-None-Match", tag));
        Assert.That(reply.Expect(HttpStatusCode.NotModified).Bytes, Is.Empty);

        var range = await Platform.Nobody.Get(link, ("Range", "bytes=0-9"), ("If-Range", "\"another\""));
        Assert.That(range.Expect(HttpStatusCode.OK).Bytes, Has.Length.EqualTo(photo.Length), "a part of another version would be of no use");
    }

    [Test]
    public async Task The_asset_itself_has_a_tag_too()
    {
        var tag = (await Owner.Get($"/media/{id}")).Headers.ETag!.ToString();

        (await Owner.Get($"/media/{id}", ("If-None-Match", tag))).Expect(HttpStatusCode.NotModified);
    }

    [Test]
    public async Task A_document_is_saved_and_never_shown_on_our_origin()
    {
        var uploaded = await Owner.Upload(Samples.Pdf(), "Vertrag – Ánn.pdf");
        Assert.That(uploaded.Expect(HttpStatusCode.Created).Data["status"]!.GetValue<string>(), Is.EqualTo("ready"));

        var reply = await Platform.Nobody.Get((await Owner.Get($"/media/{uploaded.Id}/content")).Headers.Location!.OriginalString);

        reply.Expect(HttpStatusCode.OK);
        Assert.That(reply.ContentHeaders.ContentDisposition!.DispositionType, Is.EqualTo("attachment"));
        Assert.That(reply.ContentHeaders.ContentDisposition.FileNameStar, Is.EqualTo("Vertrag – Ánn.pdf"));
        Assert.That(reply.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Contain("sandbox"));
    }

    [TestCase("page.jpg", "image/jpeg", "inline")]
    [TestCase("code.gif", "image/gif", "inline")]
    [TestCase("archive.pdf", "application/pdf", "attachment")]
    [TestCase("script.svg", "image/svg+xml", "attachment")]
    [TestCase("shot.dng", "image/x-adobe-dng", "attachment")]
    public async Task A_file_that_is_another_thing_as_well_is_served_as_what_its_first_bytes_are(string name, string type, string disposition)
    {
        byte[] file = name switch
        {
            "page.jpg" => [.. Samples.Jpeg(77), .. "<html><script>alert(1)</script>"u8],
            "code.gif" => [.. "GIF89a/*"u8, .. new byte[20], .. "*/=1;alert(1)"u8],
            "archive.pdf" => [.. Samples.Pdf(78), .. "PK"u8, .. new byte[100]],
            "script.svg" => "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"u8.ToArray(),
            _ => HandMade.Dng(null),
        };
        var uploaded = (await Owner.Upload(file, name)).Expect(HttpStatusCode.Created);

        var reply = await Platform.Nobody.Get((await Owner.Get($"/media/{uploaded.Id}/content")).Headers.Location!.OriginalString);

        reply.Expect(HttpStatusCode.OK);
        Assert.That(reply.ContentHeaders.ContentType!.ToString(), Is.EqualTo(type));
        Assert.That(reply.ContentHeaders.ContentDisposition!.DispositionType, Is.EqualTo(disposition));
        Assert.That(reply.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(reply.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("default-src 'none'").And.Contain("sandbox"));
    }

    [TestCase("/original?", "/original2?")]
    [TestCase("/original?", "/thumb.1.jpg?")]
    [TestCase("/media/", "/media/../media/")]
    [TestCase("/media/", "/media/..%2f..%2fetc%2f")]
    [TestCase("length=", "length=1")]
    [TestCase("type=image", "type=text")]
    [TestCase("expires=", "expires=1")]
    [TestCase("name=", "name=x")]
    [TestCase("key_id=test", "key_id=other")]
    [TestCase("signature=", "signature=A")]
    public async Task A_link_that_was_changed_is_refused(string part, string replacement)
    {
        var changed = link.Replace(part, replacement, StringComparison.Ordinal);
        if (replacement.Contains("/../", StringComparison.Ordinal)) changed = changed.Replace("/../", "/%2e%2e%2f", StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(link));

        var reply = await Platform.Nobody.Get(changed);

        reply.ExpectProblem(HttpStatusCode.Forbidden, "LINK_INVALID");
    }

    [Test]
    public async Task A_link_that_says_something_twice_is_refused() =>
        (await Platform.Nobody.Get(link.Replace("&name=", "&type=", StringComparison.Ordinal))).ExpectProblem(HttpStatusCode.BadRequest, "INVALID_PARAMETER");

    [Test]
    public async Task A_link_without_its_signature_names_what_is_missing()
    {
        var reply = await Platform.Nobody.Get(link[..link.IndexOf("&signature=", StringComparison.Ordinal)]);

        reply.ExpectProblem(HttpStatusCode.BadRequest, "MISSING_PARAMETER");
    }

    [Test]
    public async Task A_link_expires()
    {
        var old = Links.ToGet(KeyOf(link), photo.Length, "image/jpeg", "old.jpg", Store, DateTimeOffset.UtcNow.AddSeconds(-1));

        (await Platform.Nobody.Get(old)).ExpectProblem(HttpStatusCode.Forbidden, "LINK_EXPIRED");
    }

    [Test]
    public async Task A_link_to_bytes_that_are_gone_finds_nothing()
    {
        var lost = Links.ToGet(KeyOf(link) + "-lost", 1, "image/jpeg", name: null, Store, DateTimeOffset.UtcNow.AddHours(1));

        (await Platform.Nobody.Get(lost)).ExpectProblem(HttpStatusCode.NotFound, "FILE_NOT_FOUND");
    }

    private static string KeyOf(string link) => link[LocalLinks.Path.Length..link.IndexOf('?', StringComparison.Ordinal)];

    private string? Store => origin is "local" ? null : origin;

    private LocalLinks Links => Platform.ApiServices.GetRequiredService<LocalLinks>();
}
