using System.Threading.Tasks;

namespace RxRaft;

/// <summary>Looks on from a node's first step, and measures what its clients ask for: metrics, traces, a log.</summary>
internal interface INodeWatch
{
    /// <summary>A step, that of the start first. Called where it is taken, one at a time, as observers are.</summary>
    void Stepped(Transition step);

    /// <summary>Whether proposals are measured. If not, nothing comes between a client and its node.</summary>
    bool MeasuresProposals { get; }

    /// <summary>Makes a proposal that is repeated until it is answered, and measures it.</summary>
    Task<TResult> Measure<TResult>(Func<Task<TResult>> propose);

    /// <summary>Makes a proposal that is tried once, and measures it.</summary>
    Task<Outcome<TResult>> MeasureOnce<TResult>(Func<Task<Outcome<TResult>>> propose);
}
