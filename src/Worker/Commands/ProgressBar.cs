namespace MediaPlatform.Worker.Commands;

/// <summary>How far something is, on standard error: a bar on a terminal, a line for each 5 % elsewhere.</summary>
internal sealed class ProgressBar
{
    private const int Width = 40;
    private const int Step = 5;
    private readonly bool isTerminal = !Console.IsErrorRedirected;
    private int shown = -Step;

    public void Show(int percent)
    {
        if (isTerminal) Console.Error.Write($"\r[{new string('#', Width * percent / 100),-Width}] {percent,3} %");
        else if (percent >= shown + Step) Console.Error.WriteLine($"{shown = percent - (percent % Step)} %");
    }

    public void End()
    {
        if (isTerminal) Console.Error.WriteLine();
    }
}

/// <summary>How many of something were seen, where nobody knows how many there are.</summary>
internal sealed class Counter(string what)
{
    private const long Step = 10_000;
    private long shown;

    public void Say(long seen)
    {
        if (seen < shown + Step) return;
        shown = seen;
        Console.Error.WriteLine($"{seen} {what}");
    }
}
