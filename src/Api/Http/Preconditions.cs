using System.Reflection;
using MediaPlatform.Domain;
using Microsoft.AspNetCore.Http.Metadata;

namespace MediaPlatform.Api.Http;

/// <summary><c>If-Match</c>: the version that the caller last saw.</summary>
/// <remarks>Only the version part of the ETag counts, so a change of what is included in an answer makes no writer stale.</remarks>
internal sealed class IfMatch : IBound, IBindableFromHttpContext<IfMatch>, IEndpointParameterMetadataProvider
{
    private IfMatch(long? version, IReadOnlyList<Error> errors) => (Version, Errors) = (version, errors);

    /// <summary>Null when the caller asked for no particular one (no header, or <c>*</c>).</summary>
    public long? Version { get; }

    public IReadOnlyList<Error> Errors { get; }

    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch;
        var text = header.ToString().Trim();
        if (header.Count == 0 || text == "*") return ValueTask.FromResult<IfMatch?>(new(null, []));
        if (EntityTags.TryVersion(text, out var version)) return ValueTask.FromResult<IfMatch?>(new(version, []));
        return ValueTask.FromResult<IfMatch?>(new(null, [new MalformedError("INVALID_HEADER", "If-Match must be one ETag as a GET gave it, quotes included, or *.", "If-Match")]));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status400BadRequest, ["INVALID_HEADER"]));
        builder.Metadata.Add(new ProblemsMetadata(StatusCodes.Status412PreconditionFailed, ["STALE_VERSION"]));
    }
}

/// <summary><c>Prefer: wait=N</c> (RFC 7240): how long the caller would wait for the work itself instead of a 202.</summary>
internal sealed class Preference : IBindableFromHttpContext<Preference>
{
    private const int MaxSeconds = 30;
    private readonly HttpContext context;

    private Preference(HttpContext context, TimeSpan wait) => (this.context, Wait) = (context, wait);

    /// <summary>Zero when no wait is asked for; 30 s at most.</summary>
    public TimeSpan Wait { get; }

    /// <summary>Tells the caller that the wait was honoured. Before the answer starts.</summary>
    public void Applied() => context.Response.Headers["Preference-Applied"] = $"wait={Wait.TotalSeconds:0}";

    public static ValueTask<Preference?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        foreach (var preference in context.Request.Headers["Prefer"].ToString().Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            // A preference that cannot be read is ignored: that is what RFC 7240 asks for.
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase) && int.TryParse(parts[1].Trim('"'), out var seconds) && seconds > 0)
                return ValueTask.FromResult<Preference?>(new(context, TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds))));
        }

        return ValueTask.FromResult<Preference?>(new(context, TimeSpan.Zero));
    }
}
