using System.Globalization;
using System.Net;

namespace MediaPlatform.Tests.Support;

/// <summary>What <c>/metrics</c> of a process said.</summary>
public sealed record Figures(HttpStatusCode Status, string ContentType, string Text)
{
    private static readonly HttpClient Http = new();

    /// <param name="process">The address of an API or a worker.</param>
    public static async Task<Figures> Of(Uri process, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(process, "/metrics"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await Http.SendAsync(request);
        return new(answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The lines of the samples; comments are left out.</summary>
    public string[] Samples => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];

    /// <summary>The sum of the samples of a name that have all these labels, such as <c>family="video"</c>; null when there are none.</summary>
    public double? Sum(string name, params string[] labels)
    {
        var found = Samples.Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)).ToList();
        return found.Count == 0 ? null : found.Sum();
    }
}
