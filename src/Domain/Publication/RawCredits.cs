namespace MediaPlatform.Domain.Publication;

/// <summary>What is taken of raw credits.</summary>
public static class RawCredits
{
    public const int MostOfASet = 500;

    public const int MostOfAName = 500;
}
