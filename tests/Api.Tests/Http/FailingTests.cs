using System.Net;
using System.Net.Sockets;
using MediaPlatform.Api.Http;
using MediaPlatform.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class FailingTests
{
    private static readonly TaskCompletionSource Entered = new();

    private FrameHost host = null!;

    [OneTimeSetUp]
    public async Task Start() => host = await FrameHost.Start(api =>
    {
        api.MapGet("/kinds/{kind}", (ErrorKind kind) => Problem.From([new AnyError(kind)]));
        api.MapGet("/several", () => Problem.From([new InvalidError("VALIDATION_ERROR", "Title is required.", "title"), new InvalidError("VALIDATION_ERROR", "Too long.", "note")]));
        api.MapGet("/status/{status:int}", (int status) => Results.StatusCode(status));
        api.MapGet("/bug", void () => throw new InvalidOperationException("secret of the house"));
        api.MapGet("/bug-later", async (HttpContext context) =>
        {
            context.Response.Headers.ETag = "\"1\"";
            await context.Response.WriteAsync(new string('x', 100_000));
            throw new InvalidOperationException("too late");
        });
        api.MapGet("/sql/{state}", void (string state) => throw new PostgresException("no", "FATAL", "FATAL", state));
        api.MapGet("/db-socket", void () => throw new NpgsqlException("Failed to connect to 10.0.0.1", new SocketException(111)));
        api.MapGet("/db-bug", void () => throw new NpgsqlException("A command is already in progress"));
        api.MapPost("/raw", async (HttpRequest request) => await request.Body.CopyToAsync(Stream.Null));
        api.MapGet("/waits", async (CancellationToken ct) =>
        {
            Entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
        });
    });

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    private sealed record AnyError(ErrorKind Kind) : Error(Kind, "SOME_CODE", "A sentence.", "a.field");

    [TestCase(ErrorKind.Malformed, 400)]
    [TestCase(ErrorKind.Forbidden, 403)]
    [TestCase(ErrorKind.NotFound, 404)]
    [TestCase(ErrorKind.Gone, 410)]
    [TestCase(ErrorKind.Conflict, 409)]
    [TestCase(ErrorKind.Stale, 412)]
    [TestCase(ErrorKind.TooLarge, 413)]
    [TestCase(ErrorKind.UnsupportedType, 415)]
    [TestCase(ErrorKind.Invalid, 422)]
    [TestCase(ErrorKind.Locked, 423)]
    [TestCase(ErrorKind.Unavailable, 503)]
    public async Task Each_kind_of_error_has_its_status(ErrorKind kind, int status)
    {
        var answer = await host.Get($"/api/v1/kinds/{kind}");

        answer.IsProblem((HttpStatusCode)status, "SOME_CODE a.field");
        Assert.That(answer.Header("Retry-After"), status == 503 ? Is.EqualTo("5") : Is.Null);
    }

    [Test]
    public void Every_kind_of_error_has_a_status() =>
        Assert.That(() => Enum.GetValues<ErrorKind>().Except([ErrorKind.Moved]).Select(Problem.StatusOf).ToArray(), Is.All.InRange(400, 503));

    [Test]
    public async Task A_problem_has_all_members_of_the_standard_and_all_errors()
    {
        var answer = await host.Get("/api/v1/several");

        answer.IsProblem(HttpStatusCode.UnprocessableEntity, "VALIDATION_ERROR title", "VALIDATION_ERROR note");
        Assert.That(answer.Json["type"]!.ToString(), Is.EqualTo("about:blank"));
        Assert.That(answer.Json["title"]!.ToString(), Is.EqualTo("Unprocessable Entity"));
        Assert.That(answer.Json["detail"]!.ToString(), Is.EqualTo("2 problems; see errors."));
        Assert.That(answer.Json["instance"]!.ToString(), Is.EqualTo("/api/v1/several"));
    }

    [TestCase("GET", "/api/v1/nowhere", 404, "ROUTE_NOT_FOUND")]
    [TestCase("GET", "/", 404, "ROUTE_NOT_FOUND")]
    [TestCase("DELETE", "/api/v1/several", 405, "METHOD_NOT_ALLOWED")]
    [TestCase("GET", "/api/v1/status/415", 415, "UNSUPPORTED_CONTENT_TYPE")]
    public async Task What_the_framework_refuses_has_a_code_as_well(string method, string path, int status, string code)
    {
        (await host.Send(new(method), path, null)).IsProblem((HttpStatusCode)status, code);
    }

    [Test]
    public async Task A_bug_tells_the_caller_nothing_but_the_request_id_and_the_log_everything_once()
    {
        var answer = await host.Get("/api/v1/bug", ("X-Request-Id", "bug-1"));

        answer.IsProblem(HttpStatusCode.InternalServerError, "INTERNAL_ERROR");
        Assert.That(answer.Text, Does.Not.Contain("secret").And.Not.Contain("Exception"));
        Assert.That(answer.Header("X-Content-Type-Options"), Is.EqualTo("nosniff"));
        await host.Log.Find(l => l.Text.Contains("answered 500") && Equals(l.Values["RequestId"], "bug-1"));
        var lines = host.Log.All.Where(l => l.Exception?.Message == "secret of the house").ToList();
        Assert.That(lines, Has.Count.EqualTo(1));
        Assert.That(lines[0].Level, Is.EqualTo(LogLevel.Error));
        Assert.That(lines[0].Values["RequestId"], Is.EqualTo("bug-1"));
    }

    [Test]
    public async Task A_bug_in_the_middle_of_an_answer_cuts_it_off()
    {
        Assert.That(async () => await host.Get("/api/v1/bug-later"), Throws.InstanceOf<HttpRequestException>());
        await host.Log.Find(l => l.Level == LogLevel.Error && l.Exception?.Message == "too late");
    }

    [TestCase("57P01", 503, "DATABASE_UNAVAILABLE")]
    [TestCase("57P03", 503, "DATABASE_UNAVAILABLE")]
    [TestCase("53300", 503, "DATABASE_UNAVAILABLE")]
    [TestCase("08006", 503, "DATABASE_UNAVAILABLE")]
    [TestCase("40P01", 503, "DATABASE_BUSY")]
    [TestCase("55P03", 503, "DATABASE_BUSY")]
    [TestCase("57014", 422, "QUERY_TOO_EXPENSIVE")]
    [TestCase("22021", 400, "INVALID_TEXT")]
    [TestCase("22P05", 400, "INVALID_TEXT")]
    [TestCase("22003", 400, "INVALID_NUMBER")]
    [TestCase("42601", 500, "INTERNAL_ERROR")]
    public async Task What_the_database_says_becomes_the_callers_answer(string state, int status, string code)
    {
        var answer = await host.Get($"/api/v1/sql/{state}");

        answer.IsProblem((HttpStatusCode)status, code);
        Assert.That(answer.Header("Retry-After"), status == 503 ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task A_database_that_cannot_be_reached_is_an_outage_and_its_address_stays_here()
    {
        var answer = await host.Get("/api/v1/db-socket");

        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "DATABASE_UNAVAILABLE");
        Assert.That(answer.Text, Does.Not.Contain("10.0.0.1"));
    }

    [Test]
    public async Task A_driver_used_wrongly_is_a_bug_and_no_outage() =>
        (await host.Get("/api/v1/db-bug")).IsProblem(HttpStatusCode.InternalServerError, "INTERNAL_ERROR");

    [Test]
    public async Task A_body_that_the_server_refuses_has_a_code()
    {
        var answer = await host.Send(HttpMethod.Post, "/api/v1/raw", new ByteArrayContent(new byte[(8 << 20) + 1]), ("Expect", "100-continue"));

        answer.IsProblem(HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE");
    }

    [Test]
    public async Task A_caller_who_leaves_is_no_error()
    {
        using var leaving = new CancellationTokenSource();
        var request = host.Http.GetAsync("/api/v1/waits", leaving.Token);
        await Entered.Task;
        await leaving.CancelAsync();
        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());

        var line = await host.Log.Find(l => l.Text == "The caller went away");
        Assert.That(line.Level, Is.EqualTo(LogLevel.Debug));
        Assert.That(host.Log.All.Where(l => l.Level >= LogLevel.Warning && l.Exception is OperationCanceledException), Is.Empty);
    }
}
