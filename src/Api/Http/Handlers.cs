namespace MediaPlatform.Api.Http;

/// <summary>How groups map their handlers: as ASP.NET does, but what reads the arguments from the request is compiled at the first request.</summary>
/// <remarks>
/// ASP.NET compiles it for every endpoint while the program starts: with hundreds of them that is most of the time that a start
/// takes, and nearly all of it is for endpoints that nobody calls soon. The metadata are made at the start as ever, so a handler
/// whose parameters cannot be bound still stops it. These are found before ASP.NET's extensions of the same names, since they
/// extend the group itself.
/// </remarks>
internal static class Handlers
{
    public static RouteHandlerBuilder MapGet(this RouteGroupBuilder group, string pattern, Delegate handler) => Map(group, pattern, handler, HttpMethods.Get);

    public static RouteHandlerBuilder MapPost(this RouteGroupBuilder group, string pattern, Delegate handler) => Map(group, pattern, handler, HttpMethods.Post);

    public static RouteHandlerBuilder MapPut(this RouteGroupBuilder group, string pattern, Delegate handler) => Map(group, pattern, handler, HttpMethods.Put);

    public static RouteHandlerBuilder MapPatch(this RouteGroupBuilder group, string pattern, Delegate handler) => Map(group, pattern, handler, HttpMethods.Patch);

    public static RouteHandlerBuilder MapDelete(this RouteGroupBuilder group, string pattern, Delegate handler) => Map(group, pattern, handler, HttpMethods.Delete);

    private static RouteHandlerBuilder Map(RouteGroupBuilder group, string pattern, Delegate handler, string method) =>
        RouteHandlerServices.Map(group, pattern, handler, [method], RequestDelegateFactory.InferMetadata, CompileAtFirstRequest);

    private static RequestDelegateResult CompileAtFirstRequest(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        var compiled = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, metadata).RequestDelegate);
        return new(context => compiled.Value(context), metadata?.EndpointMetadata ?? []);
    }
}
