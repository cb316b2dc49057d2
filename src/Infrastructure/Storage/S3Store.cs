using System.Buffers;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.S3.Model;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Media;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Infrastructure.Storage;

/// <summary>Media in a bucket of an S3-compatible store.</summary>
internal sealed class S3Store : IMediaStore, IDisposable
{
    /// <summary>What is held in memory of a stream whose length nobody knows; so much more than 5 MiB that 10,000 parts are 78 GiB.</summary>
    private const int PartBytes = 8 << 20;

    private const int AtATime = 8;
    private static readonly TimeSpan VersioningTrustedFor = TimeSpan.FromMinutes(10);

    private readonly S3Options options;
    private readonly IScratchSpace scratch;
    private readonly TimeProvider time;
    private readonly AmazonS3Client s3;
    private readonly S3Presigner presigner;
    private DateTimeOffset versionedSince = DateTimeOffset.MinValue;

    public S3Store(string provider, S3Options options, IScratchSpace scratch, TimeProvider time)
    {
        Provider = provider;
        this.options = options;
        this.scratch = scratch;
        this.time = time;
        var credentials = options.AccessKey.Length > 0
            ? new BasicAWSCredentials(options.AccessKey, options.SecretKey)
            : DefaultAWSCredentialsIdentityResolver.GetCredentials();
        presigner = new(options, credentials);
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region, ForcePathStyle = options.PathStyle, Timeout = options.Timeout, MaxErrorRetry = options.MaxRetries,
            RetryMode = RequestRetryMode.Standard,
        };
        if (options.ServiceUrl.Length > 0) config.ServiceURL = options.ServiceUrl;
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        s3 = new(credentials, config);
    }

    public string Provider { get; }

    public void Dispose() => s3.Dispose();

    public async Task Put(string key, Stream content, string mimeType, CancellationToken cancellationToken)
    {
        EnsureOurs(key);
        var buffer = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, cancellationToken);
            if (read < PartBytes) await PutWhole(key, buffer, read, mimeType, cancellationToken);
            else await PutParts(key, content, buffer, mimeType, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task<Stream?> Open(string key, CancellationToken cancellationToken)
    {
        var place = Locate(key);
        var found = await Ask(() => FindObject(place, cancellationToken));
        return found is null ? null : new S3ReadStream(place, found.ContentLength, found.ETag, options.Timeout, Read);
    }

    public async Task<long?> Head(string key, CancellationToken cancellationToken)
    {
        var place = Locate(key);
        return (await Ask(() => FindObject(place, cancellationToken)))?.ContentLength;
    }

    public async Task<string?> Pin(S3Uri address, CancellationToken cancellationToken)
    {
        var found = await Ask(() => FindObject(address, cancellationToken));
        return found is null ? null : (address with { ETag = found.ETag, Version = found.VersionId is { Length: > 0 } and not "null" ? found.VersionId : null }).StorageKey;
    }

    public async IAsyncEnumerable<StoredObject> List(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await Ask(() => s3.ListObjectsV2Async(request, cancellationToken));
            foreach (var found in page.S3Objects ?? []) yield return new(found.Key, found.Size ?? 0, found.LastModified ?? DateTimeOffset.MinValue);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public Task Delete(string key, CancellationToken cancellationToken) => Ask(async () =>
    {
        EnsureOurs(key);
        var whole = key.EndsWith('/');
        await foreach (var upload in Unfinished(key, cancellationToken))
        {
            if (whole || upload.Key == key) await Abort(upload.Key, upload.UploadId, cancellationToken);
        }

        var gone = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Versions(key, cancellationToken), gone, async (version, ct) =>
        {
            if (whole || version.Key == key) await Remove(version.Key, version.Version, ct);
        });
        return true;
    });

    public async Task<LocalFile?> OpenFile(string key, CancellationToken cancellationToken)
    {
        await using var source = await Open(key, cancellationToken);
        if (source is null) return null;

        var folder = scratch.Create($"object-{Guid.NewGuid():n}");
        if (new DriveInfo(folder.Folder).AvailableFreeSpace < source.Length)
        {
            folder.Dispose();
            throw new OutageException(MediaFaults.NoRoom, $"Media:ScratchRoot has no room for {source.Length} bytes.");
        }

        try
        {
            var path = Path.Combine(folder.Folder, "object");
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous))
                await source.CopyToAsync(file, 1 << 17, cancellationToken);
            return new LocalFile(path, folder.Dispose);
        }
        catch (Exception exception)
        {
            folder.Dispose();
            if (exception is IOException && LocalDisk.IsNoSpace(exception)) throw new OutageException(MediaFaults.NoRoom, exception.Message, exception);
            throw;
        }
    }

    public UploadTarget SignPut(string key, long length, string mimeType, DateTimeOffset expires)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-length"] = length.ToString(CultureInfo.InvariantCulture), ["content-type"] = mimeType,
        };
        if (options.ServerSideEncryption.Length > 0) headers["x-amz-server-side-encryption"] = options.ServerSideEncryption;
        if (options.KmsKeyId.Length > 0) headers["x-amz-server-side-encryption-aws-kms-key-id"] = options.KmsKeyId;
        return Target(key, [], headers, expires);
    }

    public async Task<string> BeginParts(string key, string mimeType, PartLayout layout, CancellationToken cancellationToken) =>
        (await Ask(() => Begin(key, mimeType, cancellationToken))).UploadId;

    public UploadTarget SignPart(string key, string multipartId, int number, PartLayout layout, DateTimeOffset expires) => Target(
        key,
        [new("partNumber", number.ToString(CultureInfo.InvariantCulture)), new("uploadId", multipartId)],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["content-length"] = layout.LengthOf(number).ToString(CultureInfo.InvariantCulture) },
        expires);

    public Task<IReadOnlyList<StoredPart>?> ListParts(string key, string multipartId, CancellationToken cancellationToken) => Ask<IReadOnlyList<StoredPart>?>(async () =>
    {
        var parts = new List<StoredPart>();
        var request = new ListPartsRequest { BucketName = options.Bucket, Key = key, UploadId = multipartId };
        try
        {
            ListPartsResponse page;
            do
            {
                page = await s3.ListPartsAsync(request, cancellationToken);
                parts.AddRange((page.Parts ?? []).Select(part => new StoredPart(part.PartNumber ?? 0, part.Size ?? 0, part.ETag)));
                request.PartNumberMarker = page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
            }
            while (page.IsTruncated == true);
            return parts;
        }
        catch (AmazonS3Exception exception) when (IsGone(exception))
        {
            return null;
        }
    });

    public Task CompleteParts(string key, string multipartId, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken) => Ask(async () =>
    {
        try
        {
            await Complete(key, multipartId, parts, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "InvalidPart")
        {
            throw new PartBusyException("A part was sent again meanwhile.", exception);
        }
        catch (AmazonS3Exception exception) when (IsGone(exception))
        {
            return true;
        }
    });

    public Task RemoveLeftovers(TimeSpan olderThan, CancellationToken cancellationToken) => Ask(async () =>
    {
        var since = time.GetUtcNow() - olderThan;
        await foreach (var upload in Unfinished("", cancellationToken))
        {
            if (upload.Initiated < since && StorageKeys.IsOurs(upload.Key)) await Abort(upload.Key, upload.UploadId, cancellationToken);
        }

        return true;
    });

    public async Task<string?> Check(CancellationToken cancellationToken)
    {
        try
        {
            await s3.HeadBucketAsync(new HeadBucketRequest { BucketName = options.Bucket }, cancellationToken);
            var now = time.GetUtcNow();
            if (!options.Versioned || now - versionedSince < VersioningTrustedFor) return null;

            var versioning = await s3.GetBucketVersioningAsync(options.Bucket, cancellationToken);
            if (versioning.VersioningConfig?.Status != VersionStatus.Enabled) return "The bucket keeps no versions; the worker's command prepare-storage lets it.";
            versionedSince = now;
            return null;
        }
        catch (AmazonServiceException exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            return "The bucket does not exist; the worker's command prepare-storage makes it.";
        }
        catch (AmazonServiceException exception) when (exception.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            return "The store refuses the access key.";
        }
        catch (Exception exception) when (IsOutage(exception, cancellationToken))
        {
            return "The store cannot be reached.";
        }
    }

    /// <summary>Makes the bucket where there is none, and lets it keep versions where it should.</summary>
    /// <exception cref="StorageException">The store refuses, or cannot be reached.</exception>
    public Task Prepare(CancellationToken cancellationToken) => Ask(async () =>
    {
        try
        {
            await s3.PutBucketAsync(new PutBucketRequest { BucketName = options.Bucket, UseClientRegion = true }, cancellationToken);
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode is "BucketAlreadyOwnedByYou" || exception.StatusCode is HttpStatusCode.Forbidden)
        {
            await s3.HeadBucketAsync(new HeadBucketRequest { BucketName = options.Bucket }, cancellationToken); // who may not make one may have been given one
        }

        if (options.Versioned)
        {
            await s3.PutBucketVersioningAsync(
                new PutBucketVersioningRequest { BucketName = options.Bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } }, cancellationToken);
        }

        return true;
    });

    /// <summary>A link to read an object, the same for as long as <paramref name="signedAt"/> is.</summary>
    public string SignGet(string key, string mimeType, string disposition, DateTimeOffset signedAt, TimeSpan lifetime)
    {
        var place = Locate(key);
        List<KeyValuePair<string, string>> query = [new("response-content-disposition", disposition), new("response-content-type", mimeType)];
        if (place.Version is not null) query.Add(new("versionId", place.Version));
        return presigner.Sign("GET", place.Bucket, place.Key, query, new Dictionary<string, string>(StringComparer.Ordinal), signedAt, lifetime);
    }

    /// <summary>A key of ours in our bucket, or a registered object where it lies.</summary>
    private S3Uri Locate(string key) => S3Uri.OfKey(key) ?? new(options.Bucket, key);

    private static void EnsureOurs(string key)
    {
        if (key.StartsWith(S3Uri.Scheme, StringComparison.Ordinal)) throw new ArgumentException("A registered object is read and nothing else.", nameof(key));
    }

    private UploadTarget Target(string key, IReadOnlyList<KeyValuePair<string, string>> query, Dictionary<string, string> headers, DateTimeOffset expires)
    {
        var now = time.GetUtcNow();
        return new("PUT", presigner.Sign("PUT", options.Bucket, key, query, headers, now, expires - now), headers, expires);
    }

    private Task<PutObjectResponse> PutWhole(string key, byte[] buffer, int length, string mimeType, CancellationToken cancellationToken) => Ask(() => s3.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = options.Bucket, Key = key, ContentType = mimeType, InputStream = new MemoryStream(buffer, 0, length, writable: false), AutoCloseStream = true,
            ServerSideEncryptionMethod = Encryption, ServerSideEncryptionKeyManagementServiceKeyId = KmsKey,
        },
        cancellationToken));

    private async Task PutParts(string key, Stream content, byte[] buffer, string mimeType, CancellationToken cancellationToken)
    {
        var begun = await Ask(() => Begin(key, mimeType, cancellationToken));
        try
        {
            var parts = new List<StoredPart>();
            for (var read = PartBytes; read > 0; read = await content.ReadAtLeastAsync(buffer.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, cancellationToken))
            {
                var (number, length) = (parts.Count + 1, read);
                var part = await Ask(() => s3.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = options.Bucket, Key = key, UploadId = begun.UploadId, PartNumber = number, PartSize = length,
                        InputStream = new MemoryStream(buffer, 0, length, writable: false),
                    },
                    cancellationToken));
                parts.Add(new(number, length, part.ETag));
                if (length < PartBytes) break;
            }

            await Ask(() => Complete(key, begun.UploadId, parts, cancellationToken));
        }
        catch
        {
            await TryAbort(key, begun.UploadId);
            throw;
        }
    }

    private Task<InitiateMultipartUploadResponse> Begin(string key, string mimeType, CancellationToken cancellationToken) => s3.InitiateMultipartUploadAsync(
        new InitiateMultipartUploadRequest
        {
            BucketName = options.Bucket, Key = key, ContentType = mimeType, ServerSideEncryptionMethod = Encryption, ServerSideEncryptionKeyManagementServiceKeyId = KmsKey,
        },
        cancellationToken);

    private Task<CompleteMultipartUploadResponse> Complete(string key, string multipartId, IReadOnlyList<StoredPart> parts, CancellationToken cancellationToken) =>
        s3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = options.Bucket, Key = key, UploadId = multipartId, PartETags = [.. parts.Select(part => new PartETag(part.Number, part.Tag))],
            },
            cancellationToken);

    private async Task Remove(string key, string? version, CancellationToken cancellationToken)
    {
        try
        {
            await s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = key, VersionId = version }, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            // somebody else has just done so; there are stores that do not take that for done
        }
    }

    private async Task Abort(string key, string multipartId, CancellationToken cancellationToken)
    {
        try
        {
            await s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = multipartId }, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (IsGone(exception))
        {
            // somebody else has just done so
        }
    }

    private async Task TryAbort(string key, string multipartId)
    {
        try
        {
            await Abort(key, multipartId, CancellationToken.None);
        }
        catch (Exception exception) when (IsOutage(exception, CancellationToken.None))
        {
            // the store is away; RemoveLeftovers finds it when it is back
        }
    }

    private async Task<GetObjectMetadataResponse?> FindObject(S3Uri place, CancellationToken cancellationToken)
    {
        try
        {
            return await s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = place.Bucket, Key = place.Key, VersionId = place.Version, EtagToMatch = place.ETag }, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode is HttpStatusCode.PreconditionFailed)
        {
            throw new ObjectChangedException(exception);
        }
        catch (AmazonS3Exception exception) when (place.Bucket != options.Bucket && exception.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.MovedPermanently or HttpStatusCode.BadRequest)
        {
            return null; // in somebody's bucket: what may not be read is not there for us
        }
    }

    /// <summary>The bytes of one object from a place on, or a fault when the key has others by now.</summary>
    private Task<GetObjectResponse> Read(S3Uri place, string etag, long from, long to, CancellationToken cancellationToken) => Ask(async () =>
    {
        try
        {
            return await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = place.Bucket, Key = place.Key, VersionId = place.Version, EtagToMatch = etag, ByteRange = new ByteRange(from, to) }, cancellationToken);
        }
        catch (AmazonS3Exception exception) when (place.ETag is not null && exception.StatusCode is HttpStatusCode.PreconditionFailed)
        {
            throw new ObjectChangedException(exception);
        }
    });

    private async IAsyncEnumerable<(string Key, string? Version)> Versions(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!options.Versioned)
        {
            await foreach (var found in List(prefix, cancellationToken)) yield return (found.Key, null);
            yield break;
        }

        var request = new ListVersionsRequest { BucketName = options.Bucket, Prefix = prefix };
        ListVersionsResponse page;
        do
        {
            page = await s3.ListVersionsAsync(request, cancellationToken);
            foreach (var version in page.Versions ?? []) yield return (version.Key, version.VersionId);
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
        while (page.IsTruncated == true);
    }

    private async IAsyncEnumerable<MultipartUpload> Unfinished(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = prefix };
        ListMultipartUploadsResponse page;
        do
        {
            page = await s3.ListMultipartUploadsAsync(request, cancellationToken);
            foreach (var upload in page.MultipartUploads ?? []) yield return upload;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        while (page.IsTruncated == true);
    }

    private ServerSideEncryptionMethod? Encryption =>
        options.ServerSideEncryption.Length > 0 ? ServerSideEncryptionMethod.FindValue(options.ServerSideEncryption) : null;

    private string? KmsKey => options.KmsKeyId.Length > 0 ? options.KmsKeyId : null;

    /// <summary>Makes an outage of whatever the store or the way to it does wrong.</summary>
    private static async Task<T> Ask<T>(Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode is "QuotaExceeded" or "InsufficientStorage" or "XMinioStorageFull" || exception.StatusCode is HttpStatusCode.InsufficientStorage)
        {
            throw new StorageException($"The store is full: {exception.ErrorCode}.", exception, isFull: true);
        }
        catch (Exception exception) when (exception is not PartBusyException && IsOutage(exception, CancellationToken.None))
        {
            throw new StorageException($"The store does not work: {(exception as AmazonServiceException)?.ErrorCode ?? exception.GetType().Name}.", exception);
        }
    }

    /// <summary>A cancellation that nobody here asked for is the client's own time limit.</summary>
    private static bool IsOutage(Exception exception, CancellationToken cancellationToken) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or WebException
        || (exception is OperationCanceledException { InnerException: TimeoutException } && !cancellationToken.IsCancellationRequested);

    private static bool IsGone(AmazonS3Exception exception) => exception.ErrorCode is "NoSuchUpload" || exception.StatusCode is HttpStatusCode.NotFound;
}
