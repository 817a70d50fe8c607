namespace RxRaft;

/// <summary>What waits to go out to one node at the moment: to be written, or for a connection.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Bytes">
/// Of these with their frames; <see cref="TcpWireOptions.MaxQueuedBytes"/> limits it. A message that waits for a
/// connection has none yet.
/// </param>
public readonly record struct WireQueue(int Messages, long Bytes);
