using CsCheck;
using Kiban.Datasets.Loading;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Tests.Loading;

public sealed class LoadSlotsTests
{
    private static readonly DateTime Start = new(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Oldest_claim_goes_first_and_the_others_wait()
    {
        var slots = new LoadSlots(1, 1, () => []);
        slots.TryTake(Claim("a", 1), Start).ShouldBeTrue();
        slots.TryTake(Claim("a", 3), Start.AddSeconds(3)).ShouldBeFalse();
        slots.TryTake(Claim("a", 2), Start.AddSeconds(2)).ShouldBeFalse();
        slots.Release(Claim("a", 1)).ShouldBe([Claim("a", 2)]);
        slots.TryTake(Claim("a", 3), Start.AddSeconds(3)).ShouldBeFalse();
        slots.TryTake(Claim("a", 2), Start.AddSeconds(2)).ShouldBeTrue();
    }

    [Fact]
    public void Namespace_that_is_full_does_not_hold_up_another()
    {
        var slots = new LoadSlots(2, 1, () => [Claim("a", 0)]);
        slots.TryTake(Claim("a", 1), Start).ShouldBeFalse();
        slots.TryTake(Claim("b", 1), Start.AddHours(1)).ShouldBeTrue();
    }

    [Fact]
    public void Loads_that_ran_before_the_program_started_count()
    {
        var slots = new LoadSlots(2, 2, () => [Claim("a", 1), Claim("b", 1)]);
        slots.TryTake(Claim("c", 1), Start).ShouldBeFalse();
    }

    [Fact]
    public void Limits_hold_and_nobody_waits_without_cause_whatever_happens() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int[0, 3]).Array[0, 200].Sample(steps =>
        {
            HashSet<NamespacedName> running = [];
            HashSet<NamespacedName> taken = [];
            HashSet<NamespacedName> waiting = [];
            var slots = new LoadSlots(4, 2, () => running);
            foreach (var (what, number, space) in steps)
            {
                var claim = Claim($"ns{space}", number);
                switch (what)
                {
                    case 0 when !running.Contains(claim):
                        if (slots.TryTake(claim, Start.AddSeconds(number)))
                        {
                            taken.Add(claim);
                            waiting.Remove(claim);
                        }
                        else
                        {
                            waiting.Add(claim);
                        }
                        break;
                    case 1 when taken.Remove(claim):
                        running.Add(claim);
                        slots.Started(claim);
                        break;
                    case 2:
                        running.Remove(claim);
                        taken.Remove(claim);
                        waiting.Remove(claim);
                        foreach (var next in slots.Release(claim))
                            waiting.ShouldContain(next);
                        break;
                    default:
                        break;
                }
                var holders = running.Union(taken).ToList();
                holders.Count.ShouldBeLessThanOrEqualTo(4);
                holders.CountBy(holder => holder.Namespace!).ShouldAllBe(count => count.Value <= 2);
            }

            // Everyone who waits gets a place once those before are done.
            for (var round = 0; round < 100 && waiting.Count + taken.Count + running.Count > 0; round++)
            {
                var done = running.Union(taken).ToList();
                running.Clear();
                taken.Clear();
                var next = done.Count == 0 ? [.. waiting] : done.SelectMany(slots.Release).ToHashSet();
                foreach (var claim in next)
                {
                    if (slots.TryTake(claim, Start.AddSeconds(int.Parse(claim.Name[1..], System.Globalization.CultureInfo.InvariantCulture))))
                    {
                        waiting.Remove(claim);
                        taken.Add(claim);
                    }
                }
            }
            waiting.ShouldBeEmpty();
        });

    private static NamespacedName Claim(string space, int number) => new(space, $"c{number}");
}
