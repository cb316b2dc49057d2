namespace MediaPlatform.Domain.Records;

/// <summary>Something worth knowing of what was written, which stopped nothing.</summary>
/// <param name="Code">Stable, such as <c>DUPLICATE_WARDROBE_ITEM</c>.</param>
/// <param name="Message">One English sentence.</param>
/// <param name="Field">The field that it is about.</param>
/// <param name="RelatedIds">The records that it is about, a few of them.</param>
public sealed record Finding(string Code, string Message, string Field, IReadOnlyList<Guid> RelatedIds);
