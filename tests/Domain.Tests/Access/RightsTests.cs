using System.Collections.Frozen;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Domain.Tests.Access;

/// <summary>How far rights reach, and whether they cover others.</summary>
internal sealed class RightsTests
{
    private static readonly Rights[] Some =
    [
        .. from role in Enum.GetValues<Role>()
           from media in Enum.GetValues<EntityRight>().Cast<EntityRight?>().Append(null)
           from jobs in new EntityRight?[] { null, EntityRight.None, EntityRight.Admin }
           select Of(role, media, jobs),
    ];

    [Test]
    public void Rights_cover_others_exactly_when_they_reach_as_far_on_every_entity()
    {
        foreach (var own in Some)
        {
            foreach (var others in Some)
            {
                var reaches = new[] { "media", "jobs", "anything else" }.All(entity => others.In(entity) is not { } wanted || own.In(entity) >= wanted);
                Assert.That(own.Short(others) is null, Is.EqualTo(reaches), $"{Told(own)} over {Told(others)}");
            }
        }
    }

    [Test]
    public void A_limit_holds_everywhere_and_lifts_nothing([Values] Role limit)
    {
        foreach (var rights in Some)
        {
            foreach (var entity in new[] { "media", "jobs", "anything else" })
            {
                var (before, after) = (rights.In(entity), rights.AtMost(limit).In(entity));
                Assert.That(after, Is.EqualTo(before is { } role && role > limit ? limit : before), $"{Told(rights)} on {entity}");
            }
        }
    }

    private static Rights Of(Role role, EntityRight? media, EntityRight? jobs)
    {
        var permissions = new Dictionary<string, EntityRight>();
        if (media is { } onMedia) permissions["media"] = onMedia;
        if (jobs is { } onJobs) permissions["jobs"] = onJobs;
        return new(role, permissions.ToFrozenDictionary());
    }

    private static string Told(Rights rights) => $"{rights.Role} {string.Join(' ', rights.Permissions)}";
}
