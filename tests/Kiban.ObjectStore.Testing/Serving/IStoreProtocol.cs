using Kiban.ObjectStore.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>How a kind of store speaks.</summary>
internal interface IStoreProtocol
{
    /// <summary>Understands a request.</summary>
    ObjectRequest Parse(HttpContext context);

    /// <summary>Answers a request that no fault has answered.</summary>
    Task AnswerAsync(ObjectRequest request);

    /// <summary>Answers with an error in the protocol's form.</summary>
    Task RefuseAsync(ObjectRequest request, int status, string code, string message);
}
