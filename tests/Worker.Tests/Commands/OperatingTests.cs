using System.Diagnostics;
using System.Net;
using MediaPlatform.Tests.Support;

namespace MediaPlatform.Worker.Tests.Commands;

/// <summary>What an operator does from a shell.</summary>
internal sealed class OperatingTests : PlatformFixture
{
    [Test]
    public async Task A_client_is_made_once_with_a_key_that_works()
    {
        var (code, said, _) = await Run("create-client", "--name", "Second studio", "--slug", "second-studio");
        Assert.That(code, Is.Zero);
        var key = said[(said.IndexOf("X-Api-Key: ", StringComparison.Ordinal) + 11)..].Trim();
        var client = (await new Tenant(Platform, Guid.Empty, key).Get("/clients")).Data[0]!;
        Assert.That(($"{client["name"]}", $"{client["role"]}"), Is.EqualTo(("Second studio", "owner")));

        var again = await Run("create-client", "--name", "Another", "--slug", "second-studio");
        Assert.That(again.Code, Is.EqualTo(1));
        Assert.That(again.Errors, Does.Contain("second-studio"));
        Assert.That(again.Said, Does.Not.Contain("X-Api-Key"));
    }

    [Test]
    public async Task A_local_key_is_for_its_owner_alone_and_is_kept_while_it_works()
    {
        var file = Path.Combine(Platform.Root, "key");

        Assert.That((await Run("local-key", "--file", file)).Code, Is.Zero);
        var key = (await File.ReadAllTextAsync(file)).Trim();
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        (await new Tenant(Platform, Guid.Empty, key).Get("/media")).Expect(HttpStatusCode.OK);

        Assert.That((await Run("local-key", "--file", file)).Code, Is.Zero);
        Assert.That((await File.ReadAllTextAsync(file)).Trim(), Is.EqualTo(key));
    }

    private async Task<(int Code, string Said, string Errors)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MediaPlatform.Worker.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Platform.Root,
        };
        foreach (var (name, value) in Platform.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said, await errors);
    }
}
