using FluentValidation;

namespace MediaPlatform.Application.Production;

/// <summary>Lists of ids in what callers ask for.</summary>
internal static class IdLists
{
    public const int Most = 500;

    /// <summary>1 to 500 ids.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>> SomeIds<T>(this IRuleBuilder<T, IReadOnlyList<Guid>> rule) => rule.Must(ids => ids is { Count: >= 1 and <= Most }).WithMessage($"1 to {Most} ids.");
}
