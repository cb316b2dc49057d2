using FluentValidation;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Media;

/// <summary>Has the worker fetch a file from the internet.</summary>
/// <param name="FileName">As it is to be called; what the server calls it, when null.</param>
/// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
public sealed record FetchMedia(string Url, string? FileName, string? MimeType, string? Sha256, OnTrashed OnTrashed, AssetTexts Texts) : ICommand<UploadId>;

internal sealed class FetchMediaValidator : AbstractValidator<FetchMedia>
{
    public FetchMediaValidator(IValidator<AssetTexts> texts)
    {
        RuleFor(fetch => fetch.FileName).Length(1, 1_000);
        RuleFor(fetch => fetch.MimeType).MimeType();
        RuleFor(fetch => fetch.Sha256).Sha256();
        RuleFor(fetch => fetch.Texts).SetValidator(texts).OverridePropertyName("");
    }
}

internal sealed class FetchMediaHandler(IUploads uploads, IJobs jobs, NewUploads newUploads, IUrlFetcher fetcher, SessionOfUpload session, MediaOptions options)
    : ICommandHandler<FetchMedia, UploadId>
{
    public async Task<Result<UploadId>> Handle(FetchMedia command, CancellationToken cancellationToken)
    {
        var url = fetcher.Read(command.Url);
        if (!url.Succeeded) return url.As<UploadId>();
        if (!await uploads.HasRoomFor(1, options.MaxOpenUploadsPerClient, cancellationToken)) return new TooManyUploads(options.MaxOpenUploadsPerClient);

        if (await session.Refused(command.Texts.SessionId, sender: null, cancellationToken) is { } refused) return refused;
        var upload = newUploads.Of(UploadKind.Url, command.FileName, command.MimeType, command.OnTrashed) with
        {
            Status = UploadStatus.Received, DeclaredSha256 = Hashes.Parse(command.Sha256), SourceUrl = url.Value.AbsoluteUri,
            Texts = command.Texts with { Tags = Tags.Normalise(command.Texts.Tags) },
        };
        await uploads.Add(upload, cancellationToken);
        await jobs.Enqueue(MediaJobs.Verify(upload.Id), cancellationToken);
        return upload.Id;
    }
}
