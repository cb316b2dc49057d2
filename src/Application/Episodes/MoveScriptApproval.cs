using MediaPlatform.Application.Access;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Episodes;
using MediaPlatform.Domain.Records;

namespace MediaPlatform.Application.Episodes;

/// <summary>Moves the approval of a version of a script.</summary>
/// <returns>Its number.</returns>
public sealed record MoveScriptApproval(ScriptOf Script, int Number, ApprovalMove Move) : ICommand<int>;

internal sealed class MoveScriptApprovalHandler(IScripts scripts, CallContext context) : ICommandHandler<MoveScriptApproval, int>
{
    public async Task<Result<int>> Handle(MoveScriptApproval command, CancellationToken cancellationToken)
    {
        var found = await scripts.Open(command.Script, context.Caller.Role, cancellationToken);
        if (!found.Succeeded) return found.As<int>();
        if (await scripts.FindApproval(found.Value, command.Number, cancellationToken) is not { } status) return new ScriptVersionNotFound(command.Number);

        var moved = Approval.Move(status, command.Move);
        if (!moved.Succeeded) return moved.As<int>();

        await scripts.SaveApproval(found.Value, command.Number, moved.Value, cancellationToken);
        await scripts.Save(found.Value, cancellationToken);
        return command.Number;
    }
}
