using System.Collections.Concurrent;

namespace MediaPlatform.Infrastructure.Access;

/// <summary>
/// Remembers for a second what was looked up, also that nothing was found. Whoever asks for what is being looked up waits for that answer,
/// so that a second costs one question however many callers there are. The second begins with the question.
/// </summary>
/// <param name="most">What is remembered at once, of either kind: a flood of guesses must not fill the memory, nor push out what is there.</param>
internal sealed class ShortMemory<TKey, TValue>(TimeProvider time, int most)
    where TKey : notnull
    where TValue : class
{
    private static readonly TimeSpan Remembers = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TKey, Answer> found = new();
    private readonly ConcurrentDictionary<TKey, Answer> missing = new();

    /// <summary>The last answer, however old, where it was one.</summary>
    public TValue? Last(TKey key) => found.TryGetValue(key, out var answer) && answer.Task.IsCompletedSuccessfully ? answer.Task.Result : null;

    /// <summary>The answer of the last second, or a new one.</summary>
    public ValueTask<TValue?> Get(TKey key, Func<TKey, Task<TValue?>> lookUp, CancellationToken cancellationToken)
    {
        if ((found.TryGetValue(key, out var answer) || missing.TryGetValue(key, out answer)) && IsFresh(answer))
            return answer.Task.IsCompletedSuccessfully ? new(answer.Task.Result) : new(answer.Task.WaitAsync(cancellationToken));

        var asked = new Answer(time.GetTimestamp());
        var known = found.GetValueOrDefault(key);
        if (known is null ? found.TryAdd(key, asked) : found.TryUpdate(key, asked, known))
            return new(Ask(key, asked, lookUp).WaitAsync(cancellationToken));

        return Get(key, lookUp, cancellationToken); // somebody else has just asked
    }

    private bool IsFresh(Answer answer) => time.GetElapsedTime(answer.At) < Remembers;

    // Not cancelled with the request that began it: others wait for it as well.
    private async Task<TValue?> Ask(TKey key, Answer asked, Func<TKey, Task<TValue?>> lookUp)
    {
        try
        {
            if (found.Count > most) found.Clear();
            var value = await lookUp(key);
            asked.Set(value);
            if (value is not null) return value;

            found.TryRemove(new(key, asked));
            if (missing.Count >= most) missing.Clear();
            missing[key] = asked;
            return null;
        }
        catch (Exception exception)
        {
            found.TryRemove(new(key, asked)); // the next one asks again
            asked.Fail(exception);
            throw;
        }
    }

    private sealed class Answer(long at)
    {
        private readonly TaskCompletionSource<TValue?> source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long At => at;

        public Task<TValue?> Task => source.Task;

        public void Set(TValue? value) => source.SetResult(value);

        public void Fail(Exception exception)
        {
            source.SetException(exception);
            _ = source.Task.Exception; // seen: who asked throws it, and there may be nobody else
        }
    }
}
