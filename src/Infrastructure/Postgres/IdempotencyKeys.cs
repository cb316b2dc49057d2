using System.Text.Json;
using MediaPlatform.Application.Pipeline;

namespace MediaPlatform.Infrastructure.Postgres;

internal sealed class IdempotencyKeys(DbSession db, TimeProvider time) : IIdempotencyKeys
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // A key whose holder fell silent may be taken over as long as nothing was done; see DbSession for what then becomes of the holder.
    private const string Claim = """
        insert into idempotency_keys as known (client_id, actor_kind, actor_id, key, token, fingerprint, started_at, held_until, expires_at)
        values (@ClientId, @ActorKind, @ActorId, @Key, @Token, @Fingerprint, @Now, @HeldUntil, @ExpiresAt)
        on conflict (client_id, actor_kind, actor_id, key) do update
        set token = excluded.token, fingerprint = excluded.fingerprint, started_at = excluded.started_at, held_until = excluded.held_until,
            done_at = null, answered_at = null, status = null, headers = null, body = null, expires_at = excluded.expires_at
        where known.expires_at < @Now or (known.done_at is null and known.answered_at is null and known.held_until < @Now)
        returning true
        """;

    private const string SelectOne = """
        select fingerprint, status, headers, body, done_at is not null and held_until < @Now as is_lost
        from idempotency_keys
        where client_id = @ClientId and actor_kind = @ActorKind and actor_id = @ActorId and key = @Key
        """;

    private const string Extend = """
        update idempotency_keys
        set held_until = @HeldUntil
        where token = @Token
        """;

    private const string SaveAnswer = """
        update idempotency_keys
        set fingerprint = @Fingerprint, status = @Status, headers = @Headers::jsonb, body = @Body, answered_at = @Now
        where token = @Token
        """;

    private const string Delete = """
        delete from idempotency_keys
        where token = @Token and (done_at is null or @EvenIfDone)
        """;

    private const string DeleteOld = """
        delete from idempotency_keys
        where token in (
            select token
            from idempotency_keys
            where expires_at < @Now
            limit @Limit
            for update skip locked
        )
        """;

    public async Task<TakenKey> Take(string key, byte[] fingerprint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claim = new
        {
            db.ClientId, ActorKind = db.Caller.KindName, db.Caller.ActorId, Key = key, Token = Guid.CreateVersion7(), Fingerprint = fingerprint, Now = now,
            HeldUntil = now + Lease, ExpiresAt = now + Lifetime,
        };
        while (true)
        {
            if (await db.Find<bool>(Claim, claim, cancellationToken)) return new TakenKey(claim.Token, fingerprint, Answer: null, IsLost: false);
            if (await db.Find<Row>(SelectOne, claim, cancellationToken) is { } row) return new TakenKey(Token: null, row.Fingerprint, row.Answer, row.IsLost);
        }
    }

    public Task Hold(Guid token, CancellationToken cancellationToken) => db.Execute(Extend, new { Token = token, HeldUntil = time.GetUtcNow() + Lease }, cancellationToken);

    public Task Keep(Guid token, byte[] fingerprint, KeptAnswer answer, CancellationToken cancellationToken) => db.Execute(
        SaveAnswer,
        new { Token = token, Fingerprint = fingerprint, answer.Status, Headers = JsonSerializer.Serialize(answer.Headers), answer.Body, Now = time.GetUtcNow() },
        cancellationToken);

    public async Task Release(Guid token, bool evenIfDone, CancellationToken cancellationToken)
    {
        var released = await db.Execute(Delete, new { Token = token, EvenIfDone = evenIfDone }, cancellationToken);
        if (released == 0) await db.Execute(Extend, new { Token = token, HeldUntil = time.GetUtcNow() }, cancellationToken); // nobody is at it any more
    }

    public Task<int> Forget(int limit, CancellationToken cancellationToken) => db.Execute(DeleteOld, new { Now = time.GetUtcNow(), Limit = limit }, cancellationToken);

    private sealed record Row(byte[] Fingerprint, int? Status, string? Headers, byte[]? Body, bool IsLost)
    {
        public KeptAnswer? Answer => Status is { } status ? new(status, JsonSerializer.Deserialize<Dictionary<string, string>>(Headers!)!, Body) : null;
    }
}
