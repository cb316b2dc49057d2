using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MediaPlatform.Api.Access;
using MediaPlatform.Domain;
using MediaPlatform.Domain.Access;
using MediaPlatform.Tests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Architecture.Tests;

/// <summary>
/// What holds for every endpoint, asked of every endpoint: they are read from the routes and from the OpenAPI document, so that
/// one that comes later is covered without an edit here. Bodies are the document's own examples.
/// </summary>
internal sealed class SweepingEndpointsTests : PlatformFixture
{
    private Issuer issuer = null!;
    private IReadOnlyList<Operation> operations = null!;

    protected override async Task<Platform> Begin()
    {
        issuer = Held(await Issuer.Start());
        return await Platform.Start(overrides: new Dictionary<string, string?>(issuer.Settings()) { ["RateLimits:FailuresPerSecond"] = "0" });
    }

    [OneTimeSetUp]
    public async Task Prepare()
    {
        var document = await Owner.Send(HttpMethod.Get, "/swagger/v1/swagger.json", content: null);
        operations = [.. Operation.AllOf(document.Json)];
    }

    [Test]
    public async Task Every_parameter_stands_once_in_the_document_and_says_what_it_means()
    {
        var document = (await Owner.Send(HttpMethod.Get, "/swagger/v1/swagger.json", content: null)).Json;
        var parameters =
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            from parameter in operation.Value!["parameters"]?.AsArray() ?? []
            select (Name: $"{operation.Key} {path.Key} {parameter["in"]} {parameter["name"]}", Text: (string?)parameter["description"]);
        var all = parameters.ToList();

        Assert.That(all, Has.Count.GreaterThan(200));
        Assert.That(all.Where(parameter => string.IsNullOrWhiteSpace(parameter.Text)).Select(parameter => parameter.Name), Is.Empty);
        Assert.That(all.GroupBy(parameter => parameter.Name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key), Is.Empty);
    }

    [Test]
    public void Every_route_is_authorised_or_on_the_list_of_what_is_open()
    {
        var roles = Enum.GetValues<Role>().Select(Names.Of).Append(Authentication.AnyRole).ToHashSet(StringComparer.Ordinal);
        var endpoints = Platform.ApiServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.That(endpoints, Has.Count.GreaterThan(30));

        var neither = endpoints.Where(endpoint =>
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            return endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                ? !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is { } policy && roles.Contains(policy))
                : !Authentication.Open.Any(open => path.StartsWith(open, StringComparison.Ordinal));
        });
        Assert.That(neither.Select(endpoint => endpoint.RoutePattern.RawText), Is.Empty);
    }

    [Test]
    public async Task The_table_of_roles_is_what_the_routes_say()
    {
        // Each row that is missing or wrong is told as it should stand.
        var routed = operations.Select(operation => new Row(operation.Method.Method, operation.Path, RoleOf(operation))).ToHashSet();
        var written = (await RolesTable.Read()).ToHashSet();

        Assert.That(Told(routed.Except(written)), Is.Empty, $"{RolesTable.Path} lacks these");
        Assert.That(Told(written.Except(routed)), Is.Empty, $"{RolesTable.Path} has these, and the routes do not");
        Assert.That(operations.Where(operation => operation.Writes && RoleOf(operation) is var role && (role == Names.Of(Role.Viewer) || role == RolesTable.Any)).Select(operation => operation.Name), Is.Empty, "a viewer writes nothing");

        static string Told(IEnumerable<Row> rows) => string.Join('\n', rows.OrderBy(row => row.Path, StringComparer.Ordinal).ThenBy(row => row.Method, StringComparer.Ordinal));
    }

    [Test]
    public async Task Each_role_may_what_the_table_says_by_a_key_and_by_signing_in([Values] bool bySigningIn)
    {
        var callers = new Dictionary<Role, Tenant>();
        foreach (var role in Enum.GetValues<Role>()) callers[role] = bySigningIn ? await SignedIn(role) : await Platform.CreateKey(Owner, role);

        var wrong = new List<string>();
        foreach (var row in await RolesTable.Read())
        {
            if (Names.Parse<Role>(row.Role) is not { } lowest) continue;

            var operation = operations.Single(operation => operation.Method.Method == row.Method && operation.Path == row.Path);
            foreach (var (role, caller) in callers)
            {
                if (role > lowest && !operation.HasLimitsByRole) continue; // whoever may do more is let in by the same comparison

                var reply = await operation.Send(caller, await Seed(operation, Owner));
                foreach (var each in callers.Values) await Undo(operation, each);
                var isIn = reply.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized); // what it finds inside is the other sweeps' question
                if (isIn != role >= lowest || (int)reply.Status >= 500) wrong.Add($"{row} as {Names.Of(role)}: {(int)reply.Status} {reply.Text}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task What_is_on_no_open_list_wants_a_credential_and_a_bad_one_is_as_good_as_none()
    {
        var answered = new List<string>();
        foreach (var row in (await RolesTable.Read()).Where(row => row.Role != RolesTable.Open))
        {
            var operation = operations.Single(operation => operation.Method.Method == row.Method && operation.Path == row.Path);
            foreach (var caller in new[] { Platform.Nobody, new Tenant(Platform, Guid.Empty, "mp_" + new string('x', 43)), Tenant.By(Platform, "a.bad.token") })
            {
                var reply = await operation.Send(caller, operation.Ids(_ => Guid.NewGuid().ToString()));
                if (reply.Status is not HttpStatusCode.Unauthorized || !reply.Codes.SequenceEqual(["UNAUTHENTICATED"])) answered.Add($"{row}: {(int)reply.Status} {reply.Text}");
            }
        }

        Assert.That(answered, Is.Empty);
    }

    private async Task<Tenant> SignedIn(Role role)
    {
        var email = $"{Names.Of(role)}@example.com";
        (await Owner.Post("/members", new { Email = email, Role = Names.Of(role) })).Expect(HttpStatusCode.Created);
        return Tenant.By(Platform, issuer.IdToken(Names.Of(role), email));
    }

    private string RoleOf(Operation operation)
    {
        if (operation.IsOpen) return RolesTable.Open;
        var endpoint = Platform.ApiServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(endpoint =>
            endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(operation.Method.Method) == true && PathOf(endpoint) == operation.Path);
        var needs = endpoint.Metadata.GetOrderedMetadata<RoleNeed>();
        return needs.Count == 0 ? RolesTable.Any : Names.Of(needs.Max(need => need.Role));
    }

    /// <summary>As the document has it: without constraints, and without the slash that a group's own path ends with.</summary>
    private static string PathOf(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            _ => "",
        }))));

    [Test]
    public void Every_operation_is_described()
    {
        Assert.That(operations, Has.Count.GreaterThan(25));
        Assert.That(operations.Where(operation => operation.Summary is null or "").Select(operation => operation.Name), Is.Empty);
        Assert.That(operations.Where(operation => !operation.HasAnswer).Select(operation => operation.Name), Is.Empty);
    }

    [Test]
    public async Task What_is_anothers_does_not_exist()
    {
        var seen = new List<string>();
        foreach (var operation in operations.Where(operation => operation.HasIds && !operation.IsOpen))
        {
            if (operation.Method == HttpMethod.Put) continue; // makes the caller's own; the next test shows whose

            var ids = await Seed(operation, Owner);
            var reply = await operation.Send(Platform.Stranger, ids);
            await Undo(operation, Owner);
            if (reply.Status is not HttpStatusCode.NotFound) seen.Add($"{operation.Name}: {(int)reply.Status} {reply.Text}");
        }

        Assert.That(seen, Is.Empty);
    }

    [Test]
    public async Task What_a_stranger_puts_is_the_strangers_own()
    {
        foreach (var operation in operations.Where(operation => operation.HasIds && operation.Method == HttpMethod.Put && !operation.IsOpen))
        {
            var ids = await Seed(operation, Owner);
            var before = (await operation.As(HttpMethod.Get).Send(Owner, ids)).Data.ToJsonString();
            await operation.Send(Platform.Stranger, ids);
            Assert.That((await operation.As(HttpMethod.Get).Send(Owner, ids)).Data.ToJsonString(), Is.EqualTo(before), operation.Name);
        }
    }

    [Test]
    public async Task A_caller_who_saw_another_version_writes_nothing()
    {
        var written = new List<string>();
        foreach (var operation in operations.Where(operation => operation.HasIds && operation.Writes && (operation.Method != HttpMethod.Post || operation.Takes("If-Match"))))
        {
            var ids = await Seed(operation, Owner);
            var stale = await operation.Send(Owner, ids, ("If-Match", "\"4711-seen\""));
            if (stale.Status is not HttpStatusCode.PreconditionFailed) written.Add($"{operation.Name}: {(int)stale.Status} {stale.Text}");
            if (operation.Method == HttpMethod.Post)
            {
                await Undo(operation, Owner);
                continue; // a verb may not be allowed yet for another reason
            }

            var tag = (await operation.As(HttpMethod.Get).Send(Owner, ids)).Headers.ETag!.Tag;
            var fresh = await operation.Send(Owner, ids, ("If-Match", tag));
            await Undo(operation, Owner);
            if (!operation.Takes("If-Match") || (int)fresh.Status is < 200 or >= 300) written.Add($"{operation.Name}: {(int)fresh.Status} {fresh.Text}");
        }

        Assert.That(written, Is.Empty);
    }

    [Test]
    public async Task Every_write_leaves_a_row_in_the_change_log()
    {
        var missing = new List<string>();
        foreach (var operation in operations.Where(operation => operation.Writes))
        {
            var reply = await operation.Send(Owner, await Seed(operation, Owner));
            await Undo(operation, Owner);
            if ((int)reply.Status is < 200 or >= 300)
            {
                missing.Add($"{operation.Name}: {(int)reply.Status} {reply.Text}");
                continue;
            }

            var request = reply.Headers.GetValues("X-Request-Id").Single();
            var rows = await Platform.Sql<long>(
                $"select count(*) from change_log where request_id = '{request}' and actor_kind = 'key' and client_id = '{Owner.ClientId}'");
            if (rows == 0) missing.Add($"{operation.Name}: no row");
        }

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public async Task S1_3_10_and_10_no_endpoint_breaks_the_laws_of_production_and_publication([Values] bool whoSaysMore)
    {
        string[] segments = ["channels", "credits", "imports", "media", "media-items", "people", "sessions", "sets", "uploads"];
        JsonObject more = new() { ["is_compilation"] = true, ["raw_name"] = "Another", ["payload"] = "x", ["session"] = "New", ["session_id"] = Guid.NewGuid().ToString(), ["media_item_ids"] = new JsonArray(Guid.NewGuid().ToString()) };
        var broken = new List<string>();
        foreach (var operation in operations.Where(operation => operation.Writes && segments.Contains(operation.Path.Split('/')[3], StringComparer.Ordinal)))
        {
            var ids = await Seed(operation, Owner);
            var before = await Laws();
            var reply = await operation.Send(Owner, ids, whoSaysMore ? more : null);
            var after = await Laws();
            await Undo(operation, Owner);
            if (whoSaysMore ? (int)reply.Status >= 500 : (int)reply.Status is < 200 or >= 300) broken.Add($"{operation.Name}: {(int)reply.Status} {reply.Text}");

            var mayMake = operation.Path.Split('/')[3] is "sessions" or "people";
            if (after.Production != before.Production && !mayMake) broken.Add($"{operation.Name} made or lost something of production: {before.Production} {after.Production}");
            if (after.Raw != before.Raw && !(operation.Path.EndsWith("/credits", StringComparison.Ordinal) || operation.Path.EndsWith("/redact", StringComparison.Ordinal) || operation.Path.EndsWith("/imports/sets", StringComparison.Ordinal)))
                broken.Add($"{operation.Name} changed what was published: {before.Raw} {after.Raw}");
            if (after.Wrong != 0) broken.Add($"{operation.Name} left {after.Wrong} media in no session or in two, or sets that are said to be what they are not");
        }

        Assert.That(broken, Is.Empty);
    }

    /// <summary>How much there is of production; what was published, as one hash; and how many rows contradict a law.</summary>
    private async Task<(string Production, string Raw, long Wrong)> Laws() => (
        (await Platform.Sql<string>("""
            select concat_ws(' ', (select count(*) from sessions), (select count(*) from people), (select count(*) from labels), (select count(*) from networks), (select count(*) from projects),
                (select count(*) from session_participants), (select count(*) from label_networks))
            """))!,
        (await Platform.Sql<string>("""
            select md5(concat(
                (select string_agg(concat_ws('|', id, set_id, position, role, raw_name), ',' order by id) from set_credits),
                (select string_agg(concat_ws('|', id, format, rows, md5(payload)), ',' order by id) from imports)))
            """))!,
        await Platform.Sql<long>("""
            select (select count(*) from (select from media_items group by asset_id having count(*) > 1) twice)
                + (select count(*) from media_items where session_id is null)
                + (select count(*) from sets where not compilation_pending and is_compilation <> is_compilation(client_id, id))
            """));

    private Task Undo(Operation operation, Tenant caller) => Seeds.Seeds.BySegment[operation.Path.Split('/')[3]].Undo(Platform, caller);

    private async Task<Dictionary<string, string>> Seed(Operation operation, Tenant tenant)
    {
        var segment = operation.Path.Split('/')[3];
        if (!Seeds.Seeds.BySegment.TryGetValue(segment, out var seed)) throw new AssertionException($"{operation.Name} needs an ISeed for the segment '{segment}'.");
        return await seed.Create(Platform, tenant, operation.Name);
    }

    /// <summary>One operation of the OpenAPI document.</summary>
    private sealed record Operation(HttpMethod Method, string Path, JsonObject Description)
    {
        public string Name => $"{Method} {Path}";

        public string? Summary => Description["summary"]?.GetValue<string>();

        public bool HasAnswer => Description["responses"]!.AsObject().Any(response => response.Key[0] is '2' or '3');

        public bool HasIds => Path.Contains('{', StringComparison.Ordinal);

        /// <summary>Some of what it does is for higher roles, so that each is asked.</summary>
        public bool HasLimitsByRole => Description["responses"]?["403"]?["description"]?.GetValue<string>().Contains("ROLE_", StringComparison.Ordinal) == true;

        public bool IsOpen => Authentication.Open.Any(open => Path.StartsWith(open, StringComparison.Ordinal));

        public bool Writes => Method != HttpMethod.Get && !IsOpen && !Path.EndsWith("/query", StringComparison.Ordinal) && !Path.EndsWith("/check", StringComparison.Ordinal);

        public static IEnumerable<Operation> AllOf(JsonNode document) =>
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            where operation.Key is "get" or "put" or "post" or "patch" or "delete"
            select new Operation(new HttpMethod(operation.Key.ToUpperInvariant()), path.Key, operation.Value!.AsObject());

        public Operation As(HttpMethod method) => this with { Method = method, Description = [] };

        public Dictionary<string, string> Ids(Func<string, string> value) => Path.Split('/').Where(part => part.StartsWith('{'))
            .Select(part => part.Trim('{', '}', '*')).ToDictionary(name => name, value, StringComparer.Ordinal);

        public bool Takes(string header) => Description["parameters"]!.AsArray().Any(parameter => parameter!["in"]!.GetValue<string>() == "header" && parameter["name"]!.GetValue<string>() == header);

        public Task<Reply> Send(Tenant tenant, Dictionary<string, string> ids, params (string Name, string Value)[] headers) => Send(tenant, ids, more: null, headers);

        /// <param name="more">What the body says beside the example, where that is an object.</param>
        public Task<Reply> Send(Tenant tenant, Dictionary<string, string> ids, JsonObject? more, params (string Name, string Value)[] headers)
        {
            var path = ids.Aggregate(Path, (filled, id) => filled.Replace($"{{{id.Key}}}", Uri.EscapeDataString(id.Value), StringComparison.Ordinal));
            return tenant.Send(Method, path, Body(ids.GetValueOrDefault("id"), ids.GetValueOrDefault(Seeds.ISeed.Named), more), headers);
        }

        /// <summary>The example; where it names records, those of this sweep.</summary>
        private HttpContent? Body(string? id, string? named, JsonObject? more)
        {
            if (Description["requestBody"]?["content"] is not { } content) return null;
            if (content["multipart/form-data"] is not null) return new MultipartFormDataContent { { new ByteArrayContent(Seeds.Seeds.File()), "file", "sweep.png" } };
            var example = content["application/json"]!["example"] ?? throw new AssertionException($"{Name} has no example body in the document.");
            if (more is not null && example is JsonObject given)
            {
                example = given.DeepClone();
                foreach (var (name, value) in more) example[name] = value!.DeepClone();
            }

            return id is null
                ? JsonContent.Create(example)
                : JsonContent.Create(JsonNode.Parse(example.ToJsonString().Replace($"\"id\":\"{Guid.Empty}\"", $"\"id\":\"{id}\"", StringComparison.Ordinal).Replace(Guid.Empty.ToString(), named ?? id, StringComparison.Ordinal)));
        }
    }
}
