using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Tagging;

/// <summary>The tags of the caller's client and the records that bear them, of whatever type, for writing.</summary>
public interface ITags
{
    /// <summary>Tags as they are kept: trimmed, lower case and composed (NFC), each once.</summary>
    Task<string[]> AsKept(IEnumerable<string> tags, CancellationToken cancellationToken);

    /// <summary>Lets one transaction at a time rename, merge and remove; before anything else is asked.</summary>
    Task LockRewrites(CancellationToken cancellationToken);

    /// <summary>Lets one transaction at a time describe tags and count them.</summary>
    Task LockCounts(CancellationToken cancellationToken);

    /// <summary>The version of what is said of a tag, locked; null when nothing is.</summary>
    Task<int?> FindVersionForUpdate(string tag, CancellationToken cancellationToken);

    /// <summary>Says of a tag what it is.</summary>
    Task Save(string tag, TagCategory? category, string? description, CancellationToken cancellationToken);

    /// <summary>Whether anything is said of one of these.</summary>
    Task<bool> AreDescribed(IReadOnlyList<string> tags, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="atMost"/> records that bear one of these, those in the trash as well.</summary>
    Task<IReadOnlyList<TaggedRecord>> FindRecords(IReadOnlyList<string> tags, int atMost, CancellationToken cancellationToken);

    /// <summary>Replaces tags on records, as far as they bear one of them still; gives on how many.</summary>
    /// <param name="into">Null takes them off.</param>
    Task<int> Rewrite(IEnumerable<TaggedRecord> records, IReadOnlyList<string> from, string? into, CancellationToken cancellationToken);

    /// <summary>What is said of the old tags goes; the new one has what was said of the first of them, unless something is said of it already.</summary>
    Task MoveDescription(IReadOnlyList<string> from, string? into, CancellationToken cancellationToken);

    /// <summary>Whether a job rewrites any tags, or one of these.</summary>
    Task<bool> IsBeingRewritten(IReadOnlyList<string>? tags, CancellationToken cancellationToken);

    /// <summary>Keeps a rewrite for its job. Those whose jobs are forgotten by now, done or not, go.</summary>
    Task Add(TagRewrite rewrite, CancellationToken cancellationToken);

    /// <summary>Forgets a rewrite that is done.</summary>
    Task Remove(TagRewrite rewrite, CancellationToken cancellationToken);

    Task<TagRewrite?> FindRewrite(Guid id, CancellationToken cancellationToken);

    /// <summary>The job that does a rewrite.</summary>
    Task<Guid> FindJob(Guid rewriteId, CancellationToken cancellationToken);
}

/// <summary>The counts of all clients' tags, which come together in the background.</summary>
public interface ITagCounts
{
    /// <summary>Adds up what has come together; so far it is added up whenever somebody looks.</summary>
    Task Fold(CancellationToken cancellationToken);
}

/// <summary>A record that bears a tag.</summary>
/// <param name="Type">Such as media_asset.</param>
public sealed record TaggedRecord(string Type, Guid Id);

/// <summary>Tags to be replaced by one, or taken off.</summary>
public sealed record TagRewrite(Guid Id, string[] FromTags, string? IntoTag);
