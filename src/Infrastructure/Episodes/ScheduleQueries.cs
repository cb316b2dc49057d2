using MediaPlatform.Application.Episodes;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Episodes;

internal sealed class ScheduleQueries(DbSession db, TimeProvider time) : IQueryHandler<SuggestEpisodeNumber, NextEpisodeNumber>, IQueryHandler<GetSchedule, ScheduledDate[]>
{
    // Each maximum is the last entry of episodes_number_unique below what is fixed before it.
    private const string SelectNextNumber = """
        select s.id as show_id, season.number as season,
            coalesce((
                select max(e.episode_number)
                from episodes e
                where e.client_id = s.client_id and e.show_id = s.id and coalesce(e.season, 0) = coalesce(season.number, 0)
                    and e.episode_number < 1000000 and e.deleted_at is null), 0) + 1 as episode_number -- which is at most 1,000,000
        from shows s
        cross join lateral (
            select coalesce(@Season::int, (
                select nullif(max(coalesce(e.season, 0)), 0)
                from episodes e
                where e.client_id = s.client_id and e.show_id = s.id and e.episode_number is not null and e.deleted_at is null)) as number
        ) season
        where s.client_id = @ClientId and s.id = @ShowId and s.deleted_at is null
        """;

    private const string SelectSchedule = """
        select d.date, d.kind, d.date < @Today and d.is_ahead as is_over, d.id as episode_id, d.title, d.season, d.episode_number, d.status, d.show_id, s.title as show_title
        from (
            select filming_date as date, 1 as step, 'filming' as kind, status = 'draft' as is_ahead, id, title, season, episode_number, status, show_id
            from episodes
            where client_id = @ClientId and deleted_at is null and filming_date between @From and @To
            union all
            select edit_deadline, 2, 'edit_deadline', status in ('draft', 'in_production', 'ready_for_edit'), id, title, season, episode_number, status, show_id
            from episodes
            where client_id = @ClientId and deleted_at is null and edit_deadline between @From and @To
            union all
            select publish_date, 3, 'publish', status in ('draft', 'in_production', 'ready_for_edit', 'ready_for_publish'), id, title, season, episode_number, status, show_id
            from episodes
            where client_id = @ClientId and deleted_at is null and publish_date between @From and @To
            union all
            select release_date, 4, 'release', status in ('draft', 'in_production', 'ready_for_edit', 'ready_for_publish'), id, title, season, episode_number, status, show_id
            from episodes
            where client_id = @ClientId and deleted_at is null and release_date between @From and @To
        ) d
        join shows s on s.client_id = @ClientId and s.id = d.show_id
        where @ShowId::uuid is null or d.show_id = @ShowId
        order by d.date, d.step, s.title, d.season nulls first, d.episode_number nulls last, d.id
        limit @Limit
        """;

    private const string SelectShow = """
        select id
        from shows
        where client_id = @ClientId and id = @ShowId and deleted_at is null
        """;

    public async Task<Result<NextEpisodeNumber>> Handle(SuggestEpisodeNumber query, CancellationToken cancellationToken) =>
        await db.Find<NextEpisodeNumber>(SelectNextNumber, new { db.ClientId, query.ShowId, query.Season }, cancellationToken) is { } next ? next : new RecordNotFound(EpisodeKinds.Show, query.ShowId);

    public async Task<Result<ScheduledDate[]>> Handle(GetSchedule query, CancellationToken cancellationToken)
    {
        if (query.ShowId is { } show && await db.Find<Guid?>(SelectShow, new { db.ClientId, query.ShowId }, cancellationToken) is null) return new ParentNotFound(EpisodeKinds.Show, show, "show_id");

        var dates = await db.List<ScheduledDate>(
            SelectSchedule, new { db.ClientId, query.From, query.To, query.ShowId, Today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), Limit = GetSchedule.Most + 1 }, cancellationToken);
        return dates.Count > GetSchedule.Most ? new ScheduleTooLong(GetSchedule.Most) : dates.ToArray();
    }
}
