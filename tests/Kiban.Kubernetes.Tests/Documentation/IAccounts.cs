namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>Something outside of Kubernetes that a finalizer is for. Both may be repeated harmlessly.</summary>
internal interface IAccounts
{
    /// <summary>Opens the team's account, if it is not open.</summary>
    Task OpenAsync(string team, CancellationToken cancellationToken);

    /// <summary>Closes the team's account, if it is open.</summary>
    Task CloseAsync(string team, CancellationToken cancellationToken);
}
