using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§5.1 among whole nodes: who is too far behind gets there all the same.</summary>
public class CatchingUpTests
{
    private static readonly Settings Small = Given.Settings with
    {
        Limits = new() { SnapshotChunkBytes = 16, MaxInflightChunks = 2 },
        Snapshots = new() { Entries = 8, Trailing = 0 },
    };

    [Fact]
    public void A_leader_whose_whole_log_is_gone_serves_newcomers()
    {
        var company = new Company(Small, S1, S2, S3);
        var leader = company.Elect();
        for (var written = 0; company[leader].Log.Base != company[leader].LastLog; written++)
            if (written < 100) company.Write(1); else Assert.Fail("its log is never empty");

        company.Start(S4, Configuration.Nobody);
        company.Happen(leader, new Input.Reconfigure(Samples.Request(90), new MembershipChange.Add(S4)));
        company.Run(500);

        Assert.Equal(new Outcome.Done(), Assert.Single(company.Told).Outcome);
        Assert.True(company[S4].IsVoter);
        Assert.Equal(company.Replica(leader), company.Replica(S4));
    }

    [Fact]
    public void After_a_snapshot_appends_go_on_and_no_second_one_is_sent()
    {
        var (company, leader, behind) = OneBehind(letters: 30);

        company.Run(200);
        company.Write(7);                                       // not enough for the next snapshot
        company.Run(200);

        Assert.Single(company.Story, told => told.Reason is Reason.SnapshotInstalled);
        Assert.Single(company.Story, told => told.Node == leader && told.Reason is Reason.SnapshotNeeded);
        Assert.Equal(company.Replica(leader), company.Replica(behind));
    }

    [Fact]
    public void Whatever_is_lost_on_the_way_the_installation_ends()
    {
        for (var seed = 1ul; seed <= 10; seed++)
        {
            var (company, leader, behind) = OneBehind(letters: 60);
            var chance = new Randomness(seed);
            company.Loses = (_, _, message) =>
            {
                (var drawn, chance) = chance.Below(3);
                return drawn == 0 && message is InstallSnapshot or InstallSnapshotReply;
            };

            company.Run(3_000);

            Assert.True(company.Replica(leader).Equals(company.Replica(behind)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_crash_at_any_point_of_an_installation_recovers()
    {
        var points = 0;
        for (var installed = false; !installed; points++)
        {
            var (company, leader, behind) = OneBehind(letters: 30);
            company.Crash = (behind, points);

            company.Run(100);
            installed = company.Crash is not null;              // all was done before it came to that
            company.Crash = null;
            company.Run(1_000);

            Assert.Equal(company.Replica(leader), company.Replica(behind));
            Assert.Equal(company[leader].CommitIndex, company[behind].CommitIndex);
        }

        Assert.InRange(points, 10, 1_000);
    }

    [Fact]
    public void A_crash_of_the_leader_at_any_point_of_an_installation_recovers()
    {
        var points = 0;
        for (var installed = false; !installed; points++)
        {
            var (company, leader, behind) = OneBehind(letters: 30);
            company.Crash = (leader, points);

            company.Run(150);
            installed = company.Crash is not null;
            company.Crash = null;
            company.Run(2_000);

            Assert.Equal(company.Replica(company.Leader), company.Replica(behind));
            Assert.Equal("bcdefghijklmnopqrstuvwxyzabcde", company.Replica(behind).State);
        }

        Assert.InRange(points, 10, 1_000);
    }

    [Fact]
    public void A_long_installation_does_not_depose_the_leader()
    {
        var (company, leader, behind) = OneBehind(letters: 300);
        var term = company[leader].CurrentTerm;
        company.Stop(new[] { S1, S2, S3 }.Single(node => node != leader && node != behind));    // no quorum without the other

        var parts = 0;
        company.Loses = (_, _, message) => message is InstallSnapshot && ++parts % 5 != 0;      // each takes many heartbeats
        company.Run(3_000);

        Assert.InRange(parts, 30, 1_000);
        Assert.IsType<Progress.Install>(company[leader].Of(behind));
        Assert.Equal((leader, term), (company.Leader, company[leader].CurrentTerm));

        company.Loses = (_, _, _) => false;
        company.Write(1);
        company.Run(200);
        Assert.Equal(company.Replica(leader), company.Replica(behind));
    }

    /// <summary>A follower was away while so many letters were written, and comes back just now.</summary>
    private static (Company Company, NodeId Leader, NodeId Behind) OneBehind(int letters)
    {
        var company = new Company(Small, S1, S2, S3);
        var leader = company.Elect();
        var behind = leader == S3 ? S2 : S3;
        company.Stop(behind);
        company.Write(letters);
        company.Restart(behind);
        return (company, leader, behind);
    }
}
