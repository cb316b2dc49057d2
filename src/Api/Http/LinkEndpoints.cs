using System.Reflection;
using MediaPlatform.Api.Access;
using MediaPlatform.Application.Records;
using MediaPlatform.Domain.Access;
using MediaPlatform.Domain.Records;
using MediatR;

namespace MediaPlatform.Api.Http;

/// <summary>What the endpoints of a kind of links are made from: <c>/labels/{id}/networks/{network_id}</c>.</summary>
/// <param name="Path">Below the version, to the last parameters, such as <c>/labels/{id:guid}/networks</c>.</param>
/// <param name="Linked">The last parameters, such as <c>network_id:guid</c>, or <c>person_id:guid</c> and <c>role</c>.</param>
/// <param name="Name">Of whose links they are, such as <c>Label</c>: the tag, and what operation ids begin with.</param>
/// <param name="Linking">Of one, as operation ids go on, such as <c>Network</c>.</param>
/// <param name="One">In sentences, such as <c>a network of a label</c>.</param>
/// <param name="Many">Likewise, such as <c>the networks of a label</c>.</param>
/// <param name="Example">A body that works.</param>
internal sealed record LinkRoutes(LinkKind Kind, string Path, IReadOnlyList<string> Linked, string Name, string Linking, string One, string Many, object Example)
{
    /// <summary>Whose permissions are asked for; those of the first part of the path, when left out.</summary>
    public string? Entity { get; init; }

    /// <summary>What there is to say beyond the obvious.</summary>
    public string? Remarks { get; init; }

    public IReadOnlyList<(int Status, string Code)> Refusals { get; init; } = [];
}

/// <summary>The endpoints that every kind of links has.</summary>
internal static class LinkEndpoints
{
    /// <summary>GET of all and of one, PUT and DELETE.</summary>
    public static void MapLinks<TLink, TDetails>(this RouteGroupBuilder api, LinkRoutes routes)
        where TLink : class
        where TDetails : ILinkDetails
    {
        var group = api.MapGroup(routes.Path).Needs(Role.Viewer, routes.Entity).WithMetadata(routes);
        var one = $"/{string.Join('/', routes.Linked.Select(part => $"{{{part}}}"))}";
        var (of, to, kind) = (routes.Kind.Of.Code, routes.Kind.To.Code, routes.Kind.Code);

        group.MapGet("/", async (Guid id, IMediator mediator, CancellationToken cancellationToken) => (await mediator.Send(new ListLinks<TDetails>(id), cancellationToken)).Match(Respond.Ok, Problem.From))
            .Called(routes, $"List{routes.Linking}", $"List {routes.Many}").WithDescription($"As they were linked; at most {LinkKind.Most}. What is in the trash is left out.")
            .Returns<TDetails[]>().Problems(404, $"{of}_NOT_FOUND").Problems(410, $"{of}_IN_TRASH");

        group.MapGet(one, async (InPath path, IMediator mediator, CancellationToken cancellationToken) => (await Find<TDetails>(path, mediator, cancellationToken)).Match(link => Respond.Item(link, link.Version), Problem.From))
            .Called(routes, $"Get{routes.Linking}", $"Get {routes.One}")
            .Returns<TDetails>(versioned: true).Problems(404, $"{of}_NOT_FOUND", $"{kind}_NOT_FOUND").Problems(410, $"{of}_IN_TRASH");

        var put = group.MapPut(one, async (InPath path, Body<TLink> body, HttpRequest request, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
            {
                var linked = await mediator.Send(new PutLink<TLink>(path.Key, body.Value, ifMatch.Version), cancellationToken);
                if (!linked.Succeeded) return Problem.From(linked.Errors);

                return (await Find<TDetails>(path, mediator, cancellationToken))
                    .Match(link => linked.Value.Created ? Respond.Created(request.Path.Value!, link, link.Version) : Respond.Item(link, link.Version), Problem.From);
            })
            .Called(routes, $"Put{routes.Linking}", $"Link {routes.One}").WithDescription($"Or say anew what it is; the same again changes nothing. {routes.Remarks}".Trim()).WithMetadata(new ShownAsMetadata(typeof(TDetails))).Example(routes.Example)
            .Needs(Role.Editor, routes.Entity).Returns<TDetails>(201, versioned: true).Returns<TDetails>(versioned: true)
            .Problems(404, $"{of}_NOT_FOUND", $"{to}_NOT_FOUND", $"{kind}_NOT_FOUND").Problems(409, $"{kind}_LIMIT").Problems(410, $"{of}_IN_TRASH").Problems(422, "VALIDATION_ERROR");
        foreach (var (status, code) in routes.Refusals) put.Problems(status, code);

        group.MapDelete(one, async (InPath path, IfMatch ifMatch, IMediator mediator, CancellationToken cancellationToken) =>
                (await mediator.Send(new RemoveLink<TLink>(path.Key, ifMatch.Version), cancellationToken)).Match(_ => Respond.Ok(Unlinked(routes, path)), Problem.From))
            .Called(routes, $"Remove{routes.Linking}", $"Unlink {routes.One}").WithDescription("Both stay.")
            .Needs(Role.Editor, routes.Entity).Returns<Dictionary<string, string>>().Problems(404, $"{of}_NOT_FOUND", $"{kind}_NOT_FOUND").Problems(410, $"{of}_IN_TRASH");
    }

    private static async Task<Domain.Result<TDetails>> Find<TDetails>(InPath path, IMediator mediator, CancellationToken cancellationToken)
        where TDetails : ILinkDetails => await mediator.Send(new GetLink<TDetails>(path.Key), cancellationToken);

    private static Dictionary<string, string> Unlinked(LinkRoutes routes, InPath path) =>
        path.Names.ToDictionary(value => value.Key == "id" ? $"{routes.Kind.Of.Entity}_id" : value.Key, value => value.Value, StringComparer.Ordinal);

    private static RouteHandlerBuilder Called(this RouteHandlerBuilder endpoint, LinkRoutes routes, string verb, string summary) =>
        endpoint.WithName($"{routes.Name}_{verb}").WithTags(routes.Name).WithSummary(summary);

    /// <summary>The parameters of the path: whose link, what is linked, and as what.</summary>
    internal sealed record InPath(LinkKey Key, IReadOnlyDictionary<string, string> Names) : IBindableFromHttpContext<InPath>
    {
        /// <summary>As the document shows them.</summary>
        public static IEnumerable<(string Name, bool IsId)> NamesOf(IList<object> metadata) =>
            metadata.OfType<LinkRoutes>().Single().Linked.Prepend("id:guid").Select(part => part.Split(':')).Select(part => (part[0], part.Length > 1));

        public static ValueTask<InPath?> BindAsync(HttpContext context, ParameterInfo parameter)
        {
            var names = ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.Parameters.Select(one => one.Name).Where(name => name != "version").ToArray();
            var values = names.ToDictionary(name => name, name => context.GetRouteValue(name)!.ToString()!, StringComparer.Ordinal);
            var key = new LinkKey(Guid.Parse(values[names[0]]), Guid.Parse(values[names[1]]), names.Length > 2 ? values[names[2]] : null);
            (values[names[0]], values[names[1]]) = (key.Of.ToString(), key.To.ToString()); // as ids are written, however they came
            return ValueTask.FromResult<InPath?>(new(key, values));
        }
    }
}
