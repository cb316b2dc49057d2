using System.Text.Json;
using MediaPlatform.Application.Jobs;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Jobs;

namespace MediaPlatform.Application.Publication;

/// <summary>Keeps what is to be imported, byte for byte, and has it done. The same again goes on with what is left of it, and tries once more what failed.</summary>
public sealed record ImportSets(ImportFormat Format, ReadOnlyMemory<byte> Payload) : ICommand<StoredImport>;

/// <summary>An import that is kept.</summary>
/// <param name="IsShort">Whether it can be done at once, while its sender waits; what is long is left to the job.</param>
public sealed record StoredImport(Guid Id, bool IsShort);

internal sealed class ImportSetsHandler(ISetImportReader reader, ISetImports imports, IJobs jobs) : ICommandHandler<ImportSets, StoredImport>
{
    public async Task<Result<StoredImport>> Handle(ImportSets command, CancellationToken cancellationToken)
    {
        var rows = reader.Rows(command.Format, command.Payload);
        if (!rows.Succeeded) return rows.As<StoredImport>();

        var id = await imports.Add(command.Format, command.Payload, rows.Value.Count, cancellationToken);
        await jobs.Enqueue(new NewJob(JobType.SetImport, ApplySetImport.SubjectType, id, DedupeKey: null), cancellationToken);
        return new StoredImport(id, IsShort(rows.Value));
    }

    private static bool IsShort(IReadOnlyList<JsonElement> rows) =>
        rows.Count <= ApplyImport.AtATime && rows.Sum(SetRow.CountCredits) <= ApplyImport.MostCredits;
}
