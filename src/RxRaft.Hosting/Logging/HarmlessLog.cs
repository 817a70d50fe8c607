using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>
/// A log that harms nobody: what it throws, as the framework's does when a provider has, is lost. There is nobody to
/// tell, and a node does not halt, nor does a leader service end, for a line.
/// </summary>
internal sealed class HarmlessLog(ILogger log) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return log.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            log.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // theirs
        }
    }
}
