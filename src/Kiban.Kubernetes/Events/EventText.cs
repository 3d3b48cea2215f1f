using System.Text;

namespace Kiban.Kubernetes.Events;

/// <summary>The API's limits on texts of events.</summary>
internal static class EventText
{
    private const int MessageBytes = 1024;
    private const int WordCharacters = 128;
    private const char Ellipsis = '…';

    /// <summary>A message of at most 1024 bytes of UTF-8, never cut inside a character.</summary>
    public static string Message(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MessageBytes)
        {
            return text;
        }

        var room = MessageBytes - new Rune(Ellipsis).Utf8SequenceLength;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.Append(Ellipsis).ToString();
    }

    /// <summary>A reason or action of at most 128 characters.</summary>
    public static string Word(string word) => word.Length <= WordCharacters ? word : word[..WordCharacters];

    /// <summary>
    /// Name of the event's own object: the subject's, with something unique. Names that are no DNS subdomain (RBAC's <c>system:node</c>) or
    /// too long to be lengthened give way to the kind.
    /// </summary>
    public static string Name(EventSubject subject, DateTimeOffset time, int sequence)
    {
        var suffix = $".{time.UtcTicks:x}{sequence & 0xfff:x3}";
        return subject.Name.Length + suffix.Length <= 253 && subject.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
            ? subject.Name + suffix
            : subject.Kind.ToLowerInvariant() + suffix;
    }
}
