namespace Kiban.Credentials.Injection;

internal static class FileModes
{
    /// <summary>
    /// 0444. A container may run as any user, and the files belong to root: less than this is unreadable unless the Pod has an
    /// <c>fsGroup</c>, and to give it one would change the owner of all its other volumes. Only the Pod's own containers see the files.
    /// </summary>
    public const int ReadableByAll = 292;
}
