using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// Decides which element of an array became which, so that a patch can say "one element was added here" instead of rewriting
/// everything behind it. Elements that are the same stay paired; otherwise those that bear the same name (as containers, env and volumes do).
/// </summary>
internal static class ArrayAlignment
{
    /// <summary>Beyond this many comparisons elements are paired by position: a patch is then longer, never wrong.</summary>
    private const int MaxComparisons = 1 << 18;

    private const int SameWeight = 3;
    private const int AlikeWeight = 2;

    /// <summary>The members by which Kubernetes' own lists of objects are keyed (<c>x-kubernetes-list-map-keys</c>).</summary>
    private static readonly string[] Keys = ["name", "mountPath", "key", "type", "uid"];

    /// <summary>
    /// The steps from <paramref name="before"/> to <paramref name="after"/>, from left to right: an element of both sides, one that goes, or one that comes.
    /// </summary>
    public static List<Step> Of(ReadOnlySpan<JsonElement> before, JsonArray after)
    {
        // Comparing a lone element in advance would make nested arrays cost the square of their depth.
        if (before.Length == 1 && after.Count == 1 && !HaveDifferentKeys(before[0], after[0]))
            return [new(0, 0)];

        var steps = new List<Step>(Math.Max(before.Length, after.Count));
        var start = 0;
        while (start < before.Length && start < after.Count && JsonTokens.AreSame(before[start], after[start]))
        {
            steps.Add(new(start, start, AreSame: true));
            start++;
        }

        var (endBefore, endAfter) = (before.Length, after.Count);
        while (endBefore > start && endAfter > start && JsonTokens.AreSame(before[endBefore - 1], after[endAfter - 1]))
        {
            endBefore--;
            endAfter--;
        }

        var anchors = Anchors(before[start..endBefore], after, start, endAfter);
        var (i, j) = (start, start);
        foreach (var (anchorBefore, anchorAfter) in anchors)
        {
            FillGap(steps, before, after, ref i, anchorBefore, ref j, anchorAfter);
            steps.Add(new(i++, j++));
        }

        FillGap(steps, before, after, ref i, endBefore, ref j, endAfter);
        while (i < before.Length)
            steps.Add(new(i++, j++, AreSame: true));
        return steps;
    }

    /// <summary>Between two anchors: unnamed elements are taken to have changed in place, the rest went or came.</summary>
    private static void FillGap(
        List<Step> steps, ReadOnlySpan<JsonElement> before, JsonArray after, ref int i, int endBefore, ref int j, int endAfter)
    {
        while (i < endBefore && j < endAfter && !HaveDifferentKeys(before[i], after[j]))
            steps.Add(new(i++, j++));
        while (i < endBefore)
            steps.Add(new(i++, null));
        while (j < endAfter)
            steps.Add(new(null, j++));
    }

    /// <summary>The heaviest common subsequence of elements that are the same or bear the same keys.</summary>
    private static List<(int Before, int After)> Anchors(ReadOnlySpan<JsonElement> before, JsonArray after, int start, int endAfter)
    {
        var (rows, columns) = (before.Length, endAfter - start);
        List<(int, int)> anchors = [];
        if (rows == 0 || columns == 0 || (long)rows * columns > MaxComparisons)
            return anchors;

        var weights = new int[rows, columns];
        var best = new int[rows + 1, columns + 1];
        for (var row = rows - 1; row >= 0; row--)
        {
            for (var column = columns - 1; column >= 0; column--)
            {
                var node = after[start + column];
                var weight = HaveSameKeys(before[row], node) switch
                {
                    false => 0,
                    true => JsonTokens.AreSame(before[row], node) ? SameWeight : AlikeWeight,
                    null => JsonTokens.AreSame(before[row], node) ? SameWeight : 0,
                };
                weights[row, column] = weight;
                var skipped = Math.Max(best[row + 1, column], best[row, column + 1]);
                best[row, column] = weight == 0 ? skipped : Math.Max(skipped, best[row + 1, column + 1] + weight);
            }
        }

        for (var (row, column) = (0, 0); row < rows && column < columns;)
        {
            if (weights[row, column] > 0 && best[row, column] == best[row + 1, column + 1] + weights[row, column])
                anchors.Add((start + row++, start + column++));
            else if (best[row, column] == best[row + 1, column])
                row++;
            else
                column++;
        }

        return anchors;
    }

    private static bool HaveDifferentKeys(JsonElement before, JsonNode? after) => HaveSameKeys(before, after) == false;

    /// <summary>Null where neither side has a key to go by.</summary>
    private static bool? HaveSameKeys(JsonElement before, JsonNode? after)
    {
        if (before.ValueKind != JsonValueKind.Object || after is not JsonObject members)
            return null;
        bool? same = null;
        foreach (var key in Keys)
        {
            var inBefore = before.TryGetProperty(key, out var old);
            var inAfter = members.TryGetPropertyValue(key, out var value);
            if (!inBefore && !inAfter)
                continue;
            if (inBefore != inAfter || !JsonTokens.AreSame(old, value))
                return false;
            same = true;
        }

        return same;
    }

    /// <summary>One step: both indices for an element that stays (<paramref name="AreSame"/>: it need not be looked at again), only one for an element that goes (before) or comes (after).</summary>
    internal readonly record struct Step(int? Before, int? After, bool AreSame = false);
}
