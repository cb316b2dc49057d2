using FluentValidation;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Changes the settings of the caller's client; null leaves what cannot be empty.</summary>
/// <param name="AllowedFileTypes">Emptied, all that the platform supports are taken in.</param>
/// <param name="IfMatch">The version that the caller has seen; null for any.</param>
public sealed record ChangeClient(ClientId Id, string? Name, Change<IReadOnlyList<string>> AllowedFileTypes, int? TrashRetentionDays, int? WardrobeCoolDownDays, long? IfMatch) : ICommand<Done>
{
    /// <summary>What its stock media may take, in bytes.</summary>
    public long? LibraryQuotaBytes { get; init; }

    /// <summary>Bytes by provider, above which its media are evicted first; all of them.</summary>
    public IReadOnlyDictionary<string, long>? LibraryProviderCaps { get; init; }
}

internal sealed class ChangeClientValidator : AbstractValidator<ChangeClient>
{
    private static readonly string[] StockProviders = ["pexels", "unsplash", "pixabay"];

    public ChangeClientValidator()
    {
        RuleFor(change => change.Name).NotEmpty().MaximumLength(200).When(change => change.Name is not null);
        RuleFor(change => change.TrashRetentionDays).InclusiveBetween(0, 3650).When(change => change.TrashRetentionDays is not null);
        RuleFor(change => change.WardrobeCoolDownDays).InclusiveBetween(0, 3650).When(change => change.WardrobeCoolDownDays is not null);
        RuleFor(change => change.LibraryQuotaBytes).InclusiveBetween(0, 1L << 60).When(change => change.LibraryQuotaBytes is not null);
        RuleFor(change => change.LibraryProviderCaps).Must(caps => caps is null || (caps.Count <= 20 && caps.All(cap => StockProviders.Contains(cap.Key) && cap.Value is >= 0 and <= 1L << 60)))
            .WithMessage("library_provider_caps has bytes of pexels, unsplash and pixabay, such as {\"pexels\": 100000000000}.");
        RuleFor(change => change.AllowedFileTypes).Must(types => types.Value is not { Count: 0 or > 100 })
            .WithMessage("allowed_file_types has 1 to 100 MIME types; null takes all that are supported.");
    }
}

internal sealed class ChangeClientHandler(IClients clients, IFileTypes fileTypes) : ICommandHandler<ChangeClient, Done>
{
    public async Task<Result<Done>> Handle(ChangeClient command, CancellationToken cancellationToken)
    {
        if (await clients.FindForUpdate(command.Id, cancellationToken) is not { } client) return new ClientNotFound(command.Id);
        if (StaleVersion.Unless(command.IfMatch, client.Version) is { } stale) return stale;

        var types = command.AllowedFileTypes.IsGiven ? command.AllowedFileTypes.Value?.Distinct(StringComparer.Ordinal).ToList() : client.AllowedFileTypes;
        Error[] unknown = [.. (types ?? []).Where(type => !fileTypes.All.Contains(type)).Select(type => new UnknownFileType(type, NearestName.Hint(type, fileTypes.All)))];
        if (unknown.Length > 0) return unknown;

        await clients.Save(
            client with
            {
                Name = command.Name?.Trim() ?? client.Name, AllowedFileTypes = types, TrashRetentionDays = command.TrashRetentionDays ?? client.TrashRetentionDays,
                WardrobeCoolDownDays = command.WardrobeCoolDownDays ?? client.WardrobeCoolDownDays, LibraryQuotaBytes = command.LibraryQuotaBytes ?? client.LibraryQuotaBytes,
                LibraryProviderCaps = command.LibraryProviderCaps ?? client.LibraryProviderCaps,
            },
            cancellationToken);
        return Done.Instance;
    }
}
