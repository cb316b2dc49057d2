using FluentValidation;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>What every way in asks of what is declared.</summary>
internal static class UploadRules
{
    /// <summary>A MIME type as it can stand in a header, or none.</summary>
    public static IRuleBuilderOptions<T, string?> MimeType<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(MediaGate.IsMimeType).WithMessage("A type is such as image/jpeg, in ASCII, of at most 255 characters.");

    /// <summary>A hash as hexadecimal, or none.</summary>
    public static IRuleBuilderOptions<T, string?> Sha256<T>(this IRuleBuilder<T, string?> rule) => rule.Must(Hashes.IsSha256).WithMessage(Hashes.Expected);
}
