using k8s.Models;
using Kiban.Kubernetes.Conditions;

namespace Kiban.Kubernetes.Tests.Conditions;

public sealed class ConditionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, 345, TimeSpan.Zero);
    private static readonly DateTime Before = new(2025, 12, 31, 0, 0, 0, DateTimeKind.Utc);

    private static readonly V1Condition[] Observed =
    [
        new() { Type = "Ready", Status = "False", Reason = "Waiting", Message = "Not yet.", LastTransitionTime = Before, ObservedGeneration = 1 },
        new() { Type = "somebody.else/Thing", Status = "True", Reason = "So", LastTransitionTime = Before },
    ];

    [Fact]
    public void Transition_time_moves_when_the_status_changes()
    {
        var next = Observed.Next("Ready", ConditionStatus.True, "Loaded", "All is there.", 2, Now);

        next.LastTransitionTime.ShouldBe(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc));
        next.ObservedGeneration.ShouldBe(2);
    }

    [Fact]
    public void Transition_time_stays_when_only_reason_message_or_generation_change() =>
        Observed.Next("Ready", ConditionStatus.False, "Failed", "No such bucket.", 2, Now).LastTransitionTime.ShouldBe(Before);

    [Fact]
    public void First_condition_is_a_transition()
    {
        IEnumerable<V1Condition>? none = null;

        none.Next("Ready", ConditionStatus.Unknown, "Starting", "", null, Now).LastTransitionTime.ShouldBe(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc));
        none.IsTrue("Ready").ShouldBeFalse();
        none.With(new V1Condition { Type = "Ready" }).Count.ShouldBe(1);
    }

    [Fact]
    public void Others_conditions_keep_their_places()
    {
        var next = Observed.Next("Ready", ConditionStatus.True, "Loaded", "", 2, Now);

        Observed.With(next).ShouldBe([next, Observed[1]]);
        Observed.With(next with { Type = "New" }).Select(condition => condition.Type).ShouldBe(["Ready", "somebody.else/Thing", "New"]);
    }

    [Fact]
    public void Nothing_needs_to_be_written_when_all_is_as_it_was()
    {
        Observed.Has(Observed.Next("Ready", ConditionStatus.False, "Waiting", "Not yet.", 1, Now)).ShouldBeTrue();
        Observed.Has(Observed.Next("somebody.else/Thing", ConditionStatus.True, "So", "", null, Now)).ShouldBeTrue("no message and an empty one are the same");
        Observed.Has(Observed.Next("Ready", ConditionStatus.False, "Waiting", "Not yet.", 2, Now)).ShouldBeFalse();
        Observed.Has(Observed.Next("Ready", ConditionStatus.True, "Waiting", "Not yet.", 1, Now)).ShouldBeFalse();
        Observed.Has(Observed.Next("New", ConditionStatus.True, "So", "", null, Now)).ShouldBeFalse();
    }

    [Fact]
    public void Status_that_is_none_is_refused() =>
        Should.Throw<ArgumentException>(() => Observed.Next("Ready", "true", "So", "", null, Now)).Message.ShouldContain("'true': True, False or Unknown is wanted");
}
