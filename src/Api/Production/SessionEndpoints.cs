using MediaPlatform.Api.Http;
using MediaPlatform.Application.Production;
using MediaPlatform.Domain.Production;

namespace MediaPlatform.Api.Production;

internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapResource<SessionFields, SessionDetails>(
            "/sessions", "sessions", new("Session", ProductionKinds.Session, "a session", new { ProducedStartAt = "2026-01-05T09:00:00Z", ProducedEndAt = "2026-01-05T17:30:00Z", Location = "Studio B, Lisbon" })
            {
                Refusals = [(422, "LABEL_NOT_FOUND"), (422, "PROJECT_NOT_FOUND"), (422, "SESSION_LABEL_DISAGREES"), (422, "SESSION_WITHOUT_START"), (422, "VALIDATION_ERROR")],
                Remarks = "A session of a project is its label's.", KeepsSome = true,
            },
            "Newest first. `q` searches locations, tags and notes. People make sessions; no import, no job and nothing that is done to something else does.");
        sessions.MapVerb("Confirm", "Say that a session took place as it is written", (id, seen) => new ConfirmSession(id, IsConfirmed: true, seen)).Problems(422, "SESSION_WITHOUT_START").Problems(423, "SESSION_CONFIRMED");
        sessions.MapVerb("Reopen", "Say that this is not so sure after all", (id, seen) => new ConfirmSession(id, IsConfirmed: false, seen)).WithDescription("It is a draft again.").Problems(423, "SESSION_DRAFT");
        api.MapLinks<SessionParticipantLink, SessionParticipantDetails>(
            new(
                ProductionKinds.SessionParticipant, "/sessions/{id:guid}/participants", ["person_id:guid", "role"], "Session", "Participant", "a participant of a session", "the participants of a session",
                new { CreditNameOverride = "Zoe L." })
            {
                Remarks = "The role is model or photographer; somebody may be in a session as both.",
            });
    }
}
