namespace MediaPlatform.Domain;

/// <summary>What a use case answers: a value, or every reason why there is none.</summary>
/// <remarks>Exceptions are for bugs and outages; whatever a caller can do wrong is an <see cref="Error"/>.</remarks>
public readonly struct Result<T> : IOutcome<Result<T>>
{
    private readonly T? value;
    private readonly Error[]? errors;

    private Result(T? value, Error[]? errors) => (this.value, this.errors) = (value, errors);

    /// <summary>True when there is a value.</summary>
    public bool Succeeded => errors is null;

    /// <summary>The value. Asking for it after a failure is a bug and throws.</summary>
    public T Value => errors is null ? value! : throw new InvalidOperationException($"There is no value: {errors[0].Code}.");

    /// <summary>The reasons, empty after a success. All of them are of one <see cref="ErrorKind"/>.</summary>
    public IReadOnlyList<Error> Errors => errors ?? [];

    /// <summary>One of the two, by outcome.</summary>
    public TOut Match<TOut>(Func<T, TOut> success, Func<IReadOnlyList<Error>, TOut> failure) =>
        errors is null ? success(value!) : failure(errors);

    /// <summary>The same failure for another type of value.</summary>
    public Result<TOther> As<TOther>() => errors ?? throw new InvalidOperationException("A success has no errors to hand on.");

    static Result<T> IOutcome<Result<T>>.Failed(Error[] errors) => errors;

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A failure with one reason.</summary>
    public static implicit operator Result<T>(Error error) => new(default, [error]);

    /// <summary>A failure with all of its reasons, at least one.</summary>
    public static implicit operator Result<T>(Error[] errors) =>
        new(default, errors.Length > 0 ? errors : throw new ArgumentException("A failure needs a reason.", nameof(errors)));
}

/// <summary>What a pipeline can ask of any <see cref="Result{T}"/> without knowing its value.</summary>
public interface IOutcome<TSelf>
    where TSelf : IOutcome<TSelf>
{
    /// <summary>True when there is a value.</summary>
    bool Succeeded { get; }

    /// <summary>The reasons, empty after a success.</summary>
    IReadOnlyList<Error> Errors { get; }

    /// <summary>A failure with all of its reasons.</summary>
    static abstract TSelf Failed(Error[] errors);
}

/// <summary>The value of a use case that has nothing to say but that it was done.</summary>
public readonly record struct Done
{
    /// <summary>The one value.</summary>
    public static readonly Done Instance;
}
