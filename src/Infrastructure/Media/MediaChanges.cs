using MediaPlatform.Application.Media;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Tagging;
using MediaPlatform.Infrastructure.Postgres;

namespace MediaPlatform.Infrastructure.Media;

internal sealed class MediaChanges(DbSession db, TimeProvider time) : IMediaChanges
{
    private const string Update = """
        update media_assets
        set title = case when @SetsTitle::boolean then normalize(@Title::text) else title end,
            description = case when @SetsDescription::boolean then normalize(@Description::text) else description end,
            alt_text = case when @SetsAltText::boolean then normalize(@AltText::text) else alt_text end,
            caption = case when @SetsCaption::boolean then normalize(@Caption::text) else caption end,
            tags = case
                when @SetsTags::boolean
                    then array(select normalize(tag) from unnest(@Tags::text[]) with ordinality as given (tag, place) group by 1 order by min(place))
                else tags
            end,
            visibility = coalesce(@Visibility::text, visibility),
            share_generation = share_generation + case when @Visibility::text = 'private' and visibility <> 'private' then 1 else 0 end,
            updated_at = @Now, version = version + 1
        where client_id = @ClientId and id = @Id
        """;

    public Task Save(ChangeMedia change, CancellationToken cancellationToken) => db.Execute(
        Update,
        new
        {
            db.ClientId, Id = change.Id.Value, SetsTitle = change.Title.IsGiven, Title = change.Title.Value, SetsDescription = change.Description.IsGiven,
            Description = change.Description.Value, SetsAltText = change.AltText.IsGiven, AltText = change.AltText.Value, SetsCaption = change.Caption.IsGiven,
            Caption = change.Caption.Value, SetsTags = change.Tags.IsGiven, Tags = Tags.Normalise(change.Tags.Value ?? []),
            Visibility = change.Visibility is { } visibility ? Names.Of(visibility) : null, Now = time.GetUtcNow(),
        },
        cancellationToken);
}
