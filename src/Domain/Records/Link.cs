namespace MediaPlatform.Domain.Records;

/// <summary>A kind of links between two records, such as the networks of a label.</summary>
/// <param name="Of">Whose links they are: below its path they stand.</param>
/// <param name="To">What is linked.</param>
/// <param name="Code">Of one, in error codes, such as <c>LABEL_NETWORK</c>.</param>
/// <param name="Missing">What there is not, where there is none: a sentence over the ids of both.</param>
public sealed record LinkKind(RecordKind Of, RecordKind To, string Code, Func<Guid, Guid, string> Missing)
{
    /// <summary>A record has at most so many of a kind, in the trash or not.</summary>
    public const int Most = 500;

    /// <summary>What the linked one may be there, each beside the others, such as its roles; empty where a link says nothing of the kind.</summary>
    public IReadOnlyList<string> As { get; init; } = [];
}

/// <summary>Which one of them.</summary>
/// <param name="As">What <paramref name="To"/> is there, where it may be several things at once, such as a role; null where it may not.</param>
public sealed record LinkKey(Guid Of, Guid To, string? As = null);

public sealed record LinkNotFound(LinkKind Of, LinkKey Key) : NotFoundError($"{Of.Code}_NOT_FOUND", Of.Missing(Key.Of, Key.To));
public sealed record LinkAsUnknown(LinkKind Of, string Given) : InvalidError("VALIDATION_ERROR", $"\"{Given}\" is none of {string.Join(", ", Of.As)}.", "role");
public sealed record LinkLimit(LinkKind Of) : ConflictError($"{Of.Code}_LIMIT", $"There are {LinkKind.Most} of these already, which is the most.");
