namespace RxRaft;

/// <summary>A command that a client asks for: the same in every try.</summary>
/// <param name="Session">The client's.</param>
/// <param name="Sequence">The command's number in it.</param>
/// <param name="Bytes">The command.</param>
internal readonly record struct Attempt(ClientSession Session, ulong Sequence, ReadOnlyMemory<byte> Bytes)
{
    public RequestId Request => new(Session.Id, Sequence);

    public Payload Payload => new Payload.Command(Request, Session.FirstUnanswered, Bytes);
}
