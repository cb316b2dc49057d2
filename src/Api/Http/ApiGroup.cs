using MediaPlatform.Domain;

namespace MediaPlatform.Api.Http;

internal static class ApiGroup
{
    public const string Prefix = "/api/v1";

    /// <summary>The group that every resource is mapped on: what its endpoints bind is checked before they run.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Prefix);
        group.AddEndpointFilterFactory(RefuseWhatDidNotBind);
        ((IEndpointConventionBuilder)group).Add(AnswerHead);
        ((IEndpointConventionBuilder)group).Finally(QueryNames.Guard);
        return group;
    }

    /// <summary>What answers GET answers HEAD; the handlers see which it was, so that content need not be read for it.</summary>
    private static void AnswerHead(EndpointBuilder builder)
    {
        if (builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] })
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }

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
