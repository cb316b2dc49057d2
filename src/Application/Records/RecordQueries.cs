using System.Text.Json;
using MediaPlatform.Application.Pipeline;
using MediaPlatform.Application.Query;

namespace MediaPlatform.Application.Records;

/// <summary>What every record shows beside what is its own.</summary>
public interface IRecordDetails
{
    Guid Id { get; }

    int Version { get; }

    DateTimeOffset? DeletedAt { get; }

    /// <summary>Which other one it is by now; null while it is itself.</summary>
    Guid? MovedTo => null;

    /// <summary>An object of the client's own, of kinds that have one.</summary>
    JsonElement CustomFields => default;
}

/// <summary>One record. What is in the trash is gone for an admin and unknown to others, unless it is asked for; what is another one by now leads there.</summary>
public sealed record GetRecord<TDetails>(Guid Id, bool IncludeDeleted) : IQuery<TDetails>
    where TDetails : IRecordDetails;

/// <summary>The records of a kind, newest first.</summary>
public sealed record ListRecords<TDetails>(ListRequest Request) : IQuery<Page<TDetails>>
    where TDetails : IRecordDetails;
