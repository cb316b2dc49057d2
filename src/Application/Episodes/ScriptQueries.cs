using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>A script, as its active version has it.</summary>
/// <param name="Number">Of the active version.</param>
/// <param name="Versions">How many there are.</param>
/// <param name="Text">Null where there is a file alone.</param>
/// <param name="FileReference">Where the file lies.</param>
/// <param name="ApprovalStatus">Of the active version: draft, approved or rejected.</param>
/// <param name="Source">manual_upload, import or system.</param>
/// <param name="CreatedAt">When the active version was written.</param>
/// <param name="Version">Of the record; it goes up with whatever is done to one of its versions.</param>
/// <param name="DeletedAt">Since when the script is in the trash.</param>
public sealed record ScriptDetails(
    Guid Id, Guid EpisodeId, string Kind, int Number, int Versions, string? Text, string? FileReference, string? Author, string? ChangeNotes, string ApprovalStatus, string Source,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy);

/// <summary>A version of a script.</summary>
/// <param name="Text">Null where there is a file alone.</param>
/// <param name="FileReference">Where the file lies.</param>
/// <param name="Source">manual_upload, import or system.</param>
public sealed record ScriptVersionDetails(
    Guid Id, int Number, bool IsActive, string? Text, string? FileReference, string? Author, string? ChangeNotes, string ApprovalStatus, string Source, DateTimeOffset CreatedAt,
    Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover, DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy);

/// <summary>A version of a script without its text.</summary>
/// <param name="TextLength">In characters; 0 where there is a file alone.</param>
/// <param name="FileReference">Where the file lies.</param>
/// <param name="Source">manual_upload, import or system.</param>
public sealed record ScriptVersionSummary(
    Guid Id, int Number, bool IsActive, int TextLength, string? FileReference, string? Author, string? ChangeNotes, string ApprovalStatus, string Source, DateTimeOffset CreatedAt,
    Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover, DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy);

/// <summary>A script of an episode, in its active version. What is in the trash is gone for an admin and unknown to others, unless it is asked for: of several the last.</summary>
public sealed record GetScript(ScriptOf Script, bool IncludeDeleted = false) : IQuery<ScriptDetails>;

/// <summary>All versions of a script, newest first; with those in the trash where an admin asks for them.</summary>
public sealed record ListScriptVersions(ScriptOf Script, bool IncludeDeleted = false) : IQuery<ScriptVersionSummary[]>;

/// <summary>One version of a script.</summary>
public sealed record GetScriptVersion(ScriptOf Script, int Number, bool IncludeDeleted = false) : IQuery<ScriptVersionDetails>;

/// <summary>What a difference is told in.</summary>
public enum DiffBy { Lines, Words }

/// <summary>One piece of the way from a text to another.</summary>
/// <param name="Kind">equal, inserted or deleted.</param>
/// <param name="Text">Without the inserted pieces they make up the one text, without the deleted the other.</param>
public sealed record DiffChunk(string Kind, string Text);

/// <summary>How two versions of a script differ.</summary>
public sealed record ScriptDiff(int From, int To, string By, DiffChunk[] Chunks);

/// <summary>Tells how two versions of a script differ; one without a text is as an empty one.</summary>
/// <param name="From">Null is the one before <paramref name="To"/>.</param>
/// <param name="To">Null is the active one.</param>
/// <param name="By">lines or words.</param>
public sealed record DiffScript(ScriptOf Script, int? From, int? To, string By) : IQuery<ScriptDiff>
{
    /// <summary>The most lines or words of both texts together, between the first difference and the last.</summary>
    public const int Most = 10_000;
}

internal sealed class DiffScriptValidator : AbstractValidator<DiffScript>
{
    public DiffScriptValidator() => RuleFor(query => query.By).Must(by => Names.Parse<DiffBy>(by) is not null).WithMessage("A diff is by lines or words.");
}

/// <summary>A version of a script that was found.</summary>
/// <param name="Kind">main or trailer.</param>
/// <param name="Number">Of the version.</param>
/// <param name="Highlights">Pieces of the text as HTML: its own characters are escaped, and what was found stands in mark elements.</param>
public sealed record FoundScript(
    Guid EpisodeId, string EpisodeTitle, int? Season, int? EpisodeNumber, string Kind, int Number, bool IsActive, string? Author, string ApprovalStatus, DateTimeOffset CreatedAt, string Highlights);

/// <summary>Searches the texts of scripts, the best first; those of episodes in the trash are left out.</summary>
/// <param name="Q">Words, "phrases", or, -not.</param>
/// <param name="AllVersions">Also versions that are not active.</param>
/// <param name="Limit">1 to 50.</param>
public sealed record SearchScripts(string Q, bool AllVersions, int Limit) : IQuery<FoundScript[]>;

internal sealed class SearchScriptsValidator : AbstractValidator<SearchScripts>
{
    public SearchScriptsValidator()
    {
        RuleFor(query => query.Q).NotEmpty().MaximumLength(500);
        RuleFor(query => query.Limit).InclusiveBetween(1, 50);
    }
}
