using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Media;

namespace MediaPlatform.Application.Media;

/// <summary>Says what the client may register, and read with the platform's credentials from then on; for operators alone.</summary>
/// <param name="Prefixes">All of them: addresses such as <c>s3://bucket/folder/</c>; none forbids registering.</param>
public sealed record AllowRegistering(IReadOnlyList<string> Prefixes) : ICommand<Done>;

internal sealed class AllowRegisteringValidator : AbstractValidator<AllowRegistering>
{
    public AllowRegisteringValidator() =>
        RuleForEach(allow => allow.Prefixes)
            .Must(prefix => prefix.EndsWith('/') && S3Uri.Parse(prefix + "any") is not null)
            .WithMessage((_, prefix) => $"'{prefix}' is no prefix; it is s3://bucket/ or s3://bucket/folder/, with the slash at its end, so that it allows no neighbour.");
}

internal sealed class AllowRegisteringHandler(IUploads uploads) : ICommandHandler<AllowRegistering, Done>
{
    public async Task<Result<Done>> Handle(AllowRegistering command, CancellationToken cancellationToken)
    {
        await uploads.SaveAllowedS3Prefixes(command.Prefixes, cancellationToken);
        return Done.Instance;
    }
}
