using System.Text.Json;
using FluentValidation;
using MediaPlatform.Domain.Tagging;

namespace MediaPlatform.Application.Records;

/// <summary>What has fields of the client's own.</summary>
public interface ICustomFields
{
    JsonElement? CustomFields { get; }
}

/// <summary>What people write of every kind of records.</summary>
public interface IRecordFields : ICustomFields
{
    string? ExternalId { get; }

    IReadOnlyList<string>? Tags { get; }
}

/// <summary>Their shape.</summary>
internal static class SharedFieldsRules
{
    public static void SharedFields<T>(this AbstractValidator<T> validator)
        where T : IRecordFields
    {
        validator.RuleFor(record => record.ExternalId).MaximumLength(200);
        validator.RuleFor(record => record.Tags).Must(tags => tags is not { Count: > Tags.MaxCount }).WithMessage($"At most {Tags.MaxCount} tags.");
        validator.RuleForEach(record => record.Tags).Must(Tags.IsTag).WithMessage($"A tag is 1 to {Tags.MaxLength} characters.");
        validator.RuleFor(record => record.CustomFields).CustomFields();
    }
}
