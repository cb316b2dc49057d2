using System.Diagnostics;

namespace MediaPlatform.Tests.Support;

/// <summary>Waits for what another process will bring about; never for a time that should be enough.</summary>
public static class Eventually
{
    /// <summary>Asks until it is true; fails with <paramref name="what"/> after a minute.</summary>
    public static Task Is(string what, Func<Task<bool>> condition) => Get(what, async () => await condition() ? new object() : null);

    /// <summary>Asks until there is a value, and gives it.</summary>
    public static async Task<T> Get<T>(string what, Func<Task<T?>> ask)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        for (var pause = 10; Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1); pause = Math.Min(2 * pause, 160)) // who waits long asks seldom: the processors are for what is waited for
        {
            if (await ask() is { } value) return value;
            await Task.Delay(pause);
        }

        throw new AssertionException($"Still not so after a minute: {what}");
    }
}
