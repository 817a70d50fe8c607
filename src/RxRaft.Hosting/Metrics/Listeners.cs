namespace RxRaft.Hosting;

/// <summary>Those who measure and trace a node, in code of a service's own or of its libraries.</summary>
internal static class Listeners
{
    /// <summary>Tells them: what they throw harms neither the node nor who asked it for something.</summary>
    public static void Tell(Action what)
    {
        try
        {
            what();
        }
        catch (Exception)
        {
            // theirs, and nobody is here to hear of it
        }
    }
}
