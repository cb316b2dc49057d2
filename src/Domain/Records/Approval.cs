namespace MediaPlatform.Domain.Records;

/// <summary>Whether somebody stands for a record. New ones are approved.</summary>
public enum ApprovalStatus { Draft, Approved, Rejected }

/// <summary>A step of an approval.</summary>
public enum ApprovalMove { Approve, Unapprove, Reject, Resubmit }

/// <summary>The lifecycle of an approval, the same for whatever can be approved: a table, which says both what may be done and what may be done next.</summary>
public static class Approval
{
    private static readonly (ApprovalStatus From, ApprovalMove Move, ApprovalStatus To)[] Ways =
    [
        (ApprovalStatus.Draft, ApprovalMove.Approve, ApprovalStatus.Approved),
        (ApprovalStatus.Approved, ApprovalMove.Unapprove, ApprovalStatus.Draft),
        (ApprovalStatus.Draft, ApprovalMove.Reject, ApprovalStatus.Rejected),
        (ApprovalStatus.Rejected, ApprovalMove.Resubmit, ApprovalStatus.Draft),
    ];

    /// <summary>Where a move leads.</summary>
    public static Result<ApprovalStatus> Move(ApprovalStatus from, ApprovalMove move)
    {
        foreach (var way in Ways)
        {
            if (way.From == from && way.Move == move) return way.To;
        }

        return new ApprovalForbids(from, move);
    }

    /// <summary>The moves that there are from here.</summary>
    public static IEnumerable<ApprovalMove> Next(ApprovalStatus status) => from way in Ways where way.From == status select way.Move;
}
