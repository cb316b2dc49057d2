using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;
using MediaPlatform.Infrastructure.Storage;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaPlatform.Infrastructure.Tests.Storage;

/// <summary>A bucket that keeps versions, and one that keeps none, as R2's.</summary>
[TestFixture(true)]
[TestFixture(false)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class S3StoreTests : MediaStoreContract, IDisposable
{
    private const string Disposition = "attachment; filename=\"x y.png\"";
    private static readonly HttpClient Client = new();

    private readonly string scratch = Directory.CreateTempSubdirectory("mediaplatform-s3-").FullName;
    private readonly S3Options options;
    private readonly S3Store store;
    private readonly AmazonS3Client s3;

    public S3StoreTests(bool versioned)
    {
        options = OptionsOf($"test-{Guid.NewGuid():n}") with { Versioned = versioned };
        store = StoreOf(options);
        s3 = new(options.AccessKey, options.SecretKey, new AmazonS3Config { ServiceURL = options.ServiceUrl, ForcePathStyle = true, AuthenticationRegion = options.Region });
    }

    protected override IMediaStore Store => store;

    [SetUp]
    public Task MakeBucket() => store.Prepare(CancellationToken.None);

    public void Dispose()
    {
        store.Dispose();
        s3.Dispose();
        Directory.Delete(scratch, recursive: true);
    }

    protected override async Task<IReadOnlyList<string>> Everything()
    {
        var versions = await s3.ListVersionsAsync(new ListVersionsRequest { BucketName = options.Bucket });
        var unfinished = await s3.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = options.Bucket });
        return
        [
            .. (versions.Versions ?? []).Select(version => $"{version.Key}?{version.VersionId}{(version.IsDeleteMarker == true ? " deleted" : "")}"),
            .. (unfinished.MultipartUploads ?? []).Select(upload => $"{upload.Key}?uploadId={upload.UploadId}"),
            .. Directory.EnumerateFiles(scratch, "*", SearchOption.AllDirectories),
        ];
    }

    protected override async Task<bool> Send(UploadTarget target, string key, byte[] bytes) => (await Answer(target, bytes)).StatusCode is HttpStatusCode.OK;

    protected override async Task<bool> SendPart(UploadTarget target, string key, string multipartId, int number, byte[] bytes) =>
        (await Answer(target, bytes)).StatusCode is HttpStatusCode.OK;

    [Test]
    public async Task A_link_takes_no_other_length_type_key_or_time()
    {
        var target = store.SignPut("a", 5000, Type, DateTimeOffset.UtcNow.AddHours(1));

        Assert.That((await Answer(target, Bytes(5001))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Answer(target with { Headers = new Dictionary<string, string> { ["content-type"] = "text/html" } }, Bytes(5000))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Answer(target with { Url = target.Url.Replace("/a?", "/b?", StringComparison.Ordinal) }, Bytes(5000))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Answer(target with { Url = target.Url.Replace("X-Amz-Expires=3", "X-Amz-Expires=9", StringComparison.Ordinal) }, Bytes(5000))).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Answer(store.SignPut("a", 5000, Type, DateTimeOffset.UtcNow.AddSeconds(-5)), Bytes(5000))).StatusCode, Is.Not.EqualTo(HttpStatusCode.OK));
        Assert.That(await Everything(), Is.Empty);
    }

    [TestCase("plain")]
    [TestCase("a b+c%d&e=f/é/日本.jpg")]
    public async Task A_link_to_read_gives_the_bytes_as_it_says_and_is_the_same_for_a_while(string key)
    {
        await store.Put(key, new MemoryStream(Bytes(5000)), Type, CancellationToken.None);
        var signedAt = DateTimeOffset.UtcNow.AddMinutes(-30);

        var link = store.SignGet(key, "image/png", Disposition, signedAt, TimeSpan.FromHours(1));

        Assert.That(store.SignGet(key, "image/png", Disposition, signedAt, TimeSpan.FromHours(1)), Is.EqualTo(link));
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = new(1000, 1999);
        using var answer = await Client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.PartialContent));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(Bytes(5000)[1000..2000]));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("image/png"));
        Assert.That(answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'), Is.EqualTo("x y.png"));
        Assert.That((await Client.GetAsync(store.SignGet(key, "image/png", "inline", signedAt, TimeSpan.FromMinutes(29)))).StatusCode, Is.Not.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_store_that_refuses_or_is_away_is_an_outage_that_says_so()
    {
        using var nowhere = StoreOf(options with { ServiceUrl = "http://127.0.0.1:9", MaxRetries = 0, Timeout = TimeSpan.FromSeconds(2) });
        using var locked = StoreOf(options with { SecretKey = "wrong", MaxRetries = 0 });
        using var lacking = StoreOf(options with { Bucket = "there-is-none", MaxRetries = 0 });
        foreach (var away in new[] { nowhere, locked, lacking })
        {
            foreach (var ask in new Func<Task>[]
            {
                () => away.Put("a", new MemoryStream([1]), Type, CancellationToken.None),
                () => away.BeginParts("a", Type, new PartLayout(6 << 20, 5 << 20), CancellationToken.None),
                () => away.Delete("a", CancellationToken.None),
            })
                Assert.That((await Assert.ThrowsAsync<StorageException>(async () => await ask()))!.IsFull, Is.False);
        }

        await Assert.ThrowsAsync<StorageException>(async () => await nowhere.Open("a", CancellationToken.None));
        Assert.That(await nowhere.Check(CancellationToken.None), Is.EqualTo("The store cannot be reached."));
        Assert.That(await locked.Check(CancellationToken.None), Is.EqualTo("The store refuses the access key."));
        Assert.That(await lacking.Check(CancellationToken.None), Is.EqualTo("The bucket does not exist; the worker's command prepare-storage makes it."));
    }

    [Test]
    public async Task A_store_that_says_nothing_more_in_the_middle_is_an_outage()
    {
        await using var stalling = await OtherServer.Start(app => app.Run(async context =>
        {
            context.Response.Headers.ETag = "\"1\"";
            context.Response.ContentLength = 100_000;
            if (HttpMethods.IsHead(context.Request.Method)) return;
            await context.Response.Body.WriteAsync(new byte[1000]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));
        using var away = StoreOf(options with { ServiceUrl = stalling.Urls.First(), Timeout = TimeSpan.FromSeconds(1) });
        await using var stream = (await away.Open("a", CancellationToken.None))!;

        await Assert.ThrowsAsync<StorageException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Test]
    public async Task Encryption_at_rest_is_asked_for_in_every_way()
    {
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var noting = await OtherServer.Start(app => app.Run(context =>
        {
            var headers = context.Request.Headers;
            asked.Enqueue($"{context.Request.Method} {headers["x-amz-server-side-encryption"]} {headers["x-amz-server-side-encryption-aws-kms-key-id"]}");
            context.Response.Headers.ETag = "\"1\"";
            return HttpMethods.IsPost(context.Request.Method)
                ? context.Response.WriteAsync("<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>")
                : Task.CompletedTask;
        }));
        using var encrypting = StoreOf(options with { ServiceUrl = noting.Urls.First(), ServerSideEncryption = "aws:kms", KmsKeyId = "key-1" });

        await encrypting.Put("a", new MemoryStream([1]), Type, CancellationToken.None);
        await encrypting.BeginParts("a", Type, new PartLayout(6 << 20, 5 << 20), CancellationToken.None);
        var target = encrypting.SignPut("a", 1, Type, DateTimeOffset.UtcNow.AddHours(1));

        Assert.That(asked, Is.EqualTo(new[] { "PUT aws:kms key-1", "POST aws:kms key-1" }));
        Assert.That(target.Headers["x-amz-server-side-encryption"], Is.EqualTo("aws:kms"));
        Assert.That(target.Headers["x-amz-server-side-encryption-aws-kms-key-id"], Is.EqualTo("key-1"));
        Assert.That(Uri.UnescapeDataString(target.Url), Does.Contain("X-Amz-SignedHeaders=content-length;content-type;host;x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id"));
    }

    [Test]
    public async Task A_bucket_that_keeps_no_versions_is_not_ready_until_it_does()
    {
        await s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = options.Bucket, VersioningConfig = new() { Status = VersionStatus.Suspended } });
        Assert.That(await store.Check(CancellationToken.None), options.Versioned ? Does.StartWith("The bucket keeps no versions") : Is.Null);

        await store.Prepare(CancellationToken.None);
        Assert.That(await store.Check(CancellationToken.None), Is.Null);
        var versioning = await s3.GetBucketVersioningAsync(options.Bucket);
        Assert.That(versioning.VersioningConfig?.Status == VersionStatus.Enabled, Is.EqualTo(options.Versioned));
    }

    [Test]
    public async Task Parts_of_writers_that_died_go_when_they_are_old()
    {
        await store.BeginParts(StorageKeys.Original(Guid.NewGuid(), new(Guid.NewGuid())), Type, new PartLayout(6 << 20, 5 << 20), CancellationToken.None);

        await store.RemoveLeftovers(TimeSpan.FromDays(1), CancellationToken.None);
        Assert.That(await Everything(), Has.Count.EqualTo(1));
        await store.RemoveLeftovers(TimeSpan.FromDays(-1), CancellationToken.None);
        Assert.That(await Everything(), Is.Empty);
    }

    [TestCase("backup/film.mov")]
    [TestCase("media/aa/original")]
    [TestCase("0190bebe000070008000000000000002/film.mov")]
    [TestCase("renditions/of/somebody/else")]
    public async Task Parts_that_others_send_to_the_bucket_are_theirs(string key)
    {
        await store.BeginParts(key, Type, new PartLayout(6 << 20, 5 << 20), CancellationToken.None);

        await store.RemoveLeftovers(TimeSpan.FromDays(-1), CancellationToken.None);

        Assert.That(await Everything(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_pinned_object_is_the_one_that_it_was_or_none()
    {
        await store.Put("history/a.jpg", new MemoryStream(Bytes(5000)), Type, CancellationToken.None);
        var pinned = (await store.Pin(new(options.Bucket, "history/a.jpg"), CancellationToken.None))!;
        await using var open = (await store.Open(pinned, CancellationToken.None))!;
        var link = store.SignGet(pinned, Type, "inline", DateTimeOffset.UtcNow, TimeSpan.FromHours(1));

        await store.Put("history/a.jpg", new MemoryStream(new byte[5000]), Type, CancellationToken.None); // its owner exchanges it

        Assert.That(await store.Pin(new(options.Bucket, "history/none.jpg"), CancellationToken.None), Is.Null);
        if (options.Versioned)
        {
            Assert.That(await ReadAll(open), Is.EqualTo(Bytes(5000)), "the version that was looked at is there still");
            Assert.That(await ReadAll((await store.Open(pinned, CancellationToken.None))!), Is.EqualTo(Bytes(5000)));
            Assert.That(await Client.GetByteArrayAsync(link), Is.EqualTo(Bytes(5000)));
        }
        else
        {
            await Assert.ThrowsAsync<ObjectChangedException>(() => ReadAll(open));
            await Assert.ThrowsAsync<ObjectChangedException>(() => store.Open(pinned, CancellationToken.None));
            await Assert.ThrowsAsync<ObjectChangedException>(() => store.OpenFile(pinned, CancellationToken.None));
        }
    }

    [Test]
    public async Task A_registered_object_is_read_where_it_lies_and_never_deleted()
    {
        await store.Put("history/é 1.jpg", new MemoryStream(Bytes(5000)), Type, CancellationToken.None);
        var key = $"s3://{options.Bucket}/history/é 1.jpg";

        Assert.That(await store.Head(key, CancellationToken.None), Is.EqualTo(5000));
        using (var file = (await store.OpenFile(key, CancellationToken.None))!) Assert.That(await File.ReadAllBytesAsync(file.Path), Is.EqualTo(Bytes(5000)));
        await Assert.ThrowsAsync<ArgumentException>(() => store.Delete(key, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.Put(key, new MemoryStream([1]), Type, CancellationToken.None));
        Assert.That(await Everything(), Has.Count.EqualTo(1));
    }

    private static async Task<HttpResponseMessage> Answer(UploadTarget target, byte[] bytes)
    {
        using var request = new HttpRequestMessage(new HttpMethod(target.Method), target.Url) { Content = new ByteArrayContent(bytes) };
        foreach (var (name, value) in target.Headers)
        {
            if (name is "content-length") continue;
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    private S3Store StoreOf(S3Options of) => new("s3", of, new ScratchSpace(new MediaOptions { ScratchRoot = scratch }, NullLogger<ScratchSpace>.Instance), TimeProvider.System);

    private static S3Options OptionsOf(string bucket) =>
        new ConfigurationBuilder().AddInMemoryCollection(TestServers.S3Settings(bucket)).Build().GetSection("S3").Get<S3Options>()!;
}
