using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>Commands between a client and the node it talks to.</summary>
internal static class Talk
{
    private const string Version = "7.2.0";                 // of Redis, whose commands these are: clients look at it

    private static readonly Reply WrongPassword =
        new Reply.Error("WRONGPASS invalid username-password pair or user is disabled.");

    private static readonly Seq<(string Name, string Value)> Settings =
        Seq(("appendonly", "yes"), ("databases", "1"), ("save", ""), ("timeout", "0"), ("maxmemory", "0"));

    public static Plan Ping(Request request) =>
        Say(request.Count == 0 ? new Reply.Simple("PONG") : new Reply.Bulk(request[0]));

    public static Plan Echo(Request request) => Say(new Reply.Bulk(request[0]));

    public static Plan Auth(Request request) => new Plan.Here(session => request.Count == 2
        ? Auth(session, request[0], request[1])
        : Auth(session, Session.OnlyUser, request[0]));

    public static Plan Hello(Request request) => new Plan.Here(session =>
    {
        var version = session.Writer.Resp3 ? 3 : 2;
        if (request.Count > 0 && StoreMachine.Integer(request[0]).Case is not ((long)2 or (long)3))
            return new Reply.Error("NOPROTO unsupported protocol version");
        if (request.Count > 0) version = (int)Read.Integer(request[0]);

        var name = Option<Bytes>.None;
        for (var i = 1; i < request.Count; i++)
        {
            if (request.Word(i) == "AUTH" && i + 2 < request.Count)
            {
                if (Auth(session, request[i + 1], request[i + 2]) is Reply.Error refused) return refused;
                i += 2;
            }
            else if (request.Word(i) == "SETNAME" && i + 1 < request.Count) name = request[++i];
            else return Reply.Err($"syntax error in HELLO option '{request[i]}'");
        }

        if (!session.IsKnown)
            return new Reply.Error(
                "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH "
                + "<user> <pass> option can be used to authenticate the client and select the RESP protocol version "
                + "at the same time");

        session.Writer.Resp3 = version == 3;
        name.Iter(given => session.Name = given);
        return new Reply.Pairs(Seq(
            ("server", Reply.Of("redis")), ("version", Reply.Of(Version)), ("proto", new Reply.Number(version)),
            ("id", new Reply.Number(session.Id)), ("mode", Reply.Of("standalone")), ("role", Reply.Of("master")),
            ("modules", new Reply.Many(Seq<Reply>()))));
    });

    public static Plan Client(Request request) => (request.Word(0), request.Count) switch
    {
        ("SETNAME", 2) => new Plan.Here(session =>
        {
            session.Name = request[1];
            return Reply.Ok;
        }),
        ("GETNAME", 1) => new Plan.Here(session => Reply.Of(session.Name)),
        ("ID", 1) => new Plan.Here(session => new Reply.Number(session.Id)),
        ("SETINFO", 3) or ("NO-EVICT", 2) or ("NO-TOUCH", 2) => Say(Reply.Ok),
        _ => throw NoSubcommand(request),
    };

    public static Plan Config(Request request) => request.Word(0) == "GET" && request.Count > 1
        ? Say(new Reply.Pairs(Settings
            .Filter(setting => Enumerable.Range(1, request.Count - 1)
                .Any(i => Glob.Matches(request[i].Span, Bytes.Of(setting.Name).Span)))
            .Map(setting => (setting.Name, Reply.Of(setting.Value))).Strict()))
        : throw NoSubcommand(request);

    /// <summary>Clients ask for the commands to complete them; none needs an answer.</summary>
    public static Plan Command(Request request) => Say(
        request.Count > 0 && request.Word(0) == "COUNT" ? new Reply.Number(CommandTable.Count)
        : new Reply.Many(Seq<Reply>()));

    public static Plan Select(Request request) =>
        Read.Integer(request[0]) == 0 ? Say(Reply.Ok) : throw new BadRequestException("ERR DB index is out of range");

    public static Plan Info(Request request)
    {
        var sections = toSeq(Enumerable.Range(0, request.Count).Select(request.Word)).Strict();
        return new Plan.Waiting(async (session, _) => Reply.Of(session.Node.Info(
            sections, session.Server.Clients, await session.Server.Health().ConfigureAwait(false))));
    }

    /// <summary>Every node takes writes, which is what clients want to know.</summary>
    public static Plan Role() => Say(new Reply.Many(Seq<Reply>(
        Reply.Of("master"), new Reply.Number(0), new Reply.Many(Seq<Reply>()))));

    public static Plan Reset() => new Plan.Here(session =>
    {
        session.Reset();
        return new Reply.Simple("RESET");
    });

    public static Plan Quit() => new Plan.Here(session =>
    {
        session.IsOver = true;
        return Reply.Ok;
    });

    /// <summary>
    /// How HTTP begins: of some site that has a browser on this host send it here, and whose lines would be commands.
    /// </summary>
    public static Plan Browser() => new Plan.Here(session =>
    {
        session.IsOver = true;
        return Reply.Err("this is no HTTP server");
    });

    public static Plan Cluster(Request request) =>
        throw new BadRequestException("ERR This instance has cluster support disabled");

    private static Reply Auth(Session session, Bytes user, Bytes password) =>
        session.Server.Password.IsNone
            ? Reply.Err("AUTH <password> called without any password configured for the default user. "
                + "Are you sure your configuration is correct?")
            : session.Show(user, password) ? Reply.Ok : WrongPassword;

    private static Plan.Here Say(Reply reply) => new Plan.Here(_ => reply);

    private static BadRequestException NoSubcommand(Request request) => new(
        $"ERR unknown subcommand or wrong number of arguments for '{request.Word(0)}' of {request.Name}");
}
