using FluentValidation;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Media;

/// <summary>Which of these files the client has already, so that they need not be sent.</summary>
/// <param name="Hashes">SHA-256 as hexadecimal, 1 to 1,000.</param>
public sealed record CheckHashes(IReadOnlyList<string> Hashes) : IQuery<IReadOnlyList<CheckedHash>>;

/// <summary>What is known of one hash.</summary>
/// <param name="AssetId">Null when the client has no such file.</param>
/// <param name="InTrash">Whether that asset lies in the trash.</param>
public sealed record CheckedHash(string Sha256, Guid? AssetId, bool InTrash);

internal sealed class CheckHashesValidator : AbstractValidator<CheckHashes>
{
    private const int Most = 1_000;

    public CheckHashesValidator()
    {
        RuleFor(check => check.Hashes).NotEmpty().Must(hashes => hashes.Count <= Most).WithMessage($"At most {Most} hashes at once.");
        RuleForEach(check => check.Hashes).Must(hash => hash is not null && Domain.Media.Hashes.IsSha256(hash)).WithMessage(Domain.Media.Hashes.Expected);
    }
}
