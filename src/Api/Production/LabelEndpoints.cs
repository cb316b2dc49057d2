using MediaPlatform.Api.Http;
using MediaPlatform.Application.Production;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Api.Production;

/// <summary>Who makes productions.</summary>
internal static class LabelEndpoints
{
    public static void MapNetworks(this RouteGroupBuilder api) => api.MapResource<NetworkFields, NetworkDetails>(
        "/networks", "networks", new("Network", ProductionKinds.Network, "a network", new { Name = "Northlight" }) { Refusals = [(409, "NETWORK_NAME_TAKEN"), (422, "VALIDATION_ERROR")] },
        "Newest first. `q` searches names, tags and notes.");

    public static void MapLabels(this RouteGroupBuilder api)
    {
        api.MapResource<LabelFields, LabelDetails>(
            "/labels", "labels", new("Label", ProductionKinds.Label, "a label", new { Name = "Atelier Nine" }) { Refusals = [(409, "LABEL_NAME_TAKEN"), (422, "VALIDATION_ERROR")] },
            "Newest first. `q` searches names, tags and notes. A deletion takes the projects along.");
        api.MapLinks<LabelNetworkLink, LabelNetworkDetails>(
            new(ProductionKinds.LabelNetwork, "/labels/{id:guid}/networks", ["network_id:guid"], "Label", "Network", "a network of a label", "the networks of a label", new { Notes = "Since 2019" })
            {
                Remarks = "A label belongs to any number of networks.",
            });
    }

    public static void MapProjects(this RouteGroupBuilder api) => api.MapResource<ProjectFields, ProjectDetails>(
        "/projects", "projects",
        new("Project", ProductionKinds.Project, "a project", new { LabelId = Guid.Empty, Name = "Winter campaign", StartAt = "2026-01-05T09:00:00Z" })
        {
            Refusals = [(409, "PROJECT_NAME_TAKEN"), (422, "LABEL_NOT_FOUND"), (422, "VALIDATION_ERROR")],
        },
        "Newest first. `q` searches names, tags and notes.");
}
