using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Tests.Processes;

public class ProcessIdentityTests
{
    [Theory]
    [InlineData("S", 1, true)]
    [InlineData("Z", 1, false)]
    [InlineData("X", 1, false)]
    [InlineData("Z", 7, true)] // the first thread has ended, the others still hold the ports
    public void Process_runs_until_its_last_thread_has_ended(string state, int threads, bool runs)
    {
        var stat = $"4242 (a (tricky) name) {state} 1 4242 4242 0 -1 4194560 1 0 0 0 10 20 0 0 20 0 {threads} 0 987654 1000 0 18446744073709551615";

        ProcessIdentity.Parse(4242, stat).ShouldBe(runs ? new ProcessIdentity(4242, 987654) : null);
    }
}
