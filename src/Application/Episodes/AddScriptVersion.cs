using FluentValidation;
using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Adds a version to an episode's script, whether or not it differs from another.</summary>
/// <param name="Activate">Whether it becomes the active one; the first does in any case.</param>
/// <returns>Its number.</returns>
public sealed record AddScriptVersion(ScriptOf Script, string? Text, string? FileReference, string? Author, string? ChangeNotes, ScriptSource Source, bool Activate) : ICommand<int>, IScriptTexts;

internal sealed class AddScriptVersionValidator : AbstractValidator<AddScriptVersion>
{
    public AddScriptVersionValidator() => this.ScriptTexts();
}

internal sealed class AddScriptVersionHandler(IScripts scripts, CallContext context) : ICommandHandler<AddScriptVersion, int>
{
    public async Task<Result<int>> Handle(AddScriptVersion command, CancellationToken cancellationToken)
    {
        if (await scripts.Refuses(command.Script.EpisodeId, context.Caller.Role, cancellationToken) is { } refused) return refused;

        var script = await scripts.MakeForUpdate(command.Script, cancellationToken);
        var next = script.Next();
        if (!next.Succeeded) return next.As<int>();

        await scripts.Add(next.Value, command, cancellationToken);
        await scripts.Save(command.Activate || script.ActiveVersion is null ? next.Value with { ActiveVersion = next.Value.LastVersion } : next.Value, cancellationToken);
        return next.Value.LastVersion;
    }
}
