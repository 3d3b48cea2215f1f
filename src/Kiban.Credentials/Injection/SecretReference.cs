namespace Kiban.Credentials.Injection;

/// <summary>A Secret that a Pod asks for.</summary>
/// <param name="Name">Name of the Secret.</param>
/// <param name="Annotation">The annotation, and of what, for messages: <c>annotation credentials.kiban.dev/aws of ServiceAccount "train"</c>.</param>
internal sealed record SecretReference(string Name, string Annotation);
