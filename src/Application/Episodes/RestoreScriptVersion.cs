using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;

namespace MediaPlatform.Application.Episodes;

/// <summary>Writes an old version of a script again as a new one, which is active.</summary>
/// <returns>The number of the new one.</returns>
public sealed record RestoreScriptVersion(ScriptOf Script, int Number) : ICommand<int>;

internal sealed class RestoreScriptVersionHandler(IScripts scripts, CallContext context) : ICommandHandler<RestoreScriptVersion, int>
{
    public async Task<Result<int>> Handle(RestoreScriptVersion command, CancellationToken cancellationToken)
    {
        var found = await scripts.Open(command.Script, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<int>();

        var script = found.Value;
        if (await scripts.FindApproval(script, command.Number, cancellationToken) is null) return new ScriptVersionNotFound(command.Number);

        var number = script.Next();
        if (!number.Succeeded) return number;

        await scripts.AddCopy(script, number.Value, command.Number, $"Restored from version {command.Number}", cancellationToken);
        await scripts.Save(script with { ActiveVersion = number.Value }, cancellationToken);
        return number;
    }
}
