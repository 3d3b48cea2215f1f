using System.Runtime.InteropServices;

namespace Kiban.Loader.FileSystem;

/// <summary>Says what a refusal of the file system means for a load.</summary>
internal static class VolumeError
{
    /// <summary>After a call of <see cref="NativeMethods"/> that failed.</summary>
    /// <param name="doing">What was tried, such as "write data/a.bin".</param>
    public static LoadException Last(string doing) => From(Marshal.GetLastPInvokeError(), doing);

    /// <summary>For an error number of Linux.</summary>
    public static LoadException From(int error, string doing, Exception? inner = null) => error switch
    {
        NativeMethods.ENOSPC => new LoadException(LoadReason.InsufficientSpace, $"The volume is full; could not {doing}. Enlarge the claim and load again: what is here is kept.", inner),
        NativeMethods.EDQUOT => new LoadException(LoadReason.InsufficientSpace, $"The quota of the volume is used up; could not {doing}. Raise it and load again: what is here is kept.", inner),
        _ => new LoadException(LoadReason.VolumeNotWritable, $"Could not {doing}: {Marshal.GetPInvokeErrorMessage(error)}.", inner),
    };

    /// <summary>For an exception of the runtime's own file functions, whose HResult is the error number.</summary>
    public static LoadException From(Exception error, string doing) => error switch
    {
        LoadException known => known,
        UnauthorizedAccessException => From(NativeMethods.EACCES, doing, error),
        _ => From(error.HResult, doing, error),
    };
}
