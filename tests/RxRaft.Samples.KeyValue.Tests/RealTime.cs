namespace RxRaft.Samples.KeyValue;

/// <summary>Alone: real timers run late where other tests keep the machine busy.</summary>
[CollectionDefinition("real time", DisableParallelization = true)]
public sealed class RealTime;
