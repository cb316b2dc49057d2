using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain.Audit;

namespace MediaPlatform.Application.Audit;

/// <summary>The next events after a cursor, in the order of their transactions; whoever follows the cursors gets each event once.</summary>
/// <param name="After">The cursor of the page before; <c>now</c> for what comes from now on; null for the oldest that is kept.</param>
/// <param name="Types">Such as <c>media_asset.insert</c> or <c>media_asset.*</c>; none means all.</param>
/// <param name="Wait">How long to wait for the first, when there is none.</param>
public sealed record ReadEvents(string? After, int Limit, IReadOnlyList<string> Types, TimeSpan Wait) : IQuery<Page<EventDetails>>
{
    /// <summary>From now on.</summary>
    public const string Now = "now";

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
}

/// <summary>That something changed. It tells which fields, not their values: those are read where they stand, by whoever may.</summary>
/// <param name="Id">Of the change, as in the audit.</param>
/// <param name="Type">Entity and operation: media_asset.insert.</param>
/// <param name="ActorKind">user, key, guest, job or system; database for a write that came past the platform.</param>
/// <param name="ActorId">The user, key, guest or job; null for the platform itself.</param>
/// <param name="ChangedFields">Of an insert all that were set, of a delete all that there were.</param>
public sealed record EventDetails(
    Guid Id, string Type, DateTimeOffset OccurredAt, string Entity, Guid EntityId, string Operation, string ActorKind, Guid? ActorId, string? RequestId,
    string[] ChangedFields);

internal sealed class ReadEventsValidator : AbstractValidator<ReadEvents>
{
    public ReadEventsValidator()
    {
        RuleFor(read => read.Limit).InclusiveBetween(1, ListRequest.MaxLimit);
        RuleFor(read => read.Wait).InclusiveBetween(TimeSpan.Zero, ReadEvents.MaxWait).WithMessage($"wait is 0 to {ReadEvents.MaxWait.TotalSeconds} seconds.");
        RuleFor(read => read.Types).Must(types => types.Count <= EventTypes.MaxCount).WithMessage($"At most {EventTypes.MaxCount} types.");
    }
}
