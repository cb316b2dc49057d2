using System.Diagnostics;
using System.Net;
using MediaPlatform.Infrastructure.Health;
using Microsoft.Extensions.DependencyInjection;

namespace MediaPlatform.Api.Tests.Http;

internal sealed class HealthTests
{
    private sealed class Dependency(string name, Func<CancellationToken, Task<string?>> check, bool required = true) : IReadinessCheck
    {
        public string Name => name;

        public bool Required => required;

        public int Asked { get; private set; }

        public Task<string?> Check(CancellationToken cancellationToken)
        {
            Asked++;
            return check(cancellationToken);
        }
    }

    private static Dependency Up(string name) => new(name, _ => Task.FromResult<string?>(null));

    private static Dependency Down(string name, bool required = true) => new(name, _ => Task.FromResult<string?>("No connection."), required);

    private static Task<FrameHost> With(params Dependency[] dependencies) =>
        FrameHost.Start(services: s => { foreach (var dependency in dependencies) s.AddSingleton<IReadinessCheck>(dependency); });

    [Test]
    public async Task Alive_is_who_answers()
    {
        await using var host = await With(Down("database"));

        Assert.That((await host.Get("/health/live")).Text, Is.EqualTo("""{"status":"live"}"""));
        Assert.That((await host.Send(HttpMethod.Head, "/health/live", null)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Ready_names_every_dependency()
    {
        await using var host = await With(Up("database"), Up("broker"));

        var answer = await host.Get("/health/ready");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Text, Is.EqualTo("""{"status":"ready","dependencies":[{"name":"database","status":"up","required":true,"reason":null},{"name":"broker","status":"up","required":true,"reason":null}]}"""));
    }

    [Test]
    public async Task Without_a_required_dependency_it_is_not_ready()
    {
        await using var host = await With(Down("database"), Up("broker"));

        var answer = await host.Get("/health/ready");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer.Json["status"]!.ToString(), Is.EqualTo("not_ready"));
        Assert.That(answer.Json["dependencies"]![0]!["reason"]!.ToString(), Is.EqualTo("No connection."));
    }

    [Test]
    public async Task Without_another_one_it_is_degraded_and_takes_traffic()
    {
        await using var host = await With(Up("database"), Down("broker", required: false));

        var answer = await host.Get("/health/ready");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Json["status"]!.ToString(), Is.EqualTo("degraded"));
    }

    [Test]
    public async Task A_check_that_throws_is_down_and_keeps_its_words_to_the_log()
    {
        await using var host = await With(new Dependency("storage", _ => throw new InvalidOperationException("key=secret")));

        var answer = await host.Get("/health/ready");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer.Text, Does.Not.Contain("secret"));
        Assert.That((await host.Log.Find(l => l.Exception is InvalidOperationException)).Text, Does.Contain("storage"));
    }

    [Test]
    public async Task Checks_that_hang_cost_two_seconds_together()
    {
        var hang = new TaskCompletionSource<string?>();
        await using var host = await With(
            new Dependency("deaf", _ => hang.Task), new Dependency("deaf_too", _ => hang.Task), new Dependency("patient", async ct => { await Task.Delay(Timeout.Infinite, ct); return null; }), Up("database"));
        var started = Stopwatch.GetTimestamp();

        var answer = await host.Get("/health/ready");

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5.5)), "one after the other they would take 6");
        Assert.That(answer.Json["dependencies"]!.AsArray().Select(d => d!["status"]!.ToString()), Is.EqualTo(new[] { "down", "down", "down", "up" }));
        hang.SetResult(null);
    }

    [Test]
    public async Task Many_askers_within_a_second_share_one_answer()
    {
        var release = new TaskCompletionSource<string?>();
        var dependency = new Dependency("database", _ => release.Task);
        await using var host = await With(dependency);

        var asking = Enumerable.Range(0, 20).Select(_ => host.Get("/health/ready")).ToList();
        release.SetResult(null);
        await Task.WhenAll(asking);

        Assert.That(dependency.Asked, Is.EqualTo(1));
    }
}
