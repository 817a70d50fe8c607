using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>The commands, by name.</summary>
internal static class CommandTable
{
    /// <param name="Least">Arguments, at least.</param>
    /// <param name="Most">Arguments, at most.</param>
    /// <exception cref="BadRequestException">Its plan cannot be made.</exception>
    private sealed record Entry(int Least, int Most, Func<Request, Plan> Plan);

    private const int Any = int.MaxValue;

    private static readonly Dictionary<string, Entry> All = new(StringComparer.Ordinal)
    {
        ["GET"] = new(1, 1, Reads.Get),
        ["MGET"] = new(1, Any, Reads.GetAll),
        ["EXISTS"] = new(1, Any, Reads.Exists),
        ["STRLEN"] = new(1, 1, Reads.Length),
        ["TYPE"] = new(1, 1, Reads.Type),
        ["TTL"] = new(1, 1, request => Reads.Left(request, unit: 1000)),
        ["PTTL"] = new(1, 1, request => Reads.Left(request, unit: 1)),
        ["DBSIZE"] = new(0, 0, _ => Reads.Count()),
        ["SCAN"] = new(1, 7, Scanning.Scan),
        ["KEYS"] = new(1, 1, Scanning.Keys),

        ["SET"] = new(2, Any, Setting.Set),
        ["SETNX"] = new(2, 2, Setting.SetIfMissing),
        ["SETEX"] = new(3, 3, request => Setting.SetWithLifetime(request, unit: 1000)),
        ["PSETEX"] = new(3, 3, request => Setting.SetWithLifetime(request, unit: 1)),
        ["GETSET"] = new(2, 2, Setting.GetAndSet),
        ["MSET"] = new(2, Any, Setting.SetAll),
        ["GETDEL"] = new(1, 1, Writes.Take),
        ["DEL"] = new(1, Any, Writes.Delete),
        ["UNLINK"] = new(1, Any, Writes.Delete),
        ["INCR"] = new(1, 1, request => Writes.Add(request, 1)),
        ["DECR"] = new(1, 1, request => Writes.Add(request, -1)),
        ["INCRBY"] = new(2, 2, request => Writes.Add(request, Read.Integer(request[1]))),
        ["DECRBY"] = new(2, 2, Writes.Subtract),
        ["APPEND"] = new(2, 2, Writes.Append),
        ["CAS"] = new(3, 3, Writes.Swap),
        ["EXPIRE"] = new(2, 2, request => Writes.ExpireIn(request, unit: 1000)),
        ["PEXPIRE"] = new(2, 2, request => Writes.ExpireIn(request, unit: 1)),
        ["EXPIREAT"] = new(2, 2, request => Writes.ExpireAt(request, unit: 1000)),
        ["PEXPIREAT"] = new(2, 2, request => Writes.ExpireAt(request, unit: 1)),
        ["PERSIST"] = new(1, 1, Writes.Persist),

        ["PING"] = new(0, 1, Talk.Ping),
        ["ECHO"] = new(1, 1, Talk.Echo),
        ["AUTH"] = new(1, 2, Talk.Auth),
        ["HELLO"] = new(0, Any, Talk.Hello),
        ["CLIENT"] = new(1, Any, Talk.Client),
        ["CONFIG"] = new(1, Any, Talk.Config),
        ["COMMAND"] = new(0, Any, Talk.Command),
        ["SELECT"] = new(1, 1, Talk.Select),
        ["INFO"] = new(0, Any, Talk.Info),
        ["ROLE"] = new(0, 0, _ => Talk.Role()),
        ["RESET"] = new(0, 0, _ => Talk.Reset()),
        ["QUIT"] = new(0, 0, _ => Talk.Quit()),
        ["CLUSTER"] = new(1, Any, Talk.Cluster),
        ["WAIT"] = new(2, 2, Waits.Wait),

        ["POST"] = new(0, Any, _ => Talk.Browser()),
        ["HOST:"] = new(0, Any, _ => Talk.Browser()),
    };

    private static readonly Seq<string> Channels =
        Seq("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "PUBLISH",
            "PUBSUB");

    private static readonly Seq<string> Transactions =
        Seq("MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "EVAL", "EVALSHA");

    public static int Count => All.Count - 2;             // but for what browsers say

    /// <summary>What clients may say before they have shown the password.</summary>
    public static bool IsForStrangers(string name) => name is "AUTH" or "HELLO" or "QUIT" or "RESET";

    /// <returns>The plan, or what is wrong.</returns>
    public static Either<Reply, Plan> PlanOf(Request request)
    {
        if (!All.TryGetValue(request.Name, out var entry)) return Unknown(request);
        if (request.Count < entry.Least || request.Count > entry.Most) return WrongCount(request.Name);
        try
        {
            return entry.Plan(request);
        }
        catch (BadRequestException wrong)
        {
            return new Reply.Error(wrong.Message);
        }
    }

    public static Reply WrongCount(string name) =>
        Reply.Err($"wrong number of arguments for '{name.ToLowerInvariant()}' command");

    private static Reply Unknown(Request request) =>
        Channels.Contains(request.Name) ? Reply.Err($"{request.Name} is not supported: this store has no channels")
        : Transactions.Contains(request.Name) ? Reply.Err(
            $"{request.Name} is not supported: use CAS, SET NX or MSET, each of which is atomic")
        : Reply.Err($"unknown command '{Short(request.Name)}', with args beginning with: "
            + string.Concat(request.Arguments.ToArray().Take(4).Select(argument => $"'{Short($"{argument}")}' ")));

    private static string Short(string text) => text.Length <= 128 ? text : text[..128];
}
