namespace RxRaft.Tests;

/// <summary>Lists of ids that are no configuration, and what is wrong with them: core, wire and disk use the same words.</summary>
public static class WrongMemberLists
{
    /// <summary>Voters, new voters of a joint one, learners, and the words.</summary>
    public static TheoryData<string, string, string, string> All => new()
    {
        { "1 1", "", "2", "Voters contain S1 twice" },
        { "1", "", "2 3 2", "Learners contain S2 twice" },
        { "", "", "4", "Learners S4, and no voters" },
        { "1 2 3", "", "4 3", "S3 is a voter and a learner" },
        { "1 2 1", "2", "", "Old voters contain S1 twice" },
        { "1", "2 2", "", "New voters contain S2 twice" },
        { "1", "2", "3 3", "Learners contain S3 twice" },
        { "", "2 3", "", "Old voters nobody and new voters S2 S3: there must be some of both" },
        { "1", "2 3", "1 2", "S2 is a voter and a learner" },
    };
}
