using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;

namespace MediaPlatform.Application.Publication;

/// <summary>Does the next rows of an import while its sender waits.</summary>
/// <returns>How many rows were done; none when nothing is left.</returns>
public sealed record ApplyImport(Guid Id) : ICommand<int>
{
    /// <summary>As many at most.</summary>
    public const int AtATime = 200;

    /// <summary>As many credits at most, all rows together: as long as one waits, and others who import wait for the transaction.</summary>
    public const int MostCredits = 5_000;
}

internal sealed class ApplyImportHandler(SetImporter importer) : ICommandHandler<ApplyImport, int>
{
    public async Task<Result<int>> Handle(ApplyImport command, CancellationToken cancellationToken) => await importer.Apply(command.Id, cancellationToken);
}
