namespace MediaPlatform.Domain.Media;

// Why nothing was fetched by a URL. None of them repeats the URL: its path and its query may hold secrets.
public sealed record UrlInvalid(string Why) : InvalidError("URL_INVALID", Why, "url");
public sealed record UrlForbidden() : InvalidError("URL_FORBIDDEN", "The URL leads to an address that is not of the public internet; nothing is fetched from there.", "url");
public sealed record UrlDowngraded() : InvalidError("URL_DOWNGRADED", "The server sends on from https to http, where anybody on the way could change the file.", "url");
public sealed record UrlUnreachable(string Why) : InvalidError("URL_UNREACHABLE", Why, "url");
public sealed record UrlTimedOut(string Why) : InvalidError("URL_TIMED_OUT", Why, "url");
public sealed record UrlRefused(int Status) : InvalidError("URL_REFUSED", $"The server answers with the status {Status}, and with no file.", "url");
public sealed record UrlTooManyRedirects(int Limit) : InvalidError("URL_TOO_MANY_REDIRECTS", $"The server sends on more than {Limit} times.", "url");
public sealed record UrlTooLarge(long Limit) : InvalidError("URL_TOO_LARGE", $"The file has more than the {Limit} bytes that a file may have.", "url");
public sealed record UrlIncomplete() : InvalidError("URL_INCOMPLETE", "The server ended the connection before the whole file had come.", "url");
public sealed record UrlEncoded() : InvalidError("URL_ENCODED", "The server compresses its answer, although it is asked not to.", "url");
public sealed record UrlAnswerUnreadable() : InvalidError("URL_ANSWER_UNREADABLE", "The server's answer is not HTTP, or its head is too long.", "url");
