using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Kiban.ObjectStore.Testing.Buckets;

/// <summary>Cuts a bucket's keys into pages, as its habits want it.</summary>
internal static class BucketListing
{
    /// <summary>Keys in order for each state of a bucket, so that a page does not cost a walk over all keys.</summary>
    private static readonly ConditionalWeakTable<object, StoredObject[]> Ordered = [];

    /// <summary>The page after the one whose token is given.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">What keys begin with.</param>
    /// <param name="delimiter">Keys that go on after it are rolled up; empty for none.</param>
    /// <param name="token">Token of the page before; empty for the first page.</param>
    /// <param name="after">The last key of the page before, for clients that page by keys.</param>
    /// <param name="limit">Most keys that the client wants.</param>
    /// <param name="from">The first key that the client wants.</param>
    public static ListingPage Page(TestBucket bucket, string prefix, string delimiter, string token, string after, int limit, string from = "")
    {
        var habits = bucket.Listing;
        var start = token.Length > 0 ? Position.Parse(token) : new Position(after, habits.HasEmptyPages);
        if (start.IsEmptyPage && (token.Length > 0 || habits.HasEmptyPages))
            return new ListingPage([], [], new Position(start.After, false).ToString(), start.After);

        var all = Ordered.GetValue(bucket.Objects, _ => [.. bucket.Objects.Values]);
        var size = Math.Min(limit, habits.PageSize);
        var objects = new List<StoredObject>();
        var prefixes = new List<string>();
        var last = start.After;
        for (var i = FirstAfter(all, last, KeyComparer.Instance.Compare(from, prefix) > 0 ? from : prefix); i < all.Length && all[i].Key.StartsWith(prefix, StringComparison.Ordinal); i++)
        {
            var rolled = RolledUp(all[i].Key, prefix, delimiter);
            if (rolled is not null && (rolled == prefixes.LastOrDefault() || rolled == start.After))
                continue;
            if (objects.Count + prefixes.Count == size)
                return new ListingPage(objects, prefixes, new Position(last, habits.HasEmptyPages).ToString(), last);
            if (rolled is null)
                objects.Add(all[i]);
            else
                prefixes.Add(rolled);
            last = rolled ?? all[i].Key;
        }

        var more = habits.EndsWithEmptyPage && objects.Count + prefixes.Count > 0 ? new Position(last, false).ToString() : null;
        return new ListingPage(objects, prefixes, more, last);
    }

    private static string? RolledUp(string key, string prefix, string delimiter) =>
        delimiter.Length > 0 && key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var at ? key[..(at + delimiter.Length)] : null;

    private static int FirstAfter(StoredObject[] all, string after, string from)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var key = all[middle].Key;
            var isBefore = KeyComparer.Instance.Compare(key, from) < 0 || (after.Length > 0 && KeyComparer.Instance.Compare(key, after) <= 0);
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private readonly record struct Position(string After, bool IsEmptyPage)
    {
        public static Position Parse(string token)
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            return new Position(text[1..], text[0] == 'e');
        }

        public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{(IsEmptyPage ? 'e' : 'k')}{After}"));
    }
}
