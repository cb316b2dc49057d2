using MediaPlatform.Domain;

namespace MediaPlatform.Api.Http;

internal static class ApiGroup
{
    public const string Prefix = "/api/v1";

    /// <summary>The group that every resource of a version is mapped on: what its endpoints bind is checked before they run.</summary>
    /// <remarks>Versions stand beside each other: a resource that changes its form is mapped on both, over the same use cases.</remarks>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app, int version = 1)
    {
        var group = app.MapGroup($"/api/v{version}").WithMetadata(new ApiVersion(version));
        group.AddEndpointFilterFactory(RefuseWhatDidNotBind);
        group.AddEndpointFilterFactory(AnswerOnce);
        ((IEndpointConventionBuilder)group).Add(AnswerHead);
        ((IEndpointConventionBuilder)group).Finally(QueryNames.Guard);
        if (version > 1) ((IEndpointConventionBuilder)group).Finally(endpoint => NameApart(endpoint, version));
        return group;
    }

    /// <summary>The same endpoint may be in several versions, and names of endpoints are unique.</summary>
    private static void NameApart(EndpointBuilder endpoint, int version)
    {
        if (endpoint.Metadata.OfType<IEndpointNameMetadata>().LastOrDefault() is { } name) endpoint.Metadata.Add(new EndpointNameMetadata($"{name.EndpointName}_V{version}"));
    }

    /// <summary>What answers GET answers HEAD; the handlers see which it was, so that content need not be read for it.</summary>
    private static void AnswerHead(EndpointBuilder builder)
    {
        if (builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }

    private static EndpointFilterDelegate AnswerOnce(EndpointFilterFactoryContext factory, EndpointFilterDelegate next) => invocation => Idempotency.Once(invocation, next);

    /// <summary>Answers with the problems of all arguments at once. An endpoint without an <see cref="IBound"/> pays nothing.</summary>
    private static EndpointFilterDelegate RefuseWhatDidNotBind(EndpointFilterFactoryContext factory, EndpointFilterDelegate next)
    {
        var bound = factory.MethodInfo.GetParameters().Where(p => p.ParameterType.IsAssignableTo(typeof(IBound))).Select(p => p.Position).ToArray();
        if (bound.Length == 0) return next;
        return invocation =>
        {
            List<Error>? errors = null;
            foreach (var position in bound)
            {
                if (invocation.Arguments[position] is IBound { Errors.Count: > 0 } refused) (errors ??= []).AddRange(refused.Errors);
            }

            return errors is null ? next(invocation) : ValueTask.FromResult<object?>(Problem.From(errors));
        };
    }
}

/// <summary>An argument of an endpoint that reads itself from the request and may have found problems.</summary>
/// <remarks>The group made by <see cref="ApiGroup.MapApi"/> answers with the problems of all arguments before the handler runs.</remarks>
internal interface IBound
{
    IReadOnlyList<Error> Errors { get; }
}

/// <summary>The version of the API that an endpoint is in.</summary>
internal sealed record ApiVersion(int Number)
{
    /// <summary>Those that this program serves; each has a document of its own.</summary>
    public static readonly IReadOnlyList<int> Served = [1];

    public static string DocumentOf(int version) => $"v{version}";
}
