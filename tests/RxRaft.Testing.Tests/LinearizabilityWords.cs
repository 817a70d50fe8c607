using KeyValueHistory = RxRaft.Testing.History<RxRaft.Testing.KeyValueCommand, LanguageExt.Option<string>>;

namespace RxRaft.Tests;

/// <summary>What clients of a store see, a millisecond after what was seen before.</summary>
internal static class LinearizabilityWords
{
    public static KeyValueHistory Ask(this KeyValueHistory history, int client, KeyValueCommand command) =>
        history.Invoked(client, command, history.Next());

    public static KeyValueHistory Told(this KeyValueHistory history, int client, Option<string> found) =>
        history.Returned(client, found, history.Next());

    public static KeyValueHistory Lost(this KeyValueHistory history, int client) => history.Lost(client, history.Next());

    public static KeyValueHistory Refused(this KeyValueHistory history, int client) => history.Refused(client, history.Next());

    public static KeyValueHistory Did(this KeyValueHistory history, int client, KeyValueCommand command, Option<string> found) =>
        history.Ask(client, command).Told(client, found);

    private static TimeSpan Next(this KeyValueHistory history) => TimeSpan.FromMilliseconds(history.Events.Count);
}
