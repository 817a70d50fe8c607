using Journals = RxRaft.Proto.Journals;
using Kind = RxRaft.Proto.Journals.Step.Types.Kind;

namespace RxRaft;

/// <summary>Writes inputs as records of a journal.</summary>
internal sealed class StepWriter
{
    private readonly MessageWriter messages = new(int.MaxValue);
    private readonly Proto.Payloads columns = new();

    /// <summary>Writes one behind what a buffer has.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="check">Of the state after it; none if the node halted.</param>
    /// <param name="buffer">It gets one record more.</param>
    public void Write(Input input, uint? check, SendBuffer buffer)
    {
        var step = Of(input);
        step.At = input.At.SinceStart.Ticks;
        if (check is { } sum) step.Check = sum;
        var start = JournalRecord.Begin(JournalRecordType.Step, step, buffer);
        if (input is Input.Receive(_, var message)) messages.TryWrite(message, buffer);
        else if (input is Input.Propose(var proposals)) PayloadWriter.Attach(proposals, buffer);
        JournalRecord.End(start, buffer);
    }

    private Journals.Step Of(Input input) => input switch
    {
        Input.Tick => new() { Kind = Kind.Tick },
        Input.Receive(var from, _) => new() { Kind = Kind.Receive, Node = from.Value },
        Input.Persisted persisted => Of(persisted),
        Input.Propose(var proposals) => new() { Kind = Kind.Propose, Proposals = Columns(proposals) },
        Input.Read(var requests) => Asked(Kind.Read, requests),
        Input.Reconfigure(var request, var change) => With(
            Asked(Kind.Reconfigure, Seq1(request)), TreeCodec.Write(change)),
        Input.TransferTo(var request, var target) => To(Asked(Kind.TransferTo, Seq1(request)), target),
        Input.Applied(var index) => new() { Kind = Kind.Applied, Index = index.Value },
        Input.Snapshotted(var snapshot) => With(new() { Kind = Kind.Snapshotted }, TreeCodec.Write(snapshot)),
        _ => throw Unreachable.Case(input),
    };

    private static Journals.Step Of(Input.Persisted persisted)
    {
        var step = new Journals.Step
        {
            Kind      = Kind.Persisted,
            Term      = persisted.CurrentTerm.Value,
            Index     = persisted.LastLog.Index.Value,
            IndexTerm = persisted.LastLog.Term.Value,
        };
        return persisted.VotedFor.Case is NodeId vote ? To(step, vote) : step;
    }

    private static Journals.Step Asked(Kind kind, Seq<RequestId> requests)
    {
        var step      = new Journals.Step { Kind = kind, Requests = (uint)requests.Count };
        var sessions  = new DifferenceWriter(step.Sessions);
        var sequences = new DifferenceWriter(step.Sequences);
        for (var i = 0; i < requests.Count; i++)
        {
            sessions.Add(requests[i].Session.Value);
            sequences.Add(requests[i].Sequence);
        }

        return step;
    }

    private static Journals.Step With(Journals.Step step, Journals.Tree value)
    {
        step.Value = value;
        return step;
    }

    private static Journals.Step To(Journals.Step step, NodeId node)
    {
        step.Node = node.Value;
        return step;
    }

    private Proto.Payloads Columns(Seq<Proposal> proposals)
    {
        PayloadWriter.Fill(columns, proposals);
        return columns;
    }
}
