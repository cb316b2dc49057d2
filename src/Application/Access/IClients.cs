using MediaPlatform.Domain.Access;

namespace MediaPlatform.Application.Access;

/// <summary>Tenants, for writing; the one place that is not bound to the caller's client, for an operator's commands.</summary>
public interface IClients
{
    /// <summary>False when the slug belongs to another client.</summary>
    Task<bool> Add(ClientId id, string name, string slug, CancellationToken cancellationToken);

    Task<ClientId?> FindBySlug(string slug, CancellationToken cancellationToken);

    /// <summary>The slugs of all, in their order.</summary>
    Task<IReadOnlyList<string>> ListSlugs(CancellationToken cancellationToken);

    /// <summary>The caller's client; null for any other.</summary>
    Task<Client?> FindForUpdate(ClientId id, CancellationToken cancellationToken);

    /// <summary>Name and settings.</summary>
    Task Save(Client client, CancellationToken cancellationToken);

    Task<TrashedClient> Trash(ClientId id, string? reason, CancellationToken cancellationToken);
    Task Restore(ClientId id, CancellationToken cancellationToken);
}
