using CsCheck;
using k8s.Models;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Leases;

/// <summary>
/// Three replicas in virtual time. Whatever pauses them, whatever the network loses or holds back and whatever their wall clocks show: of all
/// that was written under the lease, no replica's writes come between another's.
/// </summary>
public sealed class LeaderElectionProperties
{
    private const int Replicas = 3;
    private const int TheLeader = -1;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(60);

    private enum Fault
    {
        Pause,
        LoseRequests,
        LoseAnswers,
        Sluggish,
        Slow,
        SetWallClock,
        StopPolitely,
    }

    /// <param name="Replica">Whom it befalls; <see cref="TheLeader"/>: whoever leads then.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="At">When, in steps.</param>
    /// <param name="For">How long, in steps.</param>
    private sealed record Event(int Replica, Fault Kind, int At, int For);

    private static readonly Gen<Event> AnyEvent = Gen.Select(
        Gen.Frequency((3, Gen.Const(TheLeader)), (2, Gen.Int[0, Replicas - 1])),
        Gen.Frequency(
            (5, Gen.Const(Fault.Pause)),
            (2, Gen.Const(Fault.LoseRequests)),
            (2, Gen.Const(Fault.LoseAnswers)),
            (2, Gen.Const(Fault.Sluggish)),
            (3, Gen.Const(Fault.Slow)),
            (1, Gen.Const(Fault.SetWallClock)),
            (1, Gen.Const(Fault.StopPolitely))),
        Gen.Int[0, 1400],
        Gen.Frequency((1, Gen.Int[1, 60]), (2, Gen.Int[60, 250])),
        (replica, kind, at, length) => new Event(replica, kind, at, length));

    // The sharpest case: the leader is stopped while its renewal is under way, wakes with the answer there, and renews no more.
    private static readonly Gen<Event[]> Ambush = Gen.Select(Gen.Int[0, 1000], Gen.Int[20, 50], Gen.Int[30, 160], (at, wait, pause) => (Event[])
    [
        new Event(TheLeader, Fault.Sluggish, at, 400),
        new Event(TheLeader, Fault.Pause, at + wait, pause),
        new Event(TheLeader, Fault.LoseRequests, at + wait, 350),
    ]);

    private static readonly Gen<Event[]> History = Gen.Select(AnyEvent.Array[0, 14], Ambush.Array[0, 2], (any, ambushes) => (Event[])[.. any, .. ambushes.SelectMany(each => each)]);

    [Fact]
    public void Two_replicas_never_work_under_one_lease() =>
        Gen.Select(Gen.Int, History).Sample(
            (seed, events) =>
            {
                using var simulation = new Simulation(seed);
                simulation.Run(events);
            },
            iter: 80,
            print: history => string.Join(", ", history.Item2.Select(each => each.ToString())) + $" seed {history.Item1}");

    private sealed class Simulation : IDisposable
    {
        private readonly FakeTimeProvider _world = new();
        private readonly Random _random;
        private readonly FakeKubernetes _server;
        private readonly Replica[] _replicas;
        private readonly HashSet<Guid> _over = [];
        private Guid _writer;
        private string? _violation;

        public Simulation(int seed)
        {
            _random = new Random(seed);
            _server = new FakeKubernetes(_world);
            _replicas = [.. Enumerable.Range(0, Replicas).Select(number => new Replica(this, $"replica-{number}"))];
        }

        public void Dispose()
        {
            foreach (var replica in _replicas)
                replica.Dispose();
            _server.Dispose();
        }

        public void Run(Event[] events)
        {
            foreach (var replica in _replicas)
                replica.Start();
            var victims = new Replica[events.Length];
            for (var step = 0; step < Trouble / Step; step++)
            {
                for (var number = 0; number < events.Length; number++)
                {
                    var each = events[number];
                    if (each.At == step)
                    {
                        victims[number] = each.Replica == TheLeader ? Array.Find(_replicas, replica => replica.Elector.IsLeader) ?? _replicas[0] : _replicas[each.Replica];
                        victims[number].Suffer(each.Kind, each.For * Step);
                    }
                    else if (each.At + each.For == step)
                    {
                        victims[number].Recover(each.Kind);
                    }
                }
                Pass();
            }

            // When all is calm somebody leads again.
            foreach (var replica in _replicas)
            {
                foreach (var fault in Enum.GetValues<Fault>())
                    replica.Recover(fault);
            }
            for (var step = 0; step < Calm / Step; step++)
            {
                Pass();
                foreach (var replica in _replicas.Where(replica => replica.HasStopped || replica.Process.HasExited))
                    replica.Start();
            }
            _replicas.Count(replica => replica.Elector.IsLeader).ShouldBe(1, "nobody leads although all is well");

            // Who is told to stop gives the lease back.
            foreach (var replica in _replicas)
                replica.Stop();
            for (var step = 0; step < 100; step++)
                Pass();
            _replicas.ShouldAllBe(replica => replica.HasStopped || replica.Process.HasExited);
            Holder().ShouldBeNull();
        }

        private string? Holder() => _server.FindAsync<V1Lease>("lease", "ns", CancellationToken.None).Result?.Spec.HolderIdentity;

        private void Pass()
        {
            _world.Advance(Step);
            for (var ran = true; ran;)
            {
                ran = false;
                foreach (var replica in _replicas)
                    ran |= replica.Process.RunReady();
            }
            _violation.ShouldBeNull();
            _replicas.Count(replica => replica.Elector.IsLeader).ShouldBeLessThanOrEqualTo(1, "two replicas believe they lead");
        }

        private void Write(Guid term)
        {
            // Noted, not thrown: the elector would take an exception for a failure of the work.
            if (_over.Contains(term))
                _violation = "a replica wrote after another had begun to work";
            if (_writer != term && _writer != Guid.Empty)
                _over.Add(_writer);
            _writer = term;
        }

        private sealed class Replica : IDisposable
        {
            private readonly Simulation _simulation;
            private readonly string _name;
            private CancellationTokenSource _stop = new();
            private SimulatedNetwork _network = null!;

            public Replica(Simulation simulation, string name) => (_simulation, _name) = (simulation, name);

            public SimulatedProcess Process { get; private set; } = null!;

            public LeaderElector Elector { get; private set; } = null!;

            public bool HasStopped { get; private set; }

            public void Start()
            {
                HasStopped = false;
                _stop = new CancellationTokenSource();
                var process = Process = new SimulatedProcess(_simulation._world, _name);
                _network = new SimulatedNetwork(_simulation._server, _simulation._world, _simulation._random);
                var options = new LeaderElectionOptions { Name = "lease", Namespace = "ns", EndProcess = _ => process.HasExited = true };
                Elector = new LeaderElector(_network, options, process, NullLogger<LeaderElector>.Instance);
                process.Start(async () =>
                {
                    await Elector.RunAsync(WorkAsync, _stop.Token);
                    HasStopped = true;
                });
            }

            public void Stop() => Process.Start(() =>
            {
                _stop.Cancel();
                return Task.CompletedTask;
            });

            public void Dispose() => _stop.Dispose();

            public void Suffer(Fault fault, TimeSpan length)
            {
                switch (fault)
                {
                    case Fault.Pause:
                        Process.IsPaused = true;
                        break;
                    case Fault.LoseRequests:
                        _network.RequestLoss = 1;
                        break;
                    case Fault.LoseAnswers:
                        _network.AnswerLoss = 0.9;
                        break;
                    case Fault.Sluggish:
                        _network.LongestDelay = TimeSpan.FromSeconds(2.4);
                        break;
                    case Fault.Slow:
                        _network.LongestDelay = TimeSpan.FromSeconds(8 + 30 * _simulation._random.NextDouble());
                        break;
                    case Fault.SetWallClock:
                        Process.WallClockError += _simulation._random.Next(2) == 0 ? length : -length;
                        break;
                    case Fault.StopPolitely:
                        Stop();
                        break;
                    default:
                        throw new InvalidOperationException($"{fault}");
                }
            }

            public void Recover(Fault fault)
            {
                switch (fault)
                {
                    case Fault.Pause:
                        Process.IsPaused = false;
                        break;
                    case Fault.LoseRequests:
                        _network.RequestLoss = 0;
                        break;
                    case Fault.LoseAnswers:
                        _network.AnswerLoss = 0;
                        break;
                    case Fault.Slow or Fault.Sluggish:
                        _network.LongestDelay = TimeSpan.FromMilliseconds(50);
                        break;
                    case Fault.StopPolitely when HasStopped:
                        Start();
                        break;
                    default:
                        break;
                }
            }

            /// <summary>Writes again and again; notices its cancellation late, and takes a while to end.</summary>
            private async Task WorkAsync(LeadershipToken leadership)
            {
                var term = Guid.NewGuid();
                while (!leadership.CancellationToken.IsCancellationRequested)
                {
                    try
                    {
                        leadership.ThrowIfLost();
                    }
                    catch (LeadershipLostException)
                    {
                        break;
                    }
                    _simulation.Write(term);
                    await Task.Delay(TimeSpan.FromMilliseconds(_simulation._random.Next(1, 700)), Process);
                }
                await Task.Delay(TimeSpan.FromMilliseconds(_simulation._random.Next(1, 2000)), Process);
            }
        }
    }
}
