using System.Text;
using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>What people write of a version of a script.</summary>
public interface IScriptTexts
{
    string? Text { get; }

    string? FileReference { get; }

    string? Author { get; }

    string? ChangeNotes { get; }

    ScriptSource Source { get; }
}

/// <summary>Writes an episode's script: a new version, which is active. What the active one has already adds nothing.</summary>
/// <param name="Text">At most 1 MiB.</param>
/// <param name="FileReference">Where the file lies, at most 2,000 characters.</param>
/// <param name="Author">At most 200 characters.</param>
/// <param name="ChangeNotes">At most 5,000 characters.</param>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
/// <returns>The number of the active version.</returns>
public sealed record WriteScript(ScriptOf Script, string? Text, string? FileReference, string? Author, string? ChangeNotes, ScriptSource Source, long? IfMatch) : ICommand<int>, IScriptTexts;

internal sealed class WriteScriptValidator : AbstractValidator<WriteScript>
{
    public WriteScriptValidator() => this.ScriptTexts();
}

internal static class ScriptTextsRules
{
    private const int MaxBytes = 1 << 20;

    public static void ScriptTexts<T>(this AbstractValidator<T> validator)
        where T : IScriptTexts
    {
        validator.RuleFor(script => script.Text).NotEmpty().When(script => string.IsNullOrEmpty(script.FileReference)).WithMessage("A script has a text, a file_reference or both.");
        validator.RuleFor(script => script.Text).Must(text => text is null || Encoding.UTF8.GetByteCount(text) <= MaxBytes).WithMessage($"A text has at most {MaxBytes:N0} bytes in UTF-8.");
        validator.RuleFor(script => script.FileReference).Reference();
        validator.RuleFor(script => script.Author).MaximumLength(200);
        validator.RuleFor(script => script.ChangeNotes).MaximumLength(5_000);
    }
}

internal sealed class WriteScriptHandler(IScripts scripts, CallContext context) : ICommandHandler<WriteScript, int>
{
    public async Task<Result<int>> Handle(WriteScript command, CancellationToken cancellationToken)
    {
        if (await scripts.Refuses(command.Script.EpisodeId, context.Caller.Role, cancellationToken) is { } refused) return refused;

        var script = await scripts.MakeForUpdate(command.Script, cancellationToken);
        if (script.ActiveVersion is { } active)
        {
            if (StaleVersion.Unless(command.IfMatch, script.Version) is { } stale) return stale;
            if (await scripts.ActiveHas(script, command, cancellationToken)) return active;
        }
        else if (command.IfMatch is not null)
        {
            return new NoVersion();
        }

        var next = script.Next();
        if (!next.Succeeded) return next.As<int>();

        await scripts.Add(next.Value, command, cancellationToken);
        await scripts.Save(next.Value with { ActiveVersion = next.Value.LastVersion }, cancellationToken);
        return next.Value.LastVersion;
    }
}
