using FluentValidation;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Media;

/// <summary>Makes assets of objects that lie in a bucket already. They stay where they are, and are never written or deleted.</summary>
/// <param name="Items">1 to 500; all are begun, or none.</param>
public sealed record RegisterMedia(IReadOnlyList<RegisteredObject> Items) : ICommand<IReadOnlyList<UploadId>>;

/// <summary>One object.</summary>
/// <param name="Uri"><c>s3://bucket/key</c>, below a prefix that an operator has allowed the client.</param>
/// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
public sealed record RegisteredObject(string Uri, string? MimeType, string? Sha256, OnTrashed OnTrashed, AssetTexts Texts);

internal sealed class RegisterMediaValidator : AbstractValidator<RegisterMedia>
{
    private const int Most = 500;

    public RegisterMediaValidator(IValidator<AssetTexts> texts)
    {
        RuleFor(register => register.Items).NotEmpty().Must(items => items.Count <= Most).WithMessage($"At most {Most} objects at once.");
        RuleForEach(register => register.Items).ChildRules(item =>
        {
            item.RuleFor(one => one.Uri).Must(uri => S3Uri.Parse(uri) is not null).WithMessage("An object is named as s3://bucket/key.");
            item.RuleFor(one => one.MimeType).MimeType();
            item.RuleFor(one => one.Sha256).Sha256();
            item.RuleFor(one => one.Texts).SetValidator(texts).OverridePropertyName("");
        });
    }
}

internal sealed class RegisterMediaHandler(IUploads uploads, IJobs jobs, IMediaStores stores, SessionOfUpload session, MediaOptions options, TimeProvider time)
    : ICommandHandler<RegisterMedia, IReadOnlyList<UploadId>>
{
    public async Task<Result<IReadOnlyList<UploadId>>> Handle(RegisterMedia command, CancellationToken cancellationToken)
    {
        if (stores.ForRegistered is not { } store) return new RegisteringNotPossible();

        var allowed = await uploads.AllowedS3Prefixes(cancellationToken);
        var refused = command.Items
            .Select((item, index) => S3Uri.Parse(item.Uri) is { IsOurs: false } uri && uri.IsBelow(allowed) ? null : new S3PrefixNotAllowed($"items[{index}].uri"))
            .OfType<Error>().ToArray();
        if (refused.Length > 0) return refused;

        if (!await uploads.HasRoomFor(command.Items.Count, options.MaxOpenUploadsPerClient, cancellationToken)) return new TooManyUploads(options.MaxOpenUploadsPerClient);

        var begun = new List<UploadId>();
        foreach (var item in command.Items)
        {
            if (await session.Refused(item.Texts.SessionId, sender: null, cancellationToken) is { } refusedItem) return refusedItem;
            var uri = S3Uri.Parse(item.Uri)!;
            var upload = new NewUpload(
                new(Guid.CreateVersion7()), UploadKind.Registered, FileName.From(uri.Key).Value, item.MimeType, item.OnTrashed, store.Provider, uri.ToString(),
                time.GetUtcNow() + options.UploadExpiry)
            {
                Status = UploadStatus.Received, DeclaredSha256 = Hashes.Parse(item.Sha256), Texts = item.Texts with { Tags = Tags.Normalise(item.Texts.Tags) },
            };
            await uploads.Add(upload, cancellationToken);
            await jobs.Enqueue(MediaJobs.Verify(upload.Id), cancellationToken);
            begun.Add(upload.Id);
        }

        return begun;
    }
}
