namespace Kiban.ObjectStore.Testing.Faults;

/// <summary>What a request wants.</summary>
[Flags]
public enum StoreOperation
{
    /// <summary>Nothing that is known.</summary>
    None = 0,

    /// <summary>The bytes of an object, or of a part of it.</summary>
    Read = 1,

    /// <summary>What is known of an object.</summary>
    Head = 2,

    /// <summary>A page of a listing.</summary>
    List = 4,

    /// <summary>A token of Google's.</summary>
    Token = 8,

    /// <summary>Any of them.</summary>
    Any = Read | Head | List | Token,
}
