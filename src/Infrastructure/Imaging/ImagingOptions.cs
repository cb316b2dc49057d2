using System.ComponentModel.DataAnnotations;

namespace MediaPlatform.Infrastructure.Imaging;

/// <summary>How pictures are decoded. <see cref="Problems"/> says what is wrong with a setting.</summary>
public sealed record ImagingOptions : IValidatableObject
{
    /// <summary>Child processes, each decoding one picture at a time on one thread. The number of processors by default.</summary>
    public int Processes { get; init; } = Environment.ProcessorCount;

    /// <summary>Time for one picture, from the request to its last rendition; then the child is killed. 30 s by default.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for a child to start and load libvips. 30 s by default.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Private writable memory of one child (RLIMIT_DATA), runtime included. 1 GiB by default.</summary>
    public long MemoryLimitBytes { get; init; } = 1L << 30;

    /// <summary>The largest file that a child may write (RLIMIT_FSIZE). 256 MiB by default.</summary>
    public long OutputLimitBytes { get; init; } = 256L << 20;

    /// <summary>Files after which a child is replaced, so that no leak or fragmentation lasts. 500 by default.</summary>
    public int FilesPerProcess { get; init; } = 500;

    /// <summary>Default of <c>ImageLimits.MaxPixels</c>: width times height of one frame.</summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Default of <c>ImageLimits.MaxSide</c>: pixels a side.</summary>
    public int MaxSide { get; init; } = 16_384;

    /// <summary>The program of a child and its arguments. Empty by default: this program itself, with the argument <c>decoder</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>For tests: files that begin with <c>rehearse:</c> make the child hang, balloon or die.</summary>
    internal bool Rehearsing { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Problems().Select(problem => new ValidationResult(problem));

    /// <summary>One sentence for each setting that cannot work, naming it.</summary>
    public IEnumerable<string> Problems()
    {
        if (Processes is < 1 or > 256) yield return $"Imaging:Processes must be 1 to 256, not {Processes}.";
        if (TimeLimit <= TimeSpan.Zero || TimeLimit > TimeSpan.FromHours(1)) yield return $"Imaging:TimeLimit must be more than zero and at most an hour, not {TimeLimit}.";
        if (StartLimit <= TimeSpan.Zero || StartLimit > TimeSpan.FromHours(1)) yield return $"Imaging:StartLimit must be more than zero and at most an hour, not {StartLimit}.";
        if (MemoryLimitBytes < 256L << 20) yield return $"Imaging:MemoryLimitBytes must be at least 268435456 (256 MiB), not {MemoryLimitBytes}.";
        if (OutputLimitBytes < 1L << 20) yield return $"Imaging:OutputLimitBytes must be at least 1048576 (1 MiB), not {OutputLimitBytes}.";
        if (FilesPerProcess < 1) yield return $"Imaging:FilesPerProcess must be at least 1, not {FilesPerProcess}.";
        if (MaxPixels < 1) yield return $"Imaging:MaxPixels must be at least 1, not {MaxPixels}.";
        if (MaxSide is < 1 or > 10_000_000) yield return $"Imaging:MaxSide must be 1 to 10000000, not {MaxSide}.";
    }
}
