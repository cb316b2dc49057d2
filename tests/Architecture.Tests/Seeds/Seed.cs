using MediaPlatform.Tests.Support;

namespace MediaPlatform.Architecture.Tests.Seeds;

/// <summary>
/// Makes what the endpoints under one first path segment need to be asked about. The sweeps find all of them by themselves:
/// a new resource brings one of these, and nothing else is edited.
/// </summary>
public interface ISeed
{
    /// <summary>Beside the path's parameters: the id that stands in the example's body, where it is not the record's own.</summary>
    const string Named = "(named)";

    /// <summary>Such as <c>media</c>, for <c>/api/v1/media/…</c>.</summary>
    string Segment { get; }

    /// <summary>A resource in the state that this operation is for, as the values of its path parameters.</summary>
    /// <param name="operation">Such as <c>POST /api/v1/media/{id}/restore</c>.</param>
    Task<Dictionary<string, string>> Create(Platform platform, Tenant tenant, string operation);

    /// <summary>Undoes what an operation did to more than what was made for it.</summary>
    Task Undo(Platform platform, Tenant caller) => Task.CompletedTask;
}

internal static class Seeds
{
    private static int files;

    public static IReadOnlyDictionary<string, ISeed> BySegment { get; } = typeof(ISeed).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISeed)))
        .Select(type => (ISeed)Activator.CreateInstance(type)!)
        .ToDictionary(seed => seed.Segment, StringComparer.Ordinal);

    /// <summary>Bytes that no other test has sent.</summary>
    public static byte[] File() => Samples.Png(Interlocked.Increment(ref files));

    public static Dictionary<string, string> Id(Guid id) => new(StringComparer.Ordinal) { ["id"] = id.ToString() };
}
