namespace RxRaft.Tests;

/// <summary>Swarms of the algorithm that ships.</summary>
internal static class Swarms
{
    public static readonly Swarm<Map<string, string>, KeyValueCommand, Option<string>> KeyValue = new(Trials.KeyValue);
}
