namespace RxRaft;
/// <summary>x</summary>
public sealed record TcpWireOptions { /// <summary>x</summary>
 public int MaxFrameBytes { get; init; } }
