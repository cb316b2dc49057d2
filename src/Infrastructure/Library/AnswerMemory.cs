using MediaPlatform.Application.Library;

namespace MediaPlatform.Infrastructure.Library;

/// <summary>One provider's latest answers, for a while: the same question again costs it nothing, and nothing of what it takes in an hour.</summary>
internal sealed class AnswerMemory(TimeSpan keep, TimeProvider time)
{
    private const int Most = 256;

    private readonly Lock locked = new();
    private readonly Dictionary<string, (DateTimeOffset At, IReadOnlyList<StockItem> Items)> answers = new(StringComparer.Ordinal);

    public IReadOnlyList<StockItem>? Find(StockQuestion question, string words)
    {
        if (keep == TimeSpan.Zero) return null;
        lock (locked) return answers.TryGetValue(Key(question, words), out var known) && time.GetUtcNow() - known.At < keep ? known.Items : null;
    }

    public void Keep(StockQuestion question, string words, IReadOnlyList<StockItem> items)
    {
        if (keep == TimeSpan.Zero) return;
        lock (locked)
        {
            answers[Key(question, words)] = (time.GetUtcNow(), items);
            if (answers.Count > Most) answers.Remove(answers.MinBy(answer => answer.Value.At).Key);
        }
    }

    private static string Key(StockQuestion question, string words) =>
        $"{question.Type} {question.Count} {question.MinWidth} {question.MinHeight} {question.MinDurationMs} {question.AspectRatio} {words}";
}
