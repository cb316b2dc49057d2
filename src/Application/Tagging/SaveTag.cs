using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Tagging;

/// <summary>Says of a tag what it is; it need not be in use yet.</summary>
/// <param name="IfMatch">The version that the caller has seen, 0 for none; null for any.</param>
public sealed record SaveTag(string Tag, TagCategory? Category, string? Description, long? IfMatch) : ICommand<Done>;

internal sealed class SaveTagValidator : AbstractValidator<SaveTag>
{
    public SaveTagValidator()
    {
        RuleFor(save => save.Tag).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
        RuleFor(save => save.Description).MaximumLength(2_000);
    }
}

internal sealed class SaveTagHandler(ITags tags) : ICommandHandler<SaveTag, Done>
{
    public async Task<Result<Done>> Handle(SaveTag command, CancellationToken cancellationToken)
    {
        await tags.LockCounts(cancellationToken); // there may be no row to lock
        var tag = (await tags.AsKept([command.Tag], cancellationToken))[0];
        var version = await tags.FindVersionForUpdate(tag, cancellationToken) ?? 0;
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        await tags.Save(tag, command.Category, command.Description, cancellationToken);
        return Done.Instance;
    }
}
