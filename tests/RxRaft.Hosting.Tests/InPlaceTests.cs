using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace RxRaft.Hosting;

/// <summary>Where callers go on is the service's choice.</summary>
public sealed class InPlaceTests
{
    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task Callers_go_on_on_the_threads_of_the_node_where_that_was_asked_for_and_nowhere_else(string asked, bool inPlace)
    {
        using var machine = new Gated();
        await using var hosts = await Hosts.Start(
            1, (builder, raft) => builder.Services.AddRaft(raft, machine), ("AnswersInPlace", asked));

        var answer = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>().ProposeAsync("a");
        var where  = answer.ContinueWith(
            _ => Thread.CurrentThread.Name, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        machine.Gate.Set();                                     // not answered before somebody waits

        Assert.Equal(inPlace, await where.WaitAsync(Hosts.Generous) is "raft S1" or "raft S1 machine");
    }

    /// <summary>Applies nothing before it may.</summary>
    private sealed class Gated : IMachine<Arr<string>, string, int>, IDisposable
    {
        public ManualResetEventSlim Gate { get; } = new();

        public Arr<string> Initial => Notes.Machine.Initial;

        public ISerializer<Arr<string>> States => Notes.Machine.States;

        public ISerializer<string> Commands => Notes.Machine.Commands;

        public ISerializer<int> Results => Notes.Machine.Results;

        public (Arr<string> State, int Result) Apply(Arr<string> state, string command)
        {
            Gate.Wait();
            return Notes.Machine.Apply(state, command);
        }

        public void Dispose() => Gate.Dispose();
    }
}
