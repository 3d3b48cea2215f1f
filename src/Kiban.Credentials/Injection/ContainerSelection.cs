namespace Kiban.Credentials.Injection;

/// <summary>Which containers get credentials: those that the Pod's annotation names, or all.</summary>
/// <param name="Names">The names; null means all.</param>
internal sealed record ContainerSelection(IReadOnlyList<string>? Names)
{
    public static ContainerSelection All { get; } = new((IReadOnlyList<string>?)null);

    public bool Includes(string container) => Names is null || Names.Contains(container);
}
