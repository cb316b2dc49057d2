using MediaPlatform.Application.Access;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>The one way in which it is written whom one credit means. Locks its set, the people concerned, and then the credit, as all do who resolve credits; a merge moves those of people whom it has locked.</summary>
internal sealed class CreditWriter(IRecords<SetFields> sets, IRecords<PersonFields> people, ICredits credits, CallContext context)
{
    /// <summary>Writes that it means nobody.</summary>
    public Task<Result<Done>> Leave(Guid id, long? ifMatch, Func<Credit, Result<Credit>> move, CancellationToken cancellationToken) => Write<Done>(
        id,
        ifMatch,
        target: null,
        static () => Task.FromResult<Result<Guid?>>((Guid?)null),
        (credit, _) => move(credit),
        static (_, _) => Task.FromResult<Result<Done>>(Done.Instance),
        cancellationToken);

    /// <param name="target">Whom it will mean, where that is somebody who is there.</param>
    /// <param name="person">The same, open, or made by now; null for nobody.</param>
    /// <param name="move">From what is known of it to what will be.</param>
    /// <param name="then">What follows in the same transaction.</param>
    public async Task<Result<T>> Write<T>(
        Guid id, long? ifMatch, Guid? target, Func<Task<Result<Guid?>>> person, Func<Credit, Guid?, Result<Credit>> move, Func<Credit, Guid?, Task<Result<T>>> then, CancellationToken cancellationToken)
    {
        if (await credits.Find(id, cancellationToken) is not { } found) return new CreditNotFound(id);
        var set = await sets.Open(found.SetId, ifMatch: null, context.Caller.Role, cancellationToken);
        if (!set.Succeeded) return set.Errors[0] is RecordNotFound ? new CreditNotFound(id) : set.As<T>();
        var seen = (await credits.Find(id, cancellationToken))!; // whom it means by now: nobody else resolves one of this set
        foreach (var concerned in new[] { seen.PersonId, target }.OfType<Guid>().Distinct().Order()) await people.FindForUpdate(concerned, cancellationToken); // when they were active last changes
        var meant = await person();
        if (!meant.Succeeded) return meant.As<T>();

        var credit = (await credits.FindForUpdate(id, cancellationToken))!; // a credit is never deleted
        if (StaleVersion.Unless(ifMatch, credit.Version) is { } stale) return stale;
        var moved = move(credit, meant.Value);
        if (!moved.Succeeded) return moved.As<T>();

        await credits.Save(moved.Value, resolutionId: null, cancellationToken);
        return await then(credit, meant.Value);
    }
}
