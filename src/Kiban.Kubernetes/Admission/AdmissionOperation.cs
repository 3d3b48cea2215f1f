namespace Kiban.Kubernetes.Admission;

/// <summary>What is done to the object under review.</summary>
public enum AdmissionOperation
{
    /// <summary>It is created.</summary>
    Create,

    /// <summary>It is changed.</summary>
    Update,

    /// <summary>It is deleted.</summary>
    Delete,

    /// <summary>A request such as <c>pods/exec</c> connects to it.</summary>
    Connect,
}
