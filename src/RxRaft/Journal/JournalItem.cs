namespace RxRaft;

/// <summary>What a journal is told.</summary>
internal enum JournalItemKind
{
    /// <summary>A node has started.</summary>
    Begin,

    /// <summary>It took a step.</summary>
    Step,

    /// <summary>Steps were left out; it goes on from this state.</summary>
    GoOn,

    /// <summary>It has stopped.</summary>
    End,
}

/// <summary>What a journal is told.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Input">Of a step.</param>
/// <param name="State">After it; none if the step halted the node.</param>
/// <param name="Lost">How many steps were left out before.</param>
/// <param name="Weight">See <see cref="JournalOptions.MaxWaiting"/>.</param>
internal readonly record struct JournalItem(
    JournalItemKind Kind, Input? Input, NodeState? State, long Lost, int Weight)
{
    private const int Portion = 256;        // of bytes that are no entries

    /// <summary>What an input counts for while it waits.</summary>
    public static int WeightOf(Input input) => input switch
    {
        Input.Receive(_, Message.AppendEntries append) => 1 + append.Entries.Count,
        Input.Receive(_, Message.Forward forward) => 1 + forward.Proposals.Count,
        Input.Receive(_, Message.InstallSnapshot part) => 1 + part.Data.Length / Portion,
        Input.Propose(var proposals) => 1 + proposals.Count,
        Input.Read(var requests) => 1 + requests.Count,
        _ => 1,
    };
}
