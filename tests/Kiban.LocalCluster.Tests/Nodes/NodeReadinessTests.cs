using k8s.Models;
using Kiban.LocalCluster.Nodes;

namespace Kiban.LocalCluster.Tests.Nodes;

public class NodeReadinessTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, 700, TimeSpan.Zero);

    [Theory]
    [InlineData("True", 0, true)]
    [InlineData("True", 5, true)]
    [InlineData("True", -30, false)]
    [InlineData("False", 5, false)]
    [InlineData("Unknown", 5, false)]
    public void Node_counts_as_ready_when_the_present_kubelet_says_so(string status, int secondsAfterStart, bool expected)
    {
        var heartbeat = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(secondsAfterStart);
        var node = new V1Node { Status = new V1NodeStatus { Conditions = [new V1NodeCondition { Type = "Ready", Status = status, LastHeartbeatTime = heartbeat }] } };

        NodeReadiness.IsReady(node, Start).ShouldBe(expected);
    }

    [Fact]
    public void Node_that_is_not_registered_is_not_ready() => NodeReadiness.IsReady(null, Start).ShouldBeFalse();
}
