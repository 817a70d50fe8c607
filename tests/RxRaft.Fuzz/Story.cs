using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Fuzz;

/// <summary>What happens to a disk, one thing after the other, and what it must then hold.</summary>
internal abstract record Episode
{
    private Episode() { }

    /// <summary>Changes that wait together.</summary>
    public sealed record Writes(Seq<Effect.Persist> Changes) : Episode;

    /// <summary>The node takes a snapshot.</summary>
    public sealed record Saves(Snapshot Snapshot) : Episode;

    /// <summary>A leader sends a part of one.</summary>
    public sealed record Stores(Effect.StoreChunk Part) : Episode;
}

/// <summary>A story that follows from a number, in the shapes that the reducer makes.</summary>
internal sealed class Story(int seed)
{
    private static readonly Configuration[] Companies =
    [
        Configuration.Of(1, 2, 3),
        Configuration.Of(1, 2, 300000),
        new Configuration.Simple(Set(new NodeId(1)), Set(new NodeId(7), new NodeId(8))),
        new Configuration.Joint(Set(new NodeId(1), new NodeId(2)), Set(new NodeId(2), new NodeId(4)), Set(new NodeId(9))),
    ];

    private readonly Random random = new(seed);
    private readonly List<Episode> episodes = [];
    private PersistentState state = PersistentState.Fresh;

    /// <summary>The states that the disk goes through: after none of the changes, after the first, and so on.</summary>
    public List<PersistentState> States { get; } = [PersistentState.Fresh];

    public IReadOnlyList<Episode> Episodes => episodes;

    public static Story Of(int seed, int episodes)
    {
        var story = new Story(seed);
        while (story.episodes.Count < episodes) story.Next();
        return story;
    }

    /// <summary>A snapshot's bytes follow from what it is.</summary>
    public static byte[] Bytes(Snapshot snapshot)
    {
        var bytes = new byte[snapshot.Size];
        new Random((int)(snapshot.Last.Index.Value * 31 + snapshot.Last.Term.Value)).NextBytes(bytes);
        return bytes;
    }

    private void Next()
    {
        var dice = random.Next(10);
        if (dice == 0) Snapshot(own: true);
        else if (dice == 1) Snapshot(own: false);
        else episodes.Add(new Episode.Writes(toSeq(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Told(Change())).ToArray())));
    }

    private Effect.Persist Told(Effect.Persist change)
    {
        state = state.After(change);
        States.Add(state);
        return change;
    }

    private Effect.Persist Change()
    {
        var kind = random.Next(6);
        var log  = state.Log;
        if (kind == 0) return Promise(new NodeId((ulong)random.Next(1, 4)));
        if (kind == 1 && log.LastIndex > log.Snapshot.Last.Index)
        {
            var back = (int)Math.Min(random.Next(1, 6), (long)(log.LastIndex.Value - log.Snapshot.Last.Index.Value));
            return Appending(new Term(state.CurrentTerm.Value + 1), new(log.LastIndex.Value - (ulong)back), random.Next(0, 4));
        }

        return Appending(state.CurrentTerm.Value == 0 ? new Term(1) : state.CurrentTerm, log.LastIndex, random.Next(1, 6));
    }

    private Effect.Persist Promise(NodeId vote) => new(
        state.CurrentTerm.Next, vote, None, LogPosition.Zero, state.Log.LastIndex, [], state.Log.Last);

    private Effect.Persist Appending(Term term, LogIndex keep, int count)
    {
        var entries = new Entry[count];
        for (var i = 0; i < count; i++) entries[i] = new(new(term, keep + (i + 1)), Payload());
        var last = count == 0 ? state.Log.PositionAt(keep) : entries[^1].Position;
        return new(term, state.VotedFor, None, LogPosition.Zero, keep, toSeq(entries), last);
    }

    private Payload Payload() => random.Next(7) switch
    {
        0 => RxRaft.Payload.Noop.Instance,
        1 => new Payload.Register(new(SessionId.None, (ulong)random.Next()), random.Next(1, 1000)),
        2 => new Payload.Configure(Companies[random.Next(Companies.Length)]),
        3 => new Payload.Command(new(new SessionId(4), ulong.MaxValue), 3, new byte[random.Next(2000)]),      // zeros
        _ => new Payload.Command(new(new SessionId((ulong)random.Next()), 1), 1, Noise(random.Next(300))),
    };

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Of the entries so far, and later perhaps some of them stay; or of a leader that is far ahead.</summary>
    private void Snapshot(bool own)
    {
        var log  = state.Log;
        var last = own
            ? new LogIndex((ulong)random.NextInt64((long)log.Snapshot.Last.Index.Value, (long)log.LastIndex.Value + 1))
            : log.LastIndex + random.Next(1, 20);
        if (own && last == log.Snapshot.Last.Index) return;

        var position = own ? log.PositionAt(last) : new LogPosition(state.CurrentTerm.Next, last);
        var snapshot = new Snapshot(
            position, own ? log.ConfigurationAt(last) : Companies[random.Next(Companies.Length)], random.Next(0, 3000));
        if (own) episodes.Add(new Episode.Saves(snapshot));
        else Send(snapshot);

        var from = !own || random.Next(2) == 0 ? position
            : log.PositionAt(new((ulong)random.NextInt64((long)log.Base.Index.Value, (long)last.Value + 1)));
        var change = new Effect.Persist(
            own ? state.CurrentTerm : position.Term, own ? state.VotedFor : None, snapshot, from,
            own ? log.LastIndex : last, [], own ? log.Last : position);
        episodes.Add(new Episode.Writes(Seq1(Told(change))));
    }

    private void Send(Snapshot snapshot)
    {
        var bytes = Bytes(snapshot);
        if (random.Next(2) == 0 && bytes.Length > 1)
            episodes.Add(new Episode.Stores(new(snapshot, 0, bytes.AsMemory(0, bytes.Length / 3))));         // begun, and begun anew
        for (var at = 0; at < bytes.Length || at == 0;)
        {
            var count = Math.Min(bytes.Length - at, random.Next(1, 1500));
            episodes.Add(new Episode.Stores(new(snapshot, at, bytes.AsMemory(at, count))));
            at += Math.Max(1, count);
        }
    }
}
