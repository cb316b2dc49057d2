using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Publication;

namespace MediaPlatform.Application.Publication;

/// <summary>A row with all that is said against it.</summary>
/// <param name="Row">As far as it could be read; null where nothing of it could.</param>
/// <param name="Match">What it is found to be; of a row that could be read.</param>
/// <param name="IsTold">Whether it says which set it is. One that is there is left as it is, whatever else would be wrong with another.</param>
/// <param name="Errors">Why no set can be made of it, no fault twice; empty where one can.</param>
internal sealed record CheckedRow(int Number, SetRow? Row, Match? Match, bool IsTold, IReadOnlyList<Error> Errors);

/// <summary>Holds the rows of an import to all that any set is held to, so that one answer has every reason: whether they are planned or done.</summary>
internal sealed class SetRowChecks(ISetImports imports, IEnumerable<IValidator<SetFields>> validators)
{
    /// <summary>As many errors as a row has; more say nothing new.</summary>
    public const int MostErrors = 100;

    /// <summary>The rows in their order.</summary>
    public async Task<IReadOnlyList<CheckedRow>> Check(IEnumerable<(int Number, JsonElement Given)> given, CancellationToken cancellationToken)
    {
        (int Number, ReadRow Read)[] all = [.. given.Select(one => (one.Number, SetRow.Read(one.Number, one.Given)))];
        SetRow[] rows = [.. all.Select(one => one.Read.Row).OfType<SetRow>()];
        var matches = await imports.Match(rows, cancellationToken);
        Error[][] shapes = [.. rows.Select(row => validators.ErrorsOf(row.In(matches[row.Number].ChannelId ?? Guid.Empty)))];
        var refused = await imports.FindRefused([.. rows.Select((row, at) => Array.Exists(shapes[at], IsOfOwnFields) ? null : row.CustomFields)], cancellationToken);

        var (held, next) = (new List<CheckedRow>(all.Length), 0);
        foreach (var (number, read) in all)
        {
            if (read.Row is not { } row)
            {
                held.Add(new(number, Row: null, Match: null, IsTold: false, read.Errors));
                continue;
            }

            var match = matches[number];
            var errors = new List<Error>(read.Errors);
            if (FaultOfChannel(row, match) is { } fault) errors.Add(fault);
            foreach (var round in new[] { shapes[next], refused[next] }) errors.AddRange(round.Where(error => !IsSaid(errors, error)).ToArray());
            held.Add(new(number, row, match, match.ChannelId is not null && read.Errors.Count == 0, errors.Count > MostErrors ? errors[..MostErrors] : errors));
            next++;
        }

        return held;
    }

    private static Error? FaultOfChannel(SetRow row, Match match) => (row.Channel, row.ChannelId) switch
    {
        _ when match.ChannelId is not null => null,
        (null, null) => null, // which the row has been told
        ({ } name, { } id) when match.IsOther => ImportErrors.ChannelMismatch(name, id),
        (_, { } id) => ImportErrors.ChannelUnknown(id.ToString(), "channel_id"),
        ({ } name, null) => ImportErrors.ChannelUnknown(name, "channel"),
    };

    /// <summary>Whether something was said of the field already, or of what it stands in.</summary>
    private static bool IsSaid(List<Error> errors, Error error) => error.Field is { } field && errors.Exists(said => said.Field is { } of && field.StartsWith(of, StringComparison.Ordinal) && (field.Length == of.Length || field[of.Length] is '.' or '['));

    private static bool IsOfOwnFields(Error error) => error.Field == "custom_fields";
}
