namespace RxRaft.Testing;

/// <summary>Something that has to come about in time did not.</summary>
/// <param name="message">What, within which time, with which seed.</param>
public sealed class LivenessException(string message) : Exception(message);
