using System.Linq;
using RxRaft.Testing.Checking;

namespace RxRaft.Tests.Checking;

/// <summary>What the model checker has nodes do.</summary>
public sealed class StageTests
{
    [Fact]
    public void No_two_questions_of_a_follower_have_the_same_number()
    {
        var stage = new Testing.Checking.Stage(new CheckOptions
        {
            Configuration = Configuration.Of(1, 2),
            PreVotes      = false,
            Bounds        = new Bounds { Reads = 3 },
        });
        var (leader, first)    = Do(stage, Boot(stage, 1), Kind.Wake, (int)Alarm.Election);
        var (follower, votes)  = Do(stage, Boot(stage, 2), Kind.Impatient, first[0].Id);
        var (_, appends)       = Do(stage, leader, Kind.InTime, votes[0].Id);
        (follower, _)          = Do(stage, follower, Kind.InTime, appends[0].Id);
        (follower, var zeroth) = Do(stage, follower, Kind.Read, 0);
        (follower, _)          = Do(stage, follower, Kind.Read, 1);
        (follower, var one)    = Do(stage, follower, Kind.GivenUp, appends[0].Id);
        (follower, _)          = Do(stage, follower, Kind.Read, 2);
        (_, var other)         = Do(stage, follower, Kind.GivenUp, appends[0].Id);

        Assert.Equal(3, Seq(zeroth, one, other).Map(Asked).Distinct().Count());
    }

    private static NodePart Boot(Testing.Checking.Stage stage, ulong id)
    {
        var errand = stage.First(new NodeId(id));
        return stage.Part(errand.State, errand.Disk);
    }

    private static (NodePart After, LetterPart[] Sent) Do(Testing.Checking.Stage stage, NodePart node, Kind kind, int argument)
    {
        var whole = stage.Do(node, kind, argument).Legs[0];
        return (whole.After, whole.Sent);
    }

    private static Round Asked(LetterPart[] sent) =>
        sent.Select(part => part.Letter.Message).OfType<Message.ReadIndex>().Single().Round;
}
