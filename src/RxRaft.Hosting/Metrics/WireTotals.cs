using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;

namespace RxRaft.Hosting;

/// <summary>What a node's wire has done, as totals, and what waits in it.</summary>
internal static class WireTotals
{
    public static void Add(Meter meter, Func<WireCounters> counters, Func<Map<NodeId, WireQueue>> queues)
    {
        Waiting("rxraft.wire.queue.size", "By", "Bytes that wait to go out to another node", queue => queue.Bytes);
        Waiting("rxraft.wire.queue.messages", "{message}", "Messages that wait to go out to another node",
            queue => queue.Messages);

        Total("rxraft.wire.size", "By", "Bytes sent and received", now => Ways(now.BytesSent, now.BytesReceived));
        Total("rxraft.wire.messages", "{message}", "Messages sent and received",
            now => Ways(now.FramesSent, now.FramesReceived));
        Total("rxraft.wire.messages.dropped", "{message}", "Messages that were not sent",
            now => [new(now.MessagesDropped)]);
        Total("rxraft.wire.messages.skipped", "{message}", "Messages of a kind that this version does not know",
            now => [new(now.MessagesSkipped)]);
        Total("rxraft.wire.connections", "{connection}", "Connections made, out and in", now => [new(now.Connections)]);
        Total("rxraft.wire.attempts.failed", "{attempt}", "Attempts to reach another node that failed",
            now => [new(now.FailedAttempts)]);
        Total("rxraft.wire.refused", "{connection}", "Connections refused or cut off, by reason", now =>
            now.Refused.AsEnumerable().Select(reason => new Measurement<long>(
                reason.Value, RaftMetrics.Tag("rxraft.reason", Names.Snake($"{reason.Key}")))));

        void Total(string name, string unit, string what, Func<WireCounters, IEnumerable<Measurement<long>>> measure) =>
            meter.CreateObservableCounter(name, () => measure(counters()), unit, what);

        void Waiting(string name, string unit, string what, Func<WireQueue, long> value) =>
            meter.CreateObservableGauge(
                name,
                () => queues().AsEnumerable().Select(queue => new Measurement<long>(
                    value(queue.Value), RaftMetrics.Tag("rxraft.peer", (long)queue.Key.Value))),
                unit, what);
    }

    private static IEnumerable<Measurement<long>> Ways(long sent, long received) =>
    [
        new(sent, RaftMetrics.Tag("rxraft.direction", "out")),
        new(received, RaftMetrics.Tag("rxraft.direction", "in")),
    ];
}
