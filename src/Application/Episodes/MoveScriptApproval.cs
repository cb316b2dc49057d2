using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Moves the approval of a version of a script.</summary>
/// <param name="IfMatch">The version of the record that the caller has seen; null for any.</param>
/// <returns>Its number.</returns>
public sealed record MoveScriptApproval(ScriptOf Script, int Number, ApprovalMove Move, long? IfMatch) : ICommand<int>;

internal sealed class MoveScriptApprovalHandler(IScripts scripts, IRecords<ScriptVersionFields> versions, CallContext context) : ICommandHandler<MoveScriptApproval, int>
{
    public async Task<Result<int>> Handle(MoveScriptApproval command, CancellationToken cancellationToken)
    {
        var role = context.Caller.Role;
        var found = await scripts.Open(versions, command.Script, command.Number, role, cancellationToken);
        if (!found.Succeeded) return found.As<int>();
        if (found.Value.Refuses(role, command.IfMatch) is { } refused) return refused;

        var moved = found.Value.Record.State.Move(command.Move);
        if (!moved.Succeeded) return moved.As<int>();

        await versions.SaveApproval(moved.Value, cancellationToken);
        await scripts.Save(found.Value.Script, cancellationToken);
        return command.Number;
    }
}
