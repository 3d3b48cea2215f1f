namespace Kiban.Kubernetes.Admission;

/// <summary>The operations that a computed patch needs; <c>move</c>, <c>copy</c> and <c>test</c> are never made.</summary>
public enum JsonPatchOperationKind
{
    /// <summary>Sets a member, or inserts an element into an array.</summary>
    Add,

    /// <summary>Takes a member or an element away.</summary>
    Remove,

    /// <summary>Puts another value where one is.</summary>
    Replace,
}
