namespace RxRaft;

/// <summary>Where a connection from another node belongs.</summary>
internal interface IReception
{
    /// <summary>Whether the node is one of the peers.</summary>
    bool IsPeer(NodeId node);

    /// <summary>The connection has shown whose it is: it takes the place of an older one.</summary>
    /// <returns>False if there is no place for it any more.</returns>
    bool Admit(Inbound connection, NodeId from);

    /// <summary>What it says.</summary>
    void Receive(Seq<Input.Receive> together);

    /// <summary>It is gone.</summary>
    void Leave(Inbound connection);
}
