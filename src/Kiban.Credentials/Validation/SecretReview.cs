namespace Kiban.Credentials.Validation;

/// <summary>What is wrong with a typed Secret (it is refused), and what is merely odd (its author is warned).</summary>
internal sealed class SecretReview
{
    private readonly List<Finding> _findings = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<string> Warnings => _warnings;

    public bool IsValid => _findings.Count == 0;

    public void Refuse(string field, string found, string wanted) => _findings.Add(new Finding(field, found, wanted));

    public void Warn(string field, string sentence) => _warnings.Add($"{field}: {sentence}");

    /// <summary>The refusal as its author reads it: one sentence for one mistake, a list for several.</summary>
    /// <param name="secret">Namespace and name.</param>
    public string Text(string secret) => _findings.Count == 1
        ? $"Secret \"{secret}\", {_findings[0]}."
        : $"Secret \"{secret}\" has {_findings.Count} mistakes:{string.Concat(_findings.Select(finding => $"\n- {finding}."))}";
}
