using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Those who wait for an answer: each is told once, by whoever knows, and everybody in the end.</summary>
public sealed class RequestsTests
{
    private static readonly RequestId First = new(new SessionId(7), 1);
    private static readonly RequestId Second = new(new SessionId(7), 2);

    private readonly Requests requests = new(who => who.Execute());

    [Fact]
    public void Who_waits_is_told_what_the_state_machine_says_and_nobody_else_is()
    {
        var (mine, other) = (requests.Add<int>(First), requests.Add<int>(Second));

        requests.Answer(First, new Outcome<int>.Applied(5));

        Assert.Equal(new Outcome<int>.Applied(5), Told(mine.Task));
        Assert.False(other.Task.IsCompleted);
    }

    [Fact]
    public void Who_waits_is_told_why_the_node_does_not_take_it()
    {
        var waiting = requests.Add<int>(First);

        requests.Answer(First, new Outcome.NotLeader(new NodeId(3)));

        Assert.Equal(new Outcome<int>.NotLeader(new NodeId(3)), Told(waiting.Task));
    }

    [Fact]
    public void The_first_answer_counts()
    {
        var waiting = requests.Add<int>(First);

        requests.Answer(First, new Outcome<int>.Applied(5));
        requests.Answer(First, new Outcome.Unknown());

        Assert.Equal(new Outcome<int>.Applied(5), Told(waiting.Task));
    }

    [Fact]
    public void An_answer_to_nobody_is_nothing()
    {
        requests.Answer(First, new Outcome.Unknown());
        requests.Answer(First, new Outcome<int>.Applied(5));
        requests.Read(First, "state");

        Assert.False(requests.Add<int>(First).Task.IsCompleted);                 // and is not kept for who comes later
    }

    [Fact]
    public void An_answer_of_another_kind_is_somebody_elses_and_who_waits_goes_on_waiting()
    {
        var waiting = requests.Add<int>(First);

        requests.Answer(First, new Outcome<SessionId>.Applied(new SessionId(9)));
        requests.Read(First, "state");
        Assert.False(waiting.Task.IsCompleted);

        requests.Answer(First, new Outcome<int>.Applied(5));
        Assert.Equal(new Outcome<int>.Applied(5), Told(waiting.Task));
    }

    [Fact]
    public void One_request_is_under_way_once_and_can_be_again_when_it_is_answered_or_forgotten()
    {
        requests.Add<int>(First);
        Assert.Contains("C7/1", Assert.Throws<InvalidOperationException>(() => requests.Add<int>(First)).Message,
            StringComparison.Ordinal);

        requests.Answer(First, new Outcome.Unknown());
        requests.Add<int>(First);
        requests.Forget(First);
        requests.Add<int>(First);
    }

    [Fact]
    public void Who_is_forgotten_is_not_told()
    {
        var waiting = requests.Add<int>(First);

        requests.Forget(First);
        requests.Answer(First, new Outcome<int>.Applied(5));
        requests.Close();

        Assert.False(waiting.Task.IsCompleted);
    }

    [Fact]
    public void A_reader_reads_the_state_it_is_let_see()
    {
        var reader = requests.AddReader<string, int>(First, state => state.Length);

        requests.Read(First, "four");

        Assert.Equal(new Outcome<int>.Applied(4), Told(reader.Task));
    }

    [Fact]
    public void What_a_reader_throws_is_its_own()
    {
        var reader = requests.AddReader<string, int>(First, _ => throw new InvalidOperationException("mine"));

        requests.Read(First, "state");

        Assert.Equal("mine", reader.Task.Exception?.InnerException?.Message);
    }

    [Fact]
    public void An_operator_is_told_what_the_node_says()
    {
        var waiting = requests.AddOperator(First);

        requests.Answer(First, new Outcome.Done());

        Assert.Equal(new Outcome.Done(), Told(waiting.Told));
    }

    [Fact]
    public void When_the_node_stops_all_who_wait_are_told_that_nobody_knows_and_so_is_who_comes_later()
    {
        var waiting = requests.Add<int>(First);
        var asking = requests.AddOperator(Second);

        requests.Close();

        Assert.Equal(new Outcome<int>.Unknown(), Told(waiting.Task));
        Assert.Equal(new Outcome.Unknown(), Told(asking.Told));
        Assert.Equal(new Outcome<int>.Unknown(), Told(requests.Add<int>(First).Task));
    }

    [Fact]
    public async Task Whoever_goes_on_does_not_do_so_on_the_thread_that_answers_unless_in_virtual_time()
    {
        var elsewhere = new Requests(who => ThreadPool.UnsafeQueueUserWorkItem(who, preferLocal: false));
        var thread = Environment.CurrentManagedThreadId;
        var here = requests.Add<int>(First).Task.ContinueWith(
            _ => Environment.CurrentManagedThreadId, TaskContinuationOptions.ExecuteSynchronously);
        using var answering = new System.Threading.ManualResetEventSlim();
        var there = elsewhere.Add<int>(First).Task.ContinueWith(
            _ => answering.Wait(TimeSpan.FromSeconds(10)), TaskContinuationOptions.ExecuteSynchronously);

        requests.Answer(First, new Outcome.Unknown());
        elsewhere.Answer(First, new Outcome.Unknown());                             // which returns, whatever waits there
        answering.Set();

        Assert.Equal(thread, Told(here));
        Assert.True(await there);
    }

    /// <summary>What somebody has been told by now.</summary>
    private static T Told<T>(Task<T> waiting)
    {
        Assert.True(waiting.IsCompletedSuccessfully);
        return waiting.Result;
    }
}
