using System.Net;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>
/// Every line of the log, in code that the compiler's generator writes: nothing is made of a line that nobody reads.
/// </summary>
internal static partial class RaftLog
{
    /// <summary>Of the node's steps.</summary>
    public const string NodeCategory = "RxRaft.Node";

    /// <summary>Of its connections.</summary>
    public const string WireCategory = "RxRaft.Wire";

    /// <summary>Of its start, its end, and the leader's services.</summary>
    public const string HostingCategory = "RxRaft.Hosting";

    /// <summary>The log of a category, whatever its providers throw.</summary>
    public static ILogger Of(this ILoggerFactory loggers, string category) =>
        new HarmlessLog(loggers.CreateLogger(category));

    [LoggerMessage(EventId = 1, EventName = "Reason", Message = "{Node} {Term} {Kind}: {Reason}")]
    public static partial void Because(
        this ILogger log, LogLevel level, NodeId node, Term term, string kind, Reason reason);

    [LoggerMessage(EventId = 2, EventName = "Wire", Message = "{Node} {Kind}: {Event}")]
    public static partial void Happened(
        this ILogger log, LogLevel level, NodeId node, string kind, WireSentence @event);

    [LoggerMessage(3, LogLevel.Information, "{Node} of {Cluster} listens at {Listen}; its disk is {Disk}")]
    public static partial void Starting(
        this ILogger log, NodeId node, ClusterId cluster, IPEndPoint listen, string disk);

    [LoggerMessage(4, LogLevel.Warning,
        "{Node} has no DataDirectory: its vote and its log are in memory. When this process ends it forgets what it "
        + "has promised, and the cluster may elect two leaders in one term, or lose commands. For tests only")]
    public static partial void InMemory(this ILogger log, NodeId node);

    [LoggerMessage(5, LogLevel.Information,
        "{Node} recovered {Entries} entries in {Changes} changes from {Segments} files; new disk: {IsNew}")]
    public static partial void Recovered(
        this ILogger log, NodeId node, long entries, long changes, int segments, bool isNew);

    [LoggerMessage(6, LogLevel.Warning,
        "{Node} cut off the torn end of {File}: {Length} bytes at {Offset}, of a write that a crash interrupted")]
    public static partial void Torn(this ILogger log, NodeId node, string file, long length, long offset);

    [LoggerMessage(7, LogLevel.Critical, "{Node} has halted: {Why}")]
    public static partial void Halted(this ILogger log, Exception failure, NodeId node, string why);

    [LoggerMessage(8, LogLevel.Information, "{Node} stops, and hands leadership of {Term} over to {Target}")]
    public static partial void HandingOver(this ILogger log, NodeId node, Term term, NodeId target);

    [LoggerMessage(9, LogLevel.Information, "{Target} has taken over from {Node}")]
    public static partial void HandedOver(this ILogger log, NodeId node, NodeId target);

    [LoggerMessage(10, LogLevel.Warning, "{Target} has not taken over from {Node}: {Outcome}")]
    public static partial void NotHandedOver(this ILogger log, NodeId node, NodeId target, string outcome);

    [LoggerMessage(11, LogLevel.Information, "{Node} has stopped")]
    public static partial void Stopped(this ILogger log, NodeId node);

    [LoggerMessage(12, LogLevel.Warning, "{Node} did not stop in time: what it was doing is left where it is")]
    public static partial void Abandoned(this ILogger log, NodeId node);

    [LoggerMessage(13, LogLevel.Information, "{Service} begins: {Leadership}")]
    public static partial void ServiceBegins(this ILogger log, string service, Leadership leadership);

    [LoggerMessage(14, LogLevel.Information, "{Service} ended: {Leadership}, cancelled: {Cancelled}")]
    public static partial void ServiceEnded(this ILogger log, string service, Leadership leadership, bool cancelled);

    [LoggerMessage(15, LogLevel.Error,
        "{Service} failed: {Leadership}. It runs again after {Pause} if that is so still")]
    public static partial void ServiceFailed(
        this ILogger log, Exception failure, string service, Leadership leadership, TimeSpan pause);

    [LoggerMessage(16, LogLevel.Warning, "{Service} did not return within {Timeout} after it was cancelled")]
    public static partial void ServiceHangs(this ILogger log, string service, TimeSpan timeout);

    [LoggerMessage(17, LogLevel.Information, "{Node} records its steps in {Directory}")]
    public static partial void Recording(this ILogger log, NodeId node, string directory);

    [LoggerMessage(18, LogLevel.Warning, "{Node} does not record everything: {Why}")]
    public static partial void NotRecorded(this ILogger log, NodeId node, string why);
}
