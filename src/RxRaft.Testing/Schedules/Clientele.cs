using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>What clients saw in a schedule: the state machines of its nodes are run beside them.</summary>
/// <remarks>
/// A command begins when a node is asked for it first, and ends when the machine there applies it. A read is one of
/// everything, and begins and ends for all of it at once.
/// </remarks>
internal sealed class Clientele<TState, TCommand, TResult>(Trial<TState, TCommand, TResult> trial) : RunJudge
{
    internal override Option<SwarmFailure> Of(Stage stage)
    {
        try
        {
            var seen = new Seen(trial);
            for (var i = 0; i < stage.Played.Count; i++)
            {
                var (happening, from) = stage.Played[i];
                seen.Take(happening);
                var to = i + 1 < stage.Played.Count ? stage.Played[i + 1].From : stage.Events.Count;
                for (var place = from; place < to; place++) seen.Take(stage.Events[place]);
            }

            return Linearizability.Check(seen.History, trial.Model) is Verdict<TCommand, TResult>.NotLinearizable wrong
                ? new SwarmFailure(SwarmFailure.Linearizability, $"{wrong}")
                : None;
        }
        catch (InvariantViolationException)                                 // it is something else that does not hold
        {
            return None;
        }
    }

    /// <summary>A state machine with what waits for it: entries or a snapshot, or reads.</summary>
    private sealed class Lane(Replica<TState, TResult> replica)
    {
        public Replica<TState, TResult> Replica { get; set; } = replica;

        /// <summary>After all that waits.</summary>
        public Replica<TState, TResult> Ahead { get; set; } = replica;

        public Queue<Work> Waiting { get; } = new();
    }

    private sealed record Work(
        Option<Replica<TState, TResult>> After, Seq<(RequestId Request, TResult Result)> Told, Seq<RequestId> Reads);

    /// <summary>Who waits for a command, or to look at a state.</summary>
    private sealed record Asker(int Client, Option<Func<TState, TResult>> Look);

    private sealed class Seen(Trial<TState, TCommand, TResult> trial)
    {
        private readonly Dictionary<NodeId, Lane> lanes = [];
        private readonly Dictionary<LogPosition, Replica<TState, TResult>> snapshots = [];
        private readonly Dictionary<(NodeId Node, RequestId Request), Seq<Asker>> open = [];
        private int clients;

        public History<TCommand, TResult> History { get; private set; } = History<TCommand, TResult>.Empty;

        /// <summary>Clients see something before the node does.</summary>
        public void Take(Happening happening)
        {
            switch (happening)
            {
                case Happening.Starts or Happening.Crashes: Forget(happening.Node); break;
                case Happening.Asks { Input: Input.Propose(var proposals) }: Ask(happening, proposals); break;
                case Happening.Asks { Input: Input.Read(var requests) }: Ask(happening, requests); break;
                case Happening.Applies: Go(happening.Node, happening.At); break;
            }
        }

        /// <summary>What a node asks of its state machine; it need not be the one to which something happens.</summary>
        public void Take(WorldEvent happened)
        {
            var (node, effects) = happened switch
            {
                WorldEvent.Started(_, var started, var step) => (started, step.Effects),
                WorldEvent.Stepped(_, var stepped, _, var step) => (stepped, step.Effects),
                _ => (default, []),
            };
            foreach (var effect in effects) Take(node, happened.At, effect);
        }

        private void Take(NodeId node, TimeSpan at, Effect effect)
        {
            var lane = lanes[node];
            switch (effect)
            {
                case Effect.Apply(var entries):
                    var (after, outcomes) = trial.Machine.Apply(lane.Ahead, entries);
                    Wait(lane, after, entries.Zip(outcomes).Bind(each => Told(each.Item1, each.Item2)).Strict());
                    break;
                case Effect.RestoreSnapshot(var snapshot):
                    Wait(lane, snapshots.TryGetValue(snapshot.Last, out var held)
                        ? held
                        : throw new InvariantViolationException("a snapshot that nobody took"), []);
                    break;
                case Effect.TakeSnapshot(var last, _):
                    snapshots[last] = lane.Ahead;
                    break;
                case Effect.Read(var requests):
                    lane.Waiting.Enqueue(new Work(None, [], requests));
                    Look(node, at);
                    break;
            }
        }

        private static void Wait(
            Lane lane, Replica<TState, TResult> after, Seq<(RequestId, TResult)> told)
        {
            lane.Ahead = after;
            lane.Waiting.Enqueue(new Work(after, told, []));
        }

        private static Seq<(RequestId, TResult)> Told(Entry entry, Option<Outcome<TResult>> outcome) =>
            entry.Payload is Payload.Command command && outcome.Case is Outcome<TResult>.Applied(var result)
                ? Seq1((command.Request, result))
                : [];

        private void Go(NodeId node, TimeSpan at)
        {
            var lane = lanes[node];
            var done = lane.Waiting.Dequeue();
            lane.Replica = done.After.IfNone(lane.Replica);
            foreach (var (request, result) in done.Told) Return(node, at, request, _ => result);
            Look(node, at);
        }

        /// <summary>Reads that are next.</summary>
        private void Look(NodeId node, TimeSpan at)
        {
            var lane = lanes[node];
            while (lane.Waiting.TryPeek(out var next) && next.After.IsNone)
                foreach (var request in lane.Waiting.Dequeue().Reads)
                    Return(node, at, request, look => look.Map(see => see(lane.Replica.State)).IfNone(() =>
                        throw new InvariantViolationException("a command was let read")));
        }

        private void Return(
            NodeId node, TimeSpan at, RequestId request, Func<Option<Func<TState, TResult>>, TResult> result)
        {
            if (!open.TryGetValue((node, request), out var asked)) return;

            open[(node, request)] = [];                                     // it may still be tried again
            foreach (var asker in asked)
                History = History.Returned(asker.Client, result(asker.Look), at);
        }

        private void Ask(Happening happening, Seq<Proposal> proposals)
        {
            foreach (var proposal in proposals)
                if (proposal.Payload is Payload.Command command)
                    Invoke(happening, command.Request, Seq1(
                        (trial.Machine.Commands.Read(command.Bytes), Option<Func<TState, TResult>>.None)));
        }

        private void Ask(Happening happening, Seq<RequestId> requests)
        {
            var looks = trial.Closing
                .Map(command => (command, trial.Reading(command))).Filter(each => each.Item2.IsSome).Strict();
            foreach (var request in requests) Invoke(happening, request, looks);
        }

        /// <summary>Each thing that is asked for has a client of its own. A try again is nothing new.</summary>
        private void Invoke(
            Happening happening, RequestId request, Seq<(TCommand Command, Option<Func<TState, TResult>> Look)> asked)
        {
            if (open.ContainsKey((happening.Node, request))) return;

            var waiting = Seq<Asker>();
            foreach (var (command, look) in asked)
            {
                History = History.Invoked(++clients, command, happening.At);
                waiting = waiting.Add(new Asker(clients, look));
            }

            open[(happening.Node, request)] = waiting;
        }

        private void Forget(NodeId node)
        {
            lanes[node] = new Lane(Replica.Of(trial.Machine));
            foreach (var asked in open.Keys.Where(asked => asked.Node == node).ToList()) open.Remove(asked);
        }
    }
}
