using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Media;

/// <summary>Begins an upload whose bytes a client sends to the storage itself, in one go or in parts.</summary>
/// <param name="SizeBytes">All of them.</param>
/// <param name="Sha256">As hexadecimal, when it is known; checked.</param>
public sealed record BeginUpload(string FileName, long SizeBytes, string? MimeType, string? Sha256, OnTrashed OnTrashed, AssetTexts Texts) : IOperation<UploadId>;

internal sealed class BeginUploadValidator : AbstractValidator<BeginUpload>
{
    public BeginUploadValidator(IValidator<AssetTexts> texts)
    {
        RuleFor(upload => upload.FileName).NotEmpty().MaximumLength(1_000);
        RuleFor(upload => upload.SizeBytes).GreaterThan(0);
        RuleFor(upload => upload.MimeType).MimeType();
        RuleFor(upload => upload.Sha256).Sha256();
        RuleFor(upload => upload.Texts).SetValidator(texts).OverridePropertyName("");
    }
}

internal sealed class BeginUploadHandler(ITransactions transactions, IUploads uploads, NewUploads newUploads, IMediaStores stores, SessionOfUpload session, MediaOptions options, CallContext context)
    : IOperationHandler<BeginUpload, UploadId>
{
    public async Task<Result<UploadId>> Handle(BeginUpload command, CancellationToken cancellationToken)
    {
        if (command.SizeBytes > options.MaxFileBytes) return new UploadTooLarge(options.MaxFileBytes, "size_bytes");

        PartLayout? layout = command.SizeBytes > options.PartsAboveBytes ? PartLayout.For(command.SizeBytes, options.PartBytes) : null;
        var upload = newUploads.Of(layout is null ? UploadKind.Presigned : UploadKind.Multipart, command.FileName, command.MimeType, command.OnTrashed) with
        {
            DeclaredSize = command.SizeBytes, DeclaredSha256 = Hashes.Parse(command.Sha256), PartBytes = layout?.PartBytes,
            Texts = command.Texts with { Tags = Tags.Normalise(command.Texts.Tags) },
        };

        // The row is first: whatever the storage begins then belongs to an upload, which expires.
        var refused = await transactions.Run(
            async Task<Error?> (ct) =>
            {
                if (context.Caller.Kind is ActorKind.Guest && !await uploads.CallerHasRoomFor(1, options.MaxOpenUploadsPerGuest, ct)) return new TooManyUploadsOfGuest(options.MaxOpenUploadsPerGuest);
                if (!await uploads.HasRoomFor(1, options.MaxOpenUploadsPerClient, ct)) return new TooManyUploads(options.MaxOpenUploadsPerClient);
                if (await session.Refused(command.Texts.SessionId, sender: null, ct) is { } refused) return refused;
                await uploads.Add(upload, ct);
                return null;
            },
            cancellationToken);
        if (refused is not null) return refused;
        if (layout is null) return upload.Id;

        try
        {
            var multipartId = await stores.Origin.BeginParts(upload.StorageKey, upload.SentType, layout.Value, cancellationToken);
            await transactions.Run(ct => uploads.SaveMultipart(upload.Id, multipartId, ct), cancellationToken);
            return upload.Id;
        }
        catch (StorageException exception)
        {
            await transactions.Run(ct => uploads.Reject(upload.Id, UploadStatus.Rejected, exception.Reason, ct), CancellationToken.None);
            return exception.Reason;
        }
    }
}
