using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MediaPlatform.Infrastructure.Audit;

/// <summary>A place in the feed: after this change of this transaction. It holds nothing secret and is trusted for nothing.</summary>
/// <param name="TransactionId">Of PostgreSQL, 64 bits wide.</param>
/// <param name="Number">Of the change; 0 stands before all of the transaction's.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventCursor(ulong TransactionId, long Number)
{
    private const int MaxLength = 100;
    private const char Version = '1';

    /// <summary>After the last change of a transaction, whichever that is.</summary>
    public static EventCursor AfterAllOf(ulong transactionId) => new(transactionId, long.MaxValue);

    /// <summary>A forged cursor may stand after the horizon; it never goes back.</summary>
    public EventCursor OrLater(EventCursor other) => IsBefore(other) ? other : this;

    public bool IsBefore(EventCursor other) => (TransactionId, Number).CompareTo((other.TransactionId, other.Number)) < 0;

    public static EventCursor? Read(string opaque)
    {
        if (opaque.Length > MaxLength || !Base64Url.IsValid(opaque)) return null;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(opaque)).Split('.');
        return parts is [[Version], var transaction, var number]
            && ulong.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out var transactionId)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var changed)
                ? new(transactionId, changed)
                : null;
    }

    public string Write() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}.{TransactionId}.{Number}")));
}
