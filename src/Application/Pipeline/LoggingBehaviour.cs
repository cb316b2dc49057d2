using System.Diagnostics;
using MediaPlatform.Domain;
using MediatR;
using Microsoft.Extensions.Logging;

namespace MediaPlatform.Application.Pipeline;

/// <summary>One line for each message that was refused, and at debug level for each that was done. Messages themselves are never logged: they hold people's words.</summary>
internal sealed class LoggingBehaviour<TRequest, TResponse>(ILogger<TRequest> logger) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await next();

        if (!outcome.Succeeded)
        {
            logger.LogInformation("{UseCase} refused: {ErrorCodes}", typeof(TRequest).Name, string.Join(',', outcome.Errors.Select(error => error.Code)));
        }
        else if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.LogDebug("{UseCase} done in {ElapsedMs:0.0} ms", typeof(TRequest).Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return outcome;
    }
}
