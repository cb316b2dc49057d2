using System.Text.Json;
using FluentValidation;
using MediaPlatform.Application.Production;
using MediaPlatform.Application.Records;

namespace MediaPlatform.Application.Publication;

/// <summary>A channel, where sets are published, as people write it.</summary>
/// <param name="Name">At most 200 characters; one channel has it, whatever its case and accents.</param>
/// <param name="Notes">At most 20,000 characters.</param>
/// <param name="ExternalId">What another system calls it; at most 200 characters.</param>
/// <param name="Tags">All of them, at most 200 of 100 characters each.</param>
/// <param name="CustomFields">A JSON object of the client's own, of at most 64 KiB.</param>
public sealed record ChannelFields(string Name, string? Notes = null, string? ExternalId = null, IReadOnlyList<string>? Tags = null, JsonElement? CustomFields = null) : IRecordFields;

internal sealed class ChannelFieldsValidator : AbstractValidator<ChannelFields>
{
    public ChannelFieldsValidator()
    {
        RuleFor(channel => channel.Name).ProperName();
        RuleFor(channel => channel.Notes).MaximumLength(20_000);
        this.SharedFields();
    }
}

/// <summary>A channel.</summary>
/// <param name="Sets">How many sets came out there, those in the trash aside.</param>
public sealed record ChannelDetails(
    Guid Id, string Name, string? Notes, int Sets, string? ExternalId, string[] Tags, JsonElement CustomFields, string ApprovalStatus, string SchemaVersion,
    DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version, DateTimeOffset? ApprovedAt, Guid? OriginalApprover,
    DateTimeOffset? DeletedAt, Guid? DeletedBy, string? DeletedReason, DateTimeOffset? RestoredAt, Guid? RestoredBy) : IRecordDetails;

/// <summary>That a channel publishes the work of a label.</summary>
/// <param name="Confidence">How sure that is, from 0 to 1.</param>
/// <param name="Notes">Such as how it is known; at most 2,000 characters.</param>
public sealed record ChannelLabelLink(double Confidence, string? Notes = null) : IClaim;

/// <summary>A label whose work a channel publishes.</summary>
/// <param name="Confidence">How sure that is, from 0 to 1.</param>
/// <param name="Version">Of the link.</param>
public sealed record ChannelLabelDetails(Guid LabelId, string Name, double Confidence, string? Notes, DateTimeOffset CreatedAt, Guid? CreatedBy, DateTimeOffset UpdatedAt, int Version) : ILinkDetails;

/// <summary>What is believed, and how much.</summary>
public interface IClaim
{
    double Confidence { get; }

    string? Notes { get; }
}

internal sealed class ChannelLabelLinkValidator : AbstractValidator<ChannelLabelLink>
{
    public ChannelLabelLinkValidator() => this.Claim();
}

internal static class Claims
{
    public static void Claim<T>(this AbstractValidator<T> validator)
        where T : IClaim
    {
        validator.RuleFor(claim => claim.Confidence).InclusiveBetween(0, 1);
        validator.RuleFor(claim => claim.Notes).MaximumLength(2_000);
    }
}
