using System.Text;
using FluentValidation;

namespace MediaPlatform.Application.Production;

internal static class ProperNames
{
    private const int MaxLength = 200;

    /// <summary>A name by which somebody or something is found again: 1 to 200 characters, without blanks around it.</summary>
    public static IRuleBuilderOptions<T, string> ProperName<T>(this IRuleBuilder<T, string> rule) => rule
        .NotEmpty().MaximumLength(MaxLength).Must(name => name is null || name.Trim() == name).WithMessage("A name has no blanks around it.")
        .Must(name => name is null or "" || IsSeen(name)).WithMessage("A name is one line with a letter, a digit or a symbol in it.");

    private static bool IsSeen(string name) => name.EnumerateRunes().Any(rune => Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune)) && !name.EnumerateRunes().Any(Rune.IsControl);
}
