using FluentValidation;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Jobs;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Tagging;

/// <summary>Calls a tag otherwise, wherever it is borne. The new name must be free.</summary>
public sealed record RenameTag(string From, string To) : ICommand<RewrittenTags>;

/// <summary>Makes one tag of several, wherever they are borne.</summary>
public sealed record MergeTags(IReadOnlyList<string> From, string Into) : ICommand<RewrittenTags>;

/// <summary>Takes a tag off everything.</summary>
/// <param name="IfMatch">The version of what is said of it that the caller has seen; null for any.</param>
public sealed record RemoveTag(string Tag, long? IfMatch) : ICommand<RewrittenTags>;

/// <summary>What was done, or is being done by a job.</summary>
/// <param name="From">As they were kept.</param>
/// <param name="Into">Null when they were taken off.</param>
/// <param name="Records">On how many records; null when a job does it.</param>
/// <param name="JobId">The job, where there are too many records to do it at once.</param>
public sealed record RewrittenTags(IReadOnlyList<string> From, string? Into, int? Records, Guid? JobId);

internal sealed class RenameTagValidator : AbstractValidator<RenameTag>
{
    public RenameTagValidator()
    {
        RuleFor(rename => rename.From).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
        RuleFor(rename => rename.To).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
    }
}

internal sealed class MergeTagsValidator : AbstractValidator<MergeTags>
{
    private const int MaxTags = 100;

    public MergeTagsValidator()
    {
        RuleFor(merge => merge.From).Must(from => from.Count is > 0 and <= MaxTags).WithMessage($"1 to {MaxTags} tags.");
        RuleForEach(merge => merge.From).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
        RuleFor(merge => merge.Into).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
    }
}

internal sealed class RewriteTagsHandler(ITags tags, IJobs jobs)
    : ICommandHandler<RenameTag, RewrittenTags>, ICommandHandler<MergeTags, RewrittenTags>, ICommandHandler<RemoveTag, RewrittenTags>
{
    /// <summary>As many records as one transaction changes.</summary>
    internal const int AtOnce = 1_000;

    private const string OneAtATime = "tags";

    public async Task<Result<RewrittenTags>> Handle(RenameTag command, CancellationToken cancellationToken)
    {
        await tags.LockRewrites(cancellationToken);
        var kept = await tags.AsKept([command.From, command.To], cancellationToken);
        if (kept is not [var from, var to]) return new TagUnchanged();
        if (await tags.FindRecords([from], 1, cancellationToken) is [] && !await tags.AreDescribed([from], cancellationToken)) return new TagNotFound(from);
        if (await tags.FindRecords([to], 1, cancellationToken) is not [] || await tags.AreDescribed([to], cancellationToken)) return new TagInUse(to);

        return await Rewrite([from], to, cancellationToken);
    }

    public async Task<Result<RewrittenTags>> Handle(MergeTags command, CancellationToken cancellationToken)
    {
        await tags.LockRewrites(cancellationToken);
        var into = (await tags.AsKept([command.Into], cancellationToken))[0];
        string[] from = [.. (await tags.AsKept(command.From, cancellationToken)).Where(tag => tag != into)];
        if (from.Length == 0) return new NothingToMerge();

        return await Rewrite(from, into, cancellationToken);
    }

    public async Task<Result<RewrittenTags>> Handle(RemoveTag command, CancellationToken cancellationToken)
    {
        if (!Tags.IsTag(command.Tag)) return new TagNotFound(command.Tag);

        await tags.LockRewrites(cancellationToken);
        var tag = (await tags.AsKept([command.Tag], cancellationToken))[0];
        if (await tags.FindRecords([tag], 1, cancellationToken) is [] && !await tags.AreDescribed([tag], cancellationToken)) return new TagNotFound(tag);

        await tags.LockCounts(cancellationToken); // before the tag's own row, as who describes it does
        var version = await tags.FindVersionForUpdate(tag, cancellationToken) ?? 0;
        if (StaleVersion.Unless(command.IfMatch, version) is { } stale) return stale;

        return await Rewrite([tag], into: null, cancellationToken);
    }

    private async Task<Result<RewrittenTags>> Rewrite(string[] from, string? into, CancellationToken cancellationToken)
    {
        var records = await tags.FindRecords(from, AtOnce + 1, cancellationToken);
        if (records.Count == 0 && !await tags.AreDescribed(from, cancellationToken)) return new TagNotFound(from[0]);

        // Two jobs that rename into each other would never end: there is one at a time, and what it is about is left to it.
        string[] all = into is null ? from : [.. from, into];
        if (await tags.IsBeingRewritten(records.Count > AtOnce ? null : all, cancellationToken)) return new TagsBeingRewritten();

        if (records.Count <= AtOnce)
        {
            var rewritten = await tags.Rewrite(records, from, into, cancellationToken);
            await tags.MoveDescription(from, into, cancellationToken);
            return new RewrittenTags(from, into, rewritten, JobId: null);
        }

        var rewrite = new TagRewrite(Guid.CreateVersion7(), from, into);
        await tags.Add(rewrite, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.TagsRewrite, RewriteTagsInBatches.SubjectType, rewrite.Id, OneAtATime), cancellationToken);
        return new RewrittenTags(from, into, Records: null, await tags.FindJob(rewrite.Id, cancellationToken));
    }
}
