using FluentValidation;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Application.Episodes;

/// <summary>A number that is free.</summary>
/// <param name="Season">As it was asked for, or the last that the show has; null where it has none.</param>
/// <param name="EpisodeNumber">One after the last of the season.</param>
public sealed record NextEpisodeNumber(Guid ShowId, int? Season, int EpisodeNumber);

/// <summary>Suggests the number of a show's next episode. It is not reserved: whoever writes it first has it.</summary>
/// <param name="Season">Null is the last that the show has.</param>
public sealed record SuggestEpisodeNumber(Guid ShowId, int? Season) : IQuery<NextEpisodeNumber>;

internal sealed class SuggestEpisodeNumberValidator : AbstractValidator<SuggestEpisodeNumber>
{
    public SuggestEpisodeNumberValidator() => RuleFor(query => query.Season).InclusiveBetween(0, 10_000);
}

/// <summary>One date of an episode's production.</summary>
/// <param name="Kind">filming, edit_deadline, publish or release.</param>
/// <param name="IsOver">Past, with the episode not as far as that: a filming date of a draft, a deadline or a publish date of what is not published.</param>
public sealed record ScheduledDate(DateOnly Date, string Kind, bool IsOver, Guid EpisodeId, string Title, int? Season, int? EpisodeNumber, string Status, Guid ShowId, string ShowTitle);

/// <summary>What is due between two days, both included, across shows; of one day in the order of production.</summary>
/// <param name="ShowId">Null is all shows.</param>
public sealed record GetSchedule(DateOnly From, DateOnly To, Guid? ShowId) : IQuery<ScheduledDate[]>
{
    /// <summary>The most that one answer has.</summary>
    public const int Most = 1_000;
}

internal sealed class GetScheduleValidator : AbstractValidator<GetSchedule>
{
    public GetScheduleValidator()
    {
        RuleFor(query => query.To).GreaterThanOrEqualTo(query => query.From).WithMessage("The last day is not before the first.");
        RuleFor(query => query.To).Must((query, to) => to.DayNumber - query.From.DayNumber < 366).WithMessage("At most 366 days.");
    }
}
