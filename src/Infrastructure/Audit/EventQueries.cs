using System.Diagnostics;
using System.Globalization;
using MediaPlatform.Application.Audit;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Audit;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Audit;

internal sealed class EventQueries(DbSession db, EventWaiters waiters) : IQueryHandler<ReadEvents, Page<EventDetails>>
{
    /// <summary>Rows that one statement reads where not all of them are asked for.</summary>
    private const int Window = 2_000;

    // A row counts when no transaction with its number or a lower one is open any more: then all of those are seen, or never will be, and
    // nothing can come in before it. The horizon, the rows and how far the log is forgotten are those of one snapshot.
    private const string SelectNext = """
        with scanned as materialized (
            select id, transaction_id, occurred_at, entity, entity_id, operation, actor_kind, actor_id, request_id, changes
            from change_log
            where client_id = @ClientId
                and (transaction_id, id) > (@TransactionId::text::xid8, @Number)
                and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
            order by transaction_id, id
            limit @Window
        ), matched as (
            select *, changed_fields(changes) as changed_fields
            from scanned
            where (@Types::text[] is null or entity || '.' || operation = any(@Types)) and entity <> all(@Hidden)
            order by transaction_id, id
            limit @Limit
        ), last as (
            select transaction_id, id
            from scanned
            order by transaction_id desc, id desc
            limit 1
        )
        select
            pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
            (select through::text from change_log_forgotten) as forgotten,
            (select count(*)::int from scanned) as scanned,
            last.transaction_id::text as last_transaction_id,
            last.id as last_number,
            matched.id as number, matched.transaction_id::text as transaction_id, matched.occurred_at, matched.entity, matched.entity_id, matched.operation,
            matched.actor_kind, matched.actor_id, matched.request_id, matched.changed_fields
        from (select 1) one
        left join last on true
        left join matched on true
        order by matched.transaction_id, matched.id
        """;

    private const string SelectHorizon = "select pg_snapshot_xmin(pg_current_snapshot())::text";

    private const string SelectForgotten = "select through::text from change_log_forgotten";

    // The names that tables gave their triggers.
    private const string SelectEntities = """
        select distinct split_part(encode(tgargs, 'escape'), '\000', 1)
        from pg_trigger
        where tgfoid = 'write_change_log'::regproc
        """;

    private const string MayBeTold = $"""
        select {EventWaiters.MayBeTold}
        from (select @ClientId::uuid as client_id, @Kind::text as kind, @ActorId::uuid as actor_id, @Role::text as role) waiter
        """;

    public async Task<Result<Page<EventDetails>>> Handle(ReadEvents query, CancellationToken cancellationToken)
    {
        string[]? types = null;
        if (query.Types.Count > 0)
        {
            var entities = await db.List<string>(SelectEntities, null, cancellationToken);
            (types, var unknown) = EventTypes.Expand(query.Types, [.. entities]);
            if (unknown is not null) return new EventTypeUnknown(unknown, NearestName.Hint(unknown, entities.SelectMany(entity => EventTypes.Operations.Select(operation => $"{entity}.{operation}"))));
        }

        var begun = await Begin(query.After, cancellationToken);
        if (!begun.Succeeded) return begun.As<Page<EventDetails>>();

        var (started, at) = (Stopwatch.GetTimestamp(), begun.Value);
        var next = await ReadOn(at, query.Limit, types, cancellationToken);
        if (!next.Succeeded || next.Value.Events.Count > 0 || query.Wait == TimeSpan.Zero) return next.Match<Result<Page<EventDetails>>>(found => PageOf(query, found), errors => errors.ToArray());

        using var place = waiters.Enter(db.Caller);
        if (place is null) return new TooManyWaiters();
        while (Stopwatch.GetElapsedTime(started) is var waited && waited < query.Wait)
        {
            at = next.Value.At;
            if (!await place.IsThereNews(at, query.Wait - waited, cancellationToken)) break;
            next = await ReadOn(at, query.Limit, types, cancellationToken);
            if (!next.Succeeded) return next.As<Page<EventDetails>>();

            // Whoever was let in up to half a minute ago may be out by now: then there is nothing to tell, and the cursor stays where it was.
            var who = new { db.ClientId, Kind = db.Caller.KindName, db.Caller.ActorId, Role = Names.Of(db.Caller.Role), EventWaiters.Roles };
            if (!await db.Single<bool>(MayBeTold, who, cancellationToken)) return PageOf(query, new Found([], begun.Value));
            if (next.Value.Events.Count > 0) break;
        }

        return PageOf(query, next.Value);
    }

    private static Page<EventDetails> PageOf(ReadEvents query, Found found) => new(found.Events, query.Limit, found.At.Write(), Total: null, TotalIsCapped: false);

    /// <summary>Where a caller stands: after all that is forgotten, from now on, or where it left off.</summary>
    private async Task<Result<EventCursor>> Begin(string? after, CancellationToken cancellationToken)
    {
        if (after is null) return EventCursor.AfterAllOf(Parse(await db.Single<string>(SelectForgotten, null, cancellationToken)));
        if (after is ReadEvents.Now) return new EventCursor(Parse(await db.Single<string>(SelectHorizon, null, cancellationToken)), 0);
        return EventCursor.Read(after) is { } cursor ? cursor : new EventCursorInvalid();
    }

    /// <summary>The next events, past as many others as a second reads.</summary>
    private async Task<Result<Found>> ReadOn(EventCursor from, int limit, string[]? types, CancellationToken cancellationToken)
    {
        var hidden = db.Caller.Role < Role.Admin ? EventTypes.ForAdmins.ToArray() : [];
        var window = types is null && hidden.Length == 0 ? limit : Window;
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            var rows = await db.List<Row>(
                SelectNext,
                new { db.ClientId, TransactionId = from.TransactionId.ToString(CultureInfo.InvariantCulture), from.Number, Window = window, Limit = limit, Types = types, Hidden = hidden },
                cancellationToken);
            var first = rows[0];
            if (from.IsBefore(EventCursor.AfterAllOf(Parse(first.Forgotten)))) return new EventsExpired();

            // All events of the page are told: on from the last of them. Else on from the last row, or from the horizon when there was no other.
            var events = rows.Where(row => row.Number is not null).Select(row => row.ToEvent()).ToList();
            if (events.Count == limit) return new Found(events, new(Parse(rows[^1].TransactionId!), rows[^1].Number!.Value));

            var isEnd = first.Scanned < window;
            from = isEnd ? from.OrLater(new(Parse(first.Horizon), 0)) : new(Parse(first.LastTransactionId!), first.LastNumber!.Value);
            if (isEnd || events.Count > 0 || Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(1)) return new Found(events, from);
        }
    }

    private static ulong Parse(string transactionId) => ulong.Parse(transactionId, CultureInfo.InvariantCulture);

    private sealed record Found(IReadOnlyList<EventDetails> Events, EventCursor At);

    private sealed record Row(
        string Horizon, string Forgotten, int Scanned, string? LastTransactionId, long? LastNumber, long? Number, string? TransactionId, DateTimeOffset? OccurredAt,
        string? Entity, Guid? EntityId, string? Operation, string? ActorKind, Guid? ActorId, string? RequestId, string[]? ChangedFields)
    {
        public EventDetails ToEvent() => new(
            Domain.Audit.ChangeId.Of(Number!.Value).Value, $"{Entity}.{Operation}", OccurredAt!.Value, Entity!, EntityId!.Value, Operation!, ActorKind!, ActorId, RequestId, ChangedFields!);
    }
}
