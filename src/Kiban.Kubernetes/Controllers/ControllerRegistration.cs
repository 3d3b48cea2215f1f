namespace Kiban.Kubernetes.Controllers;

/// <summary>A controller that a program wants: its declaration, and how its reconciler is found.</summary>
internal sealed record ControllerRegistration(ControllerBuilder Declaration, Func<IServiceProvider, IReconciler> Reconciler);
