namespace MediaPlatform.Domain.Access;

/// <summary>A tenant.</summary>
public readonly record struct ClientId(Guid Value);

/// <summary>A person.</summary>
public readonly record struct UserId(Guid Value);

/// <summary>A user in a client.</summary>
public readonly record struct MemberId(Guid Value);

/// <summary>A service's key to a client.</summary>
public readonly record struct ApiKeyId(Guid Value);
