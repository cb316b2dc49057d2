using System.Globalization;
using Dapper;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Audit;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace MediaPlatform.Infrastructure.Audit;

/// <summary>
/// All who wait for events in this process. They hold no connection: one statement, at an interval and while there is anybody, asks for all of
/// them whether their client's log has gone on, and whether they may still be told. There are so many places and no more.
/// </summary>
internal sealed class EventWaiters(NpgsqlDataSource source, AuditOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Whether a <c>waiter</c> may still be told anything: its client is not in the trash, its key or membership lives, and its role on events is no lower than it was.</summary>
    internal const string MayBeTold = """
        exists (
            select from clients client
            left join api_keys key
                on waiter.kind = 'key' and key.client_id = client.id and key.id = waiter.actor_id
                    and key.revoked_at is null and (key.expires_at is null or key.expires_at > now())
            left join members member
                on waiter.kind = 'user' and member.client_id = client.id and member.user_id = waiter.actor_id and member.status = 'active'
            cross join lateral (
                select case waiter.kind when 'key' then key.role when 'user' then coalesce(member.permissions ->> 'events', member.role) else waiter.role end as role
            ) now_has
            where client.id = waiter.client_id and client.deleted_at is null
                and array_position(@Roles::text[], now_has.role) >= array_position(@Roles::text[], waiter.role) -- "none" is no role
        )
        """;

    private const string SelectAwaited = $"""
        select waiter.place::int
        from unnest(@ClientIds::uuid[], @Kinds::text[], @ActorIds::uuid[], @HeldRoles::text[], @TransactionIds::text[], @Numbers::bigint[])
            with ordinality as waiter (client_id, kind, actor_id, role, transaction_id, number, place)
        where exists (
                select from change_log change
                where change.client_id = waiter.client_id
                    and (change.transaction_id, change.id) > (waiter.transaction_id::xid8, waiter.number)
                    and change.transaction_id < pg_snapshot_xmin(pg_current_snapshot()))
            or not {MayBeTold}
        """;

    /// <summary>For <see cref="MayBeTold"/>, from the lowest.</summary>
    internal static readonly string[] Roles = [.. Names.All<Role>()];

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, int> places = [];
    private readonly HashSet<Waiter> waiting = [];
    private int taken;
    private bool isLooking;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate) return waiting.Count;
        }
    }

    /// <summary>A place, until it is disposed of; null when there is none left, for this client or for anybody.</summary>
    public Place? Enter(Caller caller)
    {
        lock (gate)
        {
            var own = places.GetValueOrDefault(caller.ClientId);
            if (taken >= options.MaxWaiters || own >= options.MaxWaitersPerClient) return null;
            taken++;
            places[caller.ClientId] = own + 1;
            return new Place(this, caller);
        }
    }

    private void Leave(Guid clientId)
    {
        lock (gate)
        {
            taken--;
            if (--places[clientId] == 0) places.Remove(clientId);
        }
    }

    private async Task<bool> Wait(Waiter waiter, TimeSpan atMost, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            waiting.Add(waiter);
            if (!isLooking)
            {
                isLooking = true;
                _ = Task.Run(Look, CancellationToken.None);
            }
        }

        try
        {
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
            return await waiter.Awaited.Task.WaitAsync(atMost, time, stopping.Token);
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // the process stops: whoever waits is answered, and asks another
        }
        finally
        {
            lock (gate) waiting.Remove(waiter);
        }
    }

    /// <summary>Goes on until nobody waits.</summary>
    private async Task Look()
    {
        while (true)
        {
            await Task.Delay(options.EventPoll, time);
            Waiter[] asking;
            lock (gate)
            {
                asking = [.. waiting];
                if (asking.Length == 0)
                {
                    isLooking = false;
                    return;
                }
            }

            try
            {
                foreach (var place in await FindAwaited(asking)) asking[place - 1].Awaited.TrySetResult(true);
            }
#pragma warning disable CA1031 // a database that is away is told to each who waits, as to each who asks
            catch (Exception exception)
#pragma warning restore CA1031
            {
                foreach (var waiter in asking) waiter.Awaited.TrySetException(exception);
            }
        }
    }

    private async Task<IEnumerable<int>> FindAwaited(Waiter[] asking)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QueryAsync<int>(SelectAwaited, new
        {
            ClientIds = Array.ConvertAll(asking, waiter => waiter.Caller.ClientId),
            Kinds = Array.ConvertAll(asking, waiter => waiter.Caller.KindName),
            ActorIds = Array.ConvertAll(asking, waiter => waiter.Caller.ActorId ?? Guid.Empty),
            HeldRoles = Array.ConvertAll(asking, waiter => Names.Of(waiter.Caller.Role)),
            Roles,
            TransactionIds = Array.ConvertAll(asking, waiter => waiter.After.TransactionId.ToString(CultureInfo.InvariantCulture)),
            Numbers = Array.ConvertAll(asking, waiter => waiter.After.Number),
        });
    }

    /// <summary>A right to wait.</summary>
    public sealed class Place(EventWaiters waiters, Caller caller) : IDisposable
    {
        /// <summary>Waits until there is anything after this, or the caller may not be told any more; false when the time is over, or the process stops.</summary>
        public Task<bool> IsThereNews(EventCursor after, TimeSpan atMost, CancellationToken cancellationToken) => waiters.Wait(new Waiter(caller, after), atMost, cancellationToken);

        public void Dispose() => waiters.Leave(caller.ClientId);
    }

    private sealed class Waiter(Caller caller, EventCursor after)
    {
        public Caller Caller => caller;

        public EventCursor After => after;

        public TaskCompletionSource<bool> Awaited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
