using System.Text.Json;
using FluentValidation;
using MediaPlatform.Domain;
using MediatR;

namespace MediaPlatform.Application.Pipeline;

/// <summary>Refuses a message of the wrong shape with every reason at once, before anything is opened.</summary>
internal sealed class ValidationBehaviour<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IOutcome<TResponse>
{
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var errors = validators.ErrorsOf(request);
        return errors.Length > 0 ? Task.FromResult(TResponse.Failed(errors)) : next();
    }
}

internal static class Validation
{
    /// <summary>Every reason why something is of the wrong shape.</summary>
    public static Error[] ErrorsOf<T>(this IEnumerable<IValidator<T>> validators, T value) =>
    [
        .. from validator in validators
        from failure in validator.Validate(value).Errors
        select new InvalidError("VALIDATION_ERROR", failure.ErrorMessage, WirePath(failure.PropertyName)),
    ];

    private static string WirePath(string propertyName) =>
        string.Join('.', propertyName.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}
