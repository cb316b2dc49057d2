using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Library;

/// <summary>Notes that assets are used, now: what was used longest ago is evicted first.</summary>
public sealed record MarkUsed(IReadOnlyList<Guid> AssetIds) : ICommand<int>;

internal sealed class MarkUsedValidator : AbstractValidator<MarkUsed>
{
    public MarkUsedValidator() => RuleFor(used => used.AssetIds).Must(ids => ids.Count is > 0 and <= 500).WithMessage("1 to 500 ids.");
}

internal sealed class MarkUsedHandler(ILibrary library) : ICommandHandler<MarkUsed, int>
{
    public async Task<Result<int>> Handle(MarkUsed command, CancellationToken cancellationToken) => await library.MarkUsed(command.AssetIds, cancellationToken);
}
