namespace MediaPlatform.Domain;

/// <summary>What a failure means to a caller; the API maps each kind to one status code.</summary>
public enum ErrorKind
{
    /// <summary>400: the request cannot be read.</summary>
    Malformed,
    /// <summary>403: the caller may not.</summary>
    Forbidden,
    /// <summary>404: there is no such thing for this caller.</summary>
    NotFound,
    /// <summary>410: it is in the trash, and the caller may know.</summary>
    Gone,
    /// <summary>409: it contradicts what is there.</summary>
    Conflict,
    /// <summary>412: the version asked for is not the current one.</summary>
    Stale,
    /// <summary>413: more bytes than allowed.</summary>
    TooLarge,
    /// <summary>415: a type of content that is not taken.</summary>
    UnsupportedType,
    /// <summary>422: well-formed, and not acceptable.</summary>
    Invalid,
    /// <summary>423: the lifecycle forbids it now.</summary>
    Locked,
    /// <summary>429: more at once, or in a time, than one may.</summary>
    TooMany,
    /// <summary>307: it is another one by now.</summary>
    Moved,
    /// <summary>503: a dependency is down or full; trying later may help.</summary>
    Unavailable,
}

/// <summary>A failure that a caller can understand.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Code">Stable, SCREAMING_SNAKE; clients branch on it.</param>
/// <param name="Message">One English sentence for a person.</param>
/// <param name="Field">The path of the field at fault, in wire spelling, when there is one.</param>
public abstract record Error(ErrorKind Kind, string Code, string Message, string? Field = null);

/// <summary>400.</summary>
public record MalformedError(string Code, string Message, string? Field = null) : Error(ErrorKind.Malformed, Code, Message, Field);

/// <summary>403.</summary>
public record ForbiddenError(string Code, string Message) : Error(ErrorKind.Forbidden, Code, Message);

/// <summary>404.</summary>
public record NotFoundError(string Code, string Message) : Error(ErrorKind.NotFound, Code, Message);

/// <summary>410.</summary>
public record GoneError(string Code, string Message) : Error(ErrorKind.Gone, Code, Message);

/// <summary>307.</summary>
/// <param name="To">Its path now, below the version.</param>
public record MovedError(string Code, string Message, string To) : Error(ErrorKind.Moved, Code, Message);

/// <summary>409.</summary>
public record ConflictError(string Code, string Message, string? Field = null) : Error(ErrorKind.Conflict, Code, Message, Field);

/// <summary>412.</summary>
public record StaleError(string Code, string Message) : Error(ErrorKind.Stale, Code, Message);

/// <summary>413.</summary>
public record TooLargeError(string Code, string Message, string? Field = null) : Error(ErrorKind.TooLarge, Code, Message, Field);

/// <summary>415.</summary>
public record UnsupportedTypeError(string Code, string Message, string? Field = null) : Error(ErrorKind.UnsupportedType, Code, Message, Field);

/// <summary>422.</summary>
public record InvalidError(string Code, string Message, string? Field = null) : Error(ErrorKind.Invalid, Code, Message, Field);

/// <summary>423.</summary>
public record LockedError(string Code, string Message) : Error(ErrorKind.Locked, Code, Message);

/// <summary>429.</summary>
public record TooManyError(string Code, string Message) : Error(ErrorKind.TooMany, Code, Message);

/// <summary>503.</summary>
public record UnavailableError(string Code, string Message) : Error(ErrorKind.Unavailable, Code, Message);
