namespace Kiban.Datasets.Admission;

/// <summary>What is wrong with a claim, or the template of one (it is refused), and what is merely odd (its author is warned).</summary>
/// <param name="Mistakes">Sentences without full stops.</param>
/// <param name="Warnings">Sentences.</param>
internal sealed record ClaimReview(IReadOnlyList<string> Mistakes, IReadOnlyList<string> Warnings)
{
    public bool IsValid => Mistakes.Count == 0;

    /// <summary>The refusal as its author reads it: one sentence for one mistake, a list for several.</summary>
    /// <param name="subject">What was reviewed, such as <c>PersistentVolumeClaim "team-a/data"</c>.</param>
    public string Text(string subject) => Mistakes.Count == 1
        ? $"{subject}: {Mistakes[0]}."
        : $"{subject} has {Mistakes.Count} mistakes:{string.Concat(Mistakes.Select(mistake => $"\n- {mistake}."))}";
}
